// Runs every check, one after the other and all of them whatever fails, then tells in a table what came out.
//   node tools/test.mjs [--fast] [PART…]   PART picks the steps whose names contain it
// The last line is always "N passed, M failed".
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

process.chdir(join(import.meta.dirname, ".."));
const fast = process.argv.includes("--fast");
const parts = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const wasm = ["--target", "wasm32-unknown-unknown"];
/** Kilobytes of brotli, at most. */
const sizes = { first_load_brotli: 500, planner_brotli: 450, workbooks_brotli: 450 };

/** Each step: its name, what it runs, whether `make check` runs it too, and how its output is counted. */
const steps = [
  { name: "tools of the build", run: "make --silent tools node_modules/.package-lock.json", fast: true, count: deed },
  { name: "tools of the tests", run: "tools/install-test-tools", count: deed },
  { name: "format", run: "cargo fmt --all -- --check --color never", fast: true, count: deed },
  { name: "lints, server", run: "cargo clippy --quiet --locked --all-targets -- -D warnings", fast: true, count: deed },
  { name: "lints, browser", run: `cargo clippy --quiet --locked -p frontend ${wasm.join(" ")} --all-targets -- -D warnings`, fast: true, count: deed },
  { name: "licences and sources", run: "tools/check-crates", count: deed },
  { name: "unit tests", run: `cargo test --quiet --locked --lib --bins ${namedTests()} && cargo test --quiet --locked --doc`, fast: true, count: rust },
  { name: "unit tests in wasm32", run: `ANJU_GENERATED_DIGEST="$(cat target/generated.digest)" cargo test --locked -p common --features sheet --lib ${wasm.join(" ")}`, count: rust },
  { name: "server on SQLite", run: "cargo test --quiet --locked --test it", env: { ANJU_TEST_DATABASE: "sqlite" }, fast: true, count: rust },
  { name: "server on PostgreSQL", run: "tools/with-postgres cargo test --quiet --locked --test it", env: { ANJU_TEST_DATABASE: "postgres" }, count: rust },
  { name: "browser build", run: "make --silent dist", count: deed },
  { name: "size of the download", run: withinLimits, count: deed },
  { name: "types of the stories", run: "node_modules/.bin/tsc --project e2e", fast: true, count: deed },
  { name: "server for the stories", run: "cargo build --quiet --locked -p backend --bin anju", count: deed },
  { name: "browser stories", run: "node_modules/.bin/playwright test --config e2e", count: stories },
];

const log = "target/test.log";
mkdirSync("target", { recursive: true });
writeFileSync(log, "");

const results = [];
for (const step of steps) {
  if (fast && !step.fast) continue;
  if (parts.length > 0 && !parts.some((part) => step.name.includes(part))) continue;
  console.log(`\n━━ ${step.name}`);
  const began = Date.now();
  const { code, output } = typeof step.run === "function" ? step.run() : await shell(step.run, step.env);
  const { passed, failed } = step.count(output, code);
  // A step that ends badly without naming a failed test (it did not compile, it was killed) is a failure as well.
  const wrong = code !== 0 && failed === 0 ? 1 : failed;
  results.push({ name: step.name, seconds: (Date.now() - began) / 1000, passed, failed: wrong });
}
tell(results);

/** Runs a command, showing its output as it comes and keeping it. */
function shell(command, env = {}) {
  return new Promise((done) => {
    const child = spawn("bash", ["-c", command], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        ...(process.env.CI ? { CARGO_INCREMENTAL: "0" } : {}),
        PATH: `${process.cwd()}/.tools/bin:${process.env.PATH}`,
        PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1",
        CARGO_TERM_COLOR: "never",
        ...env,
      },
    });
    let output = "";
    const take = (bytes) => {
      output += bytes;
      appendFileSync(log, bytes);
      process.stdout.write(bytes);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("close", (code) => done({ code: code ?? 1, output }));
  });
}

/** A step that is one deed counts as one. */
function deed(_, code) {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** What `cargo test` and the wasm runner say: "test result: ok. 12 passed; 0 failed; …". */
function rust(output, code) {
  const counted = sum(output.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed/g));
  // No test at all means that the step did not do what it is for.
  return counted.passed + counted.failed === 0 && code === 0 ? { passed: 0, failed: 1 } : counted;
}

/** What Playwright says at its end: "  12 passed (1.2m)", "  1 failed", "  3 did not run". */
function stories(output, code) {
  const of = (word) => Number(output.match(new RegExp(`^ +(\\d+) ${word}\\b`, "m"))?.[1] ?? 0);
  const counted = { passed: of("passed") + of("flaky"), failed: of("failed") + of("interrupted") + of("did not run") };
  return counted.passed + counted.failed === 0 && code === 0 ? { passed: 0, failed: 1 } : counted;
}

function sum(matches) {
  return [...matches].reduce((all, [, passed, failed]) => ({ passed: all.passed + +passed, failed: all.failed + +failed }), { passed: 0, failed: 0 });
}

/** The test targets beside the server's `it`, which has steps of its own. */
function namedTests() {
  const metadata = spawnSync("cargo", ["metadata", "--no-deps", "--format-version", "1", "--offline"], { encoding: "utf8" });
  const packages = metadata.status === 0 ? JSON.parse(metadata.stdout).packages : [];
  const names = packages.filter((one) => one.name !== "frontend").flatMap((one) => one.targets)
    .filter((target) => target.kind.includes("test") && target.name !== "it")
    .map((target) => `--test ${target.name}`);
  return names.join(" ");
}

function withinLimits() {
  if (!existsSync("dist/built.json")) return { code: 1, output: "" };
  const built = JSON.parse(readFileSync("dist/built.json", "utf8"));
  const kilobytes = (name) => Math.round(built[name] / 1024);
  const fits = Object.entries(sizes).map(([name, most]) => {
    console.log(`${name}: ${kilobytes(name)} KB, at most ${most} KB`);
    return kilobytes(name) <= most;
  });
  return { code: fits.every(Boolean) ? 0 : 1, output: "" };
}

function tell(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  const row = (name, seconds, passed, failed) => console.log(`${name.padEnd(width)}  ${seconds.padStart(8)}  ${passed.padStart(6)}  ${failed.padStart(6)}`);
  console.log("\n");
  row("step", "seconds", "passed", "failed");
  for (const { name, seconds, passed, failed } of results) row(name, seconds.toFixed(1), String(passed), String(failed));
  const total = (key) => results.reduce((all, one) => all + one[key], 0);
  row("all", total("seconds").toFixed(1), String(total("passed")), String(total("failed")));
  console.log("");
  process.exitCode = total("failed") === 0 ? 0 : 1;
  console.log(`${total("passed")} passed, ${total("failed")} failed`);
}
