// Measures the release build: on SQLite, then on a throw-away PostgreSQL with default durability.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

process.chdir(join(import.meta.dirname, ".."));
const options = process.argv.slice(2);
const run = (program, ...args) => spawnSync(program, args, { stdio: "inherit" }).status === 0;

const done = run("target/release/anju", "bench", ...options)
  && run("tools/with-postgres", "--durable", "bash", "-c", 'target/release/anju --database "$ANJU_TEST_POSTGRES" bench "$@"', "bench", ...options);
process.exitCode = done ? 0 : 1;
