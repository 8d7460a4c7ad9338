// Rebuilds and reloads on every change, in debug: styles by Tailwind's watcher, the browser's part by Trunk (which reloads the page),
// the server by cargo. Open http://127.0.0.1:8081; the server stands behind it on 8080.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, watch } from "node:fs";
import { join } from "node:path";

process.chdir(join(import.meta.dirname, ".."));
const env = {
  ...process.env,
  PATH: `${process.cwd()}/.tools/bin:${process.env.PATH}`,
  ANJU_DATABASE: process.env.ANJU_DATABASE ?? "sqlite:data/dev.sqlite",
  RUST_BACKTRACE: "0",
};
const children = new Set();
function start(program, ...args) {
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], env });
  children.add(child);
  return child.on("close", () => children.delete(child));
}
const run = (program, ...args) => spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"], env }).status === 0;

mkdirSync("dist", { recursive: true });
mkdirSync("data", { recursive: true });
const styles = ["node_modules/.bin/tailwindcss", "--input", "frontend/styles/app.css", "--output", "frontend/styles/dist/app.css"];
run(...styles);
run("cargo", "fetch", "--quiet", "--locked");

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(0));
for (const [program, ...args] of [[...styles, "--watch=always"], ["trunk", "serve", "--dist", "target/dist-dev"]]) {
  start(program, ...args).on("close", () => stop(1));
}
let server;
let building = false;
let again = false;
await serve();

let timer;
for (const folder of ["backend/src", "common/src", "common/locales", "migrations/src"]) {
  watch(folder, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(serve, 300);
  });
}

/** Ends everything that was started, also a build under way, and then itself. */
function stop(code) {
  process.exitCode ??= code;
  for (const child of children) child.kill();
  const wait = setInterval(() => children.size === 0 && process.exit(), 50);
  setTimeout(() => clearInterval(wait) ?? process.exit(), 5_000);
}

/** Builds the server and puts it in the place of the running one; a build that fails leaves that one running. */
async function serve() {
  if (building) {
    again = true;
    return;
  }
  building = true;
  do {
    again = false;
    const built = await new Promise((done) => start("cargo", "build", "--quiet", "-p", "backend", "--bin", "anju").on("close", (code) => done(code === 0)));
    if (built) await replace();
  } while (again);
  building = false;
}

async function replace() {
  if (children.has(server)) {
    const ended = new Promise((done) => server.on("close", done));
    server.kill();
    await ended;
  }
  if (env.ANJU_DATABASE === "sqlite:data/dev.sqlite" && !existsSync("data/dev.sqlite") && !demonstration()) return;
  if (run("target/debug/anju", "migrate")) server = start("target/debug/anju", "serve");
}

/** A database with demo data, under its name only when it is a whole one. */
function demonstration() {
  const remove = () => ["", "-wal", "-shm"].forEach((end) => rmSync(`data/dev.new.sqlite${end}`, { force: true }));
  const fresh = { stdio: ["ignore", "inherit", "inherit"], env: { ...env, ANJU_DATABASE: "sqlite:data/dev.new.sqlite" } };
  const anju = (...args) => spawnSync("target/debug/anju", args, fresh).status === 0;
  remove();
  const made = anju("migrate") && anju("seed", "--demo");
  if (made) renameSync("data/dev.new.sqlite", "data/dev.sqlite");
  remove();
  return made;
}
