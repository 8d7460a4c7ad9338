// Measures the release build and writes docs/benchmarks.md: ratios to a floor measured in the same run, on SQLite and on a
// throw-away PostgreSQL with default durability.
//   --million        also a run of 1,000,000 units on SQLite (some minutes, some GB)
//   --months N       months of bills in the lists (12 are 3,600,000 bills; the default)
//   --no-browser     leave out the preview in the browser
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { availableParallelism, cpus, tmpdir, totalmem } from "node:os";
import { extname, join } from "node:path";

process.chdir(join(import.meta.dirname, ".."));
const options = process.argv.slice(2);
const program = "target/release/examples/bench";
const months = options.includes("--months") ? Number(options[options.indexOf("--months") + 1]) : 12;

// The second half runs inside with-postgres, which says where its server is.
if (!process.env.ANJU_TEST_POSTGRES) {
  execFileSync("cargo", ["build", "--quiet", "--locked", "--release", "--package", "backend", "--example", "bench"], { stdio: "inherit" });
  process.exit(spawnSync("tools/with-postgres", ["--durable", process.execPath, "tools/bench.mjs", ...options], { stdio: "inherit" }).status ?? 1);
}

const folder = mkdtempSync(join(tmpdir(), "anju-bench-"));
const server = process.env.ANJU_TEST_POSTGRES.replace(/\/postgres$/, "");
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const say = (text) => console.log(`▸ ${text}`);
const bench = (...args) => JSON.parse(execFileSync(program, args.map(String), { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
const best = (...times) => Math.min(...times);

/** A database by name, and how to copy it. */
const sqlite = {
  name: "SQLite",
  url: (name) => `sqlite:${join(folder, `${name}.sqlite`)}`,
  make: () => {},
  build: (name, units) => bench("town", sqlite.url(name), units),
  // What was committed last may still be in the log beside the file.
  copy: (from, to) =>
    ["", "-wal"].map((end) => [from, to].map((name) => join(folder, `${name}.sqlite${end}`))).forEach(([from, to]) => existsSync(from) && copyFileSync(from, to)),
  drop: (name) => ["", "-wal", "-shm", ".lock"].forEach((end) => rmSync(join(folder, `${name}.sqlite${end}`), { force: true })),
};
const psql = (statement, name = "postgres") => {
  const bin = execFileSync("bash", ["-c", "ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1"], { encoding: "utf8" }).trim();
  execFileSync(existsSync(`${bin}/psql`) ? `${bin}/psql` : "psql", ["-q", `${server}/${name}`, "-c", statement], { stdio: "inherit" });
};
const postgres = {
  name: "PostgreSQL",
  url: (name) => `${server}/${name}`,
  make: (name) => psql(`CREATE DATABASE ${name}`),
  build: (name, units) => {
    bench("town", postgres.url(name), units);
    psql("VACUUM ANALYZE", name);
  },
  copy: (from, to) => psql(`CREATE DATABASE ${to} TEMPLATE ${from}`),
  drop: (name) => psql(`DROP DATABASE IF EXISTS ${name}`),
};

/** A town, its run of a month, and the floor of that run; the best of `times`. */
function billing(database, units, times, floor = true) {
  say(`${database.name}: a run of ${units.toLocaleString("en")} units`);
  database.make("town");
  database.build("town", units);
  const asked = join(folder, "ask.json");
  const plan = bench("plan", database.url("town"), "2026-10", asked);
  let run = { micros: Infinity }, least = Infinity;
  for (let turn = 0; turn < times; turn++) {
    database.copy("town", "run");
    const one = bench("run", database.url("run"), asked);
    if (one.micros < run.micros) run = one;
    for (const values of floor ? (database === sqlite ? [2_000, 6_000, 30_000] : [0]) : []) {
      database.copy("town", "floor");
      least = best(least, bench("floor", database.url("run"), database.url("floor"), "--values", values).micros);
      database.drop("floor");
    }
    if (turn + 1 < times) database.drop("run");
  }
  database.drop("run");
  database.drop("town");
  const result = { database: database.name, units, bills: run.bills, ...run, floor: floor ? least : null, inputs: plan.inputs_micros, plan: plan.plan_micros };
  console.log("  ", JSON.stringify(result));
  return result;
}

const runs = [];
for (const database of [sqlite, postgres]) {
  runs.push(billing(database, 10_000, 3));
  runs.push(billing(database, 100_000, 2));
}
if (options.includes("--million")) runs.push(billing(sqlite, 1_000_000, 1, false));
const homes = billing(sqlite, 4_000, 3, false);

say("Readings");
const readings = bench("readings", 100_000);
console.log("  ", JSON.stringify(readings));

say("Preview");
sqlite.build("preview", 10_000);
const inputs = join(folder, "inputs.json");
const preview = bench("preview", sqlite.url("preview"), inputs);
sqlite.drop("preview");
const browser = options.includes("--no-browser") || !existsSync("dist/worker_loader.js") ? null : await inBrowser(inputs);
console.log("  ", JSON.stringify({ preview, browser }));

const lists = [];
for (const database of [sqlite, postgres]) {
  say(`${database.name}: lists`);
  database.make("lists");
  database.build("lists", 100_000);
  for (let month = 1; month <= months; month++) {
    bench("plan", database.url("lists"), `2025-${String(month).padStart(2, "0")}`, join(folder, "ask.json"));
    bench("run", database.url("lists"), join(folder, "ask.json"));
  }
  bench("settle", database.url("lists"));
  lists.push({ database: database.name, ...bench("lists", database.url("lists")) });
  database.drop("lists");
  console.log("  ", JSON.stringify(lists.at(-1)));
}

const size = existsSync("dist/built.json") ? JSON.parse(readFileSync("dist/built.json", "utf8")) : null;
const measured = { date: new Date().toISOString().slice(0, 10), machine: machine(), runs, homes, readings, preview, browser, lists, size };
writeFileSync("target/bench.json", JSON.stringify(measured, null, 1) + "\n");
execFileSync(process.execPath, ["tools/bench-report.mjs", "target/bench.json"], { stdio: "inherit" });

/** The worker itself, in Chromium, with the same text; and what the page's own thread did meanwhile. */
async function inBrowser(file) {
  const { chromium } = await import("@playwright/test");
  const types = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html", ".json": "application/json" };
  const web = createServer((ask, answer) => {
    const path = ask.url === "/inputs.json" ? file : join("dist", ask.url === "/" ? "none" : ask.url);
    const found = existsSync(path);
    answer.writeHead(200, { "Content-Type": types[extname(path)] ?? "text/html" });
    answer.end(found ? readFileSync(path) : "<!doctype html><title>bench</title>");
  });
  await new Promise((ready) => web.listen(0, "127.0.0.1", ready));
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const chrome = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
  const page = await chrome.newPage();
  const micros = (times) => Math.round(times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] * 1000);
  let repeated = [];
  const [firsts, whole] = [[], []];
  let said;
  // Each page starts a worker anew, with nothing compiled for speed yet.
  for (let turn = 0; turn < 5; turn++) {
    await page.goto(`http://127.0.0.1:${web.address().port}/`);
    said = await page.evaluate(plans);
    // The errand downloads the text first; what counts here begins when it is there, by the worker's own clock.
    const there = await page.workers()[0].evaluate(() =>
      performance.getEntriesByType("resource").filter((entry) => entry.name.endsWith("/inputs.json")).map((entry) => performance.timeOrigin + entry.responseEnd));
    if (there.length !== said.ends.length) throw new Error(`${there.length} downloads for ${said.ends.length} plans`);
    const times = said.ends.map((end, place) => end - there[place]);
    firsts.push(times[0]);
    repeated = times.slice(1);
    whole.push(...said.ends.slice(1).map((end, place) => end - said.starts[place + 1]));
  }
  await chrome.close();
  web.close();
  return { digest: said.digest, micros: micros(repeated), first_micros: micros(firsts), with_download_micros: micros(whole), longest_task_ms: said.longest };
}

/** Runs in the page: twenty plans one after the other, when each was asked for and when its reply had come. */
async function plans() {
  const inputs = { address: "/inputs.json", language: "zh-CN" };
  const worker = new Worker("/worker_loader.js");
  const long = [];
  new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
  const heard = (wanted) => new Promise((done) => {
    worker.onmessage = ({ data }) => {
      const found = wanted(typeof data === "string" ? JSON.parse(data) : data);
      if (found) done(found);
    };
  });
  const now = () => performance.timeOrigin + performance.now();
  await heard((message) => message === "Ready");
  const [starts, ends] = [[], []];
  let reply = "";
  for (let number = 1; number <= 20; number++) {
    const answer = heard((message) => message.Answer?.number === number && (message.Answer.what.Reply ?? message.Answer.what.Problem));
    starts.push(now());
    worker.postMessage(JSON.stringify({ number, name: "billing.plan_run", errand: JSON.stringify({ inputs }) }));
    reply = await answer;
    ends.push(now());
  }
  return { starts, ends, digest: JSON.parse(reply).digest, longest: Math.round(Math.max(0, ...long)) };
}

function machine() {
  const version = (program, ...args) => execFileSync(program, args, { encoding: "utf8" }).trim().split("\n")[0];
  return {
    cpu: cpus()[0].model,
    cores: availableParallelism(),
    memory_gb: Math.round(totalmem() / 2 ** 30),
    rustc: version("rustc", "--version"),
    postgres: version("bash", "-c", "$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)/postgres --version"),
  };
}
