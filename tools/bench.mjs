// Measures the release build and writes docs/benchmarks.md: ratios to a floor measured in the same run, on SQLite and on a
// throw-away PostgreSQL with default durability.
//   --million        also a run of 1,000,000 units on SQLite (some minutes, some GB)
//   --months N       months of bills in the lists (12 are 3,600,000 bills; the default)
//   --no-browser     leave out what is measured in the browser
//   --trials         pricing and what-if alone, printed and not written down
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
  // The run is tried as often as its floor: the best of more tries is better.
  const sizes = database === sqlite ? [2_000, 6_000, 30_000] : [0];
  for (const values of Array.from({ length: times }, () => (floor ? sizes : [0])).flat()) {
    database.copy("town", "run");
    const one = bench("run", database.url("run"), asked);
    if (one.micros < run.micros) run = one;
    if (floor) {
      database.copy("town", "floor");
      least = best(least, bench("floor", database.url("run"), database.url("floor"), "--values", values).micros);
      database.drop("floor");
    }
    database.drop("run");
  }
  database.drop("town");
  const result = { database: database.name, units, bills: run.bills, ...run, floor: floor ? least : null, inputs: plan.inputs_micros, plan: plan.plan_micros };
  console.log("  ", JSON.stringify(result));
  return result;
}

/** Pricing alone and what-if, natively and in the worker. */
async function trials() {
  say("Pricing and what-if");
  const withBrowser = !options.includes("--no-browser") && existsSync("dist/planner_loader.js");
  const native = { modes: [], trials: [] };
  const inBrowser = withBrowser ? { modes: [], trials: [] } : null;
  // In turn: what slows the machine for a while must not fall on one of them alone. The best of six medians each.
  for (let turn = 0; turn < 6; turn++) {
    const { modes } = bench("pricing", folder);
    native.modes = quicker(native.modes, modes);
    if (withBrowser) inBrowser.modes = quicker(inBrowser.modes, await pricedInBrowser(modes));
  }
  native.trials = [10_000, 100_000].flatMap((units) => ["prices", "schemes"].map((what) => bench("trial", units, what, join(folder, `trial-${what}-${units}.json`))));
  if (withBrowser) inBrowser.trials = await triedInBrowser(native.trials);
  for (const one of [...native.modes, ...native.trials]) delete one.changes;
  console.log("  ", JSON.stringify({ native, inBrowser }));
  return { native, inBrowser };
}

/** Of two measurements of the same modes the quicker one of each. */
function quicker(before, now) {
  return now.map((one, place) => (before[place]?.micros < one.micros ? before[place] : one));
}

if (options.includes("--trials")) {
  await trials();
  process.exit(0);
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
const browser = options.includes("--no-browser") || !existsSync("dist/planner_loader.js") ? null : await inBrowser(inputs);
console.log("  ", JSON.stringify({ preview, browser }));

const tried = await trials();

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
const measured = { date: new Date().toISOString().slice(0, 10), machine: machine(), runs, homes, readings, preview, browser, tried, lists, size };
writeFileSync("target/bench.json", JSON.stringify(measured, null, 1) + "\n");
execFileSync(process.execPath, ["tools/bench-report.mjs", "target/bench.json"], { stdio: "inherit" });

/** A page of the product's files, and of `extra` by its address, in Chromium. */
async function withPage(extra, run) {
  const { chromium } = await import("@playwright/test");
  const types = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html", ".json": "application/json" };
  const web = createServer((ask, answer) => {
    const path = extra(ask.url) ?? join("dist", ask.url === "/" ? "none" : ask.url);
    const found = existsSync(path);
    answer.writeHead(200, { "Content-Type": types[extname(path)] ?? "text/html" });
    answer.end(found ? readFileSync(path) : "<!doctype html><title>bench</title>");
  });
  await new Promise((ready) => web.listen(0, "127.0.0.1", ready));
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const chrome = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
  try {
    const page = await chrome.newPage();
    return await run(page, () => page.goto(`http://127.0.0.1:${web.address().port}/`));
  } finally {
    await chrome.close();
    web.close();
  }
}

/** Milliseconds as microseconds: the median. */
function medianMicros(times) {
  return Math.round(times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] * 1000);
}

/** The worker itself, in Chromium, with the same text; and what the page's own thread did meanwhile. */
async function inBrowser(file) {
  let repeated = [];
  const [firsts, whole] = [[], []];
  let said;
  await withPage((url) => (url === "/inputs.json" ? file : undefined), async (page, open) => {
    // Each page starts a worker anew, with nothing compiled for speed yet.
    for (let turn = 0; turn < 5; turn++) {
      await open();
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
  });
  return { digest: said.digest, micros: medianMicros(repeated), first_micros: medianMicros(firsts), with_download_micros: medianMicros(whole), longest_task_ms: said.longest };
}

/** Any of these files, put down by the native measurement. */
function putDown(url) {
  return /^\/(area|fixed|flat|tiered|formula|trial-\w+-\d+)\.json$/.test(url) ? join(folder, url) : undefined;
}

/** The same modes in the worker. */
async function pricedInBrowser(modes) {
  return withPage(putDown, async (page, open) => {
    const priced = [];
    for (const { mode, changes } of modes) {
      await open();
      // The worker tells how far it is after every 2,000 units; from the first to the fifth, it does nothing but price.
      const { stamps } = await page.evaluate(tries, { address: `/${mode}.json`, steps: Array(25).fill(changes) });
      priced.push({ mode, micros: medianMicros(stamps.slice(1).map((told) => told.at(-1) - told[0])) });
    }
    return priced;
  });
}

/** The same trials in the worker. */
async function triedInBrowser(trials) {
  return withPage(putDown, async (page, open) => {
    const tried = [];
    for (const { units, what, changes } of trials) {
      await open();
      const said = await page.evaluate(tries, { address: `/trial-${what}-${units}.json`, steps: [...changes, ...changes] });
      tried.push({ units, what, micros: medianMicros(said.times.slice(1)), after_fen: said.after, longest_task_ms: said.longest, opened_ms: said.opened, page_ms: said.page });
    }
    return tried;
  });
}

/** Runs in the page: opens a trial and tries one step after the other; when each was asked for, told of progress, and was answered. */
async function tries({ address, steps }) {
  const long = [];
  new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
  // Whatever the worker tells carries its own time: the page hears of it later.
  const stamped = `const tell = self.postMessage.bind(self); self.postMessage = (said) => tell([performance.now(), said]);`;
  const loader = await (await fetch("/planner_loader.js")).text();
  const script = `${stamped}\n${loader.replaceAll(/(["'`])\.?\//g, `$1${location.origin}/`)}`;
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), /^\s*import\b/m.test(loader) ? { type: "module" } : {});
  const answered = (number, hear) => new Promise((done, failed) => {
    worker.onmessage = ({ data: [at, text] }) => {
      const message = JSON.parse(text);
      if (number === 0 ? message === "Ready" : message.Answer?.number === number) {
        const what = number === 0 ? { Reply: "" } : message.Answer.what;
        if (what.Progress) hear(at, what.Progress);
        else if (what.Problem) failed(new Error(what.Problem));
        else done(what.Reply);
      }
    };
  });
  const ask = (number, name, errand, hear = () => {}) => {
    const answer = answered(number, hear);
    worker.postMessage(JSON.stringify({ number, name, errand: JSON.stringify(errand) }));
    return answer;
  };
  await answered(0);
  const opening = performance.now();
  await ask(1, "billing.open_trial", { inputs: { address: `${location.origin}${address}`, language: "zh-CN" }, number: 1 });
  const opened = Math.round(performance.now() - opening);
  const [times, stamps] = [[], []];
  let reply = "";
  for (const [step, changes] of steps.entries()) {
    let told = [];
    const start = performance.now();
    // What is in force is planned first, and told of first.
    reply = await ask(step + 2, "billing.try_changes", { changes, shown: [] }, (at, { done }) => (told = done <= 2_000 ? [at] : [...told, at]));
    times.push(performance.now() - start);
    stamps.push(told);
  }
  // Pages of units: turned, searched, put in order. The slowest is what one waits for.
  const pages = [];
  const rows = { search: "", which: "All", building: null, order: "Unit", offset: 0, size: 20 };
  for (const page of [{}, { offset: 5_000 }, { order: "Change" }, { order: "After", offset: 5_000 }, { search: "1栋0", which: "Less" }, { building: 3 }]) {
    const start = performance.now();
    await ask(steps.length + 2 + pages.length, "billing.tried_rows", { ...rows, ...page });
    pages.push(performance.now() - start);
  }
  return { times, stamps, opened, page: Math.round(Math.max(...pages)), after: JSON.parse(reply).made.after_fen, longest: Math.round(Math.max(0, ...long)) };
}

/** Runs in the page: twenty plans one after the other, when each was asked for and when its reply had come. */
async function plans() {
  const inputs = { address: "/inputs.json", language: "zh-CN" };
  const worker = new Worker("/planner_loader.js");
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
