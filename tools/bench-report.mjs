// bench-report.mjs FILE: docs/benchmarks.md from what tools/bench.mjs measured.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const { date, machine, runs, homes, readings, preview, browser, tried, lists, size, note } = JSON.parse(readFileSync(process.argv[2], "utf8"));
// A query that found nothing tells nothing.
for (const list of lists) list.cases = list.cases.filter((one) => one.rows > 0);
const whole = (number) => Math.round(number).toLocaleString("en-US");
const seconds = (micros) => `${(micros / 1e6).toFixed(2)} s`;
const ms = (micros) => `${(micros / 1e3).toFixed(1)} ms`;
const times = (ratio) => `${ratio.toFixed(2)} ×`;
const percent = (ratio) => `${ratio > 0 ? "+" : ""}${Math.round(ratio * 100)} %`;

const rows = [];
const row = (work, aim, measured, met) => rows.push(`| ${work} | ${aim} | ${measured} | ${met === null ? "not measured" : met ? "yes" : "**no**"} |`);

const of = (database, units) => runs.find((run) => run.database === database && run.units === units);
for (const database of ["SQLite", "PostgreSQL"]) {
  const run = of(database, 100_000);
  row(`billing run, 300,000 bills, ${database}`, "≤ 1.5 × bulk insert", `${times(run.micros / run.floor)} (${seconds(run.micros)} / ${seconds(run.floor)})`, run.micros <= 1.5 * run.floor);
  row(`… its peak memory`, "≤ 600 MB", `${whole(run.peak_kb / 1024)} MB`, run.peak_kb <= 600 * 1024);
}
const each = (run) => run.micros / run.bills;
for (const [database, small, large] of [["SQLite", 10_000, 100_000], ["PostgreSQL", 10_000, 100_000], ["SQLite", 100_000, 1_000_000]]) {
  const [a, b] = [of(database, small), of(database, large)];
  const what = `time per bill, ${whole(small)} → ${whole(large)} units, ${database}`;
  if (!b) row(what, "≤ +15 %", "needs `--million`", null);
  else row(what, "≤ +15 %", `${percent(each(b) / each(a) - 1)} (${each(a).toFixed(1)} → ${each(b).toFixed(1)} µs)`, each(b) <= 1.15 * each(a));
}
row(`readings, ${whole(readings.rows)} rows: read and checked`, "≤ 1.5 × calamine", `${times(readings.micros / readings.calamine_micros)} (${ms(readings.micros)} / ${ms(readings.calamine_micros)}; reading alone ${ms(readings.parse_micros)})`, readings.micros <= 1.5 * readings.calamine_micros);
if (browser) {
  row("preview of 10,000 × 3 in the browser's worker", "≤ 3 × native", `${times(browser.micros / preview.micros)} (${ms(browser.micros)} / ${ms(preview.micros)})`, browser.micros <= 3 * preview.micros);
  row("… the first of a new worker", "≤ 3 × native", `${times(browser.first_micros / preview.micros)} (${ms(browser.first_micros)} / ${ms(preview.micros)})`, browser.first_micros <= 3 * preview.micros);
  row("… longest task of the page's own thread", "≤ 50 ms", `${browser.longest_task_ms} ms`, browser.longest_task_ms <= 50);
  if (browser.digest !== preview.digest) throw new Error("the browser planned other bills than the server");
} else row("preview of 10,000 × 3 in the browser's worker", "≤ 3 × native", `native ${ms(preview.micros)}`, null);
for (const { mode, lines, micros } of tried.native.modes) {
  const least = ["tiered", "formula"].includes(mode) ? 400_000 : 1_000_000;
  const perSecond = lines / (micros / 1e6);
  row(`pricing alone, ${mode}`, `≥ ${whole(least)} lines/s per core`, `${whole(perSecond)} lines/s`, perSecond >= least);
  const there = tried.inBrowser?.modes.find((one) => one.mode === mode);
  row("… in the browser's worker", "≤ 2.5 × native", there ? `${times(there.micros / micros)} (${ms(there.micros)} / ${ms(micros)})` : "needs the browser", there ? there.micros <= 2.5 * micros : null);
}
for (const { units, what: which, micros, after_fen } of tried.native.trials) {
  const what = `what-if over ${whole(units)} × 3${which === "schemes" ? ", a waiver scheme" : ""}`;
  const there = tried.inBrowser?.trials.find((one) => one.units === units && one.what === which);
  if (there && there.after_fen !== after_fen) throw new Error("the browser tried to another sum than the server");
  row(what, "≤ 3 × native", there ? `${times(there.micros / micros)} (${ms(there.micros)} / ${ms(micros)})` : `native ${ms(micros)}`, there ? there.micros <= 3 * micros : null);
  row("… longest task of the page's own thread", "≤ 50 ms", there ? `${there.longest_task_ms} ms` : "needs the browser", there ? there.longest_task_ms <= 50 : null);
  row("… the slowest page of its units", "≤ 100 ms", there ? `${there.page_ms} ms` : "needs the browser", there ? there.page_ms <= 100 : null);
}
for (const list of lists) {
  const worst = Math.max(...list.cases.map((one) => one.p99 / one.hand_p99));
  const met = list.cases.filter((one) => one.p99 <= 3 * one.hand_p99).length;
  row(`list and search, ${whole(list.bills)} bills, ${list.database}, p99`, "≤ 3 × by hand", `worst case ${times(worst)}; ${met} of ${list.cases.length} cases within`, worst <= 3);
}
if (size) {
  const kb = (bytes) => `${whole(bytes / 1024)} KB`;
  row("first load, brotli", "≤ 500 KB", kb(size.first_load_brotli), size.first_load_brotli <= 500 * 1024);
  row("worker that plans, brotli", "≤ 450 KB", kb(size.planner_brotli), size.planner_brotli <= 450 * 1024);
  row("worker that reads workbooks, brotli", "≤ 450 KB", kb(size.workbooks_brotli), size.workbooks_brotli <= 450 * 1024);
}
const speed = homes.bills / (homes.micros / 1e6);
row("4,000 homes × 3 fee items, SQLite", "≥ 50 × 1,440 bills/s", `${whole(speed)} bills/s (${whole(speed / 1440)} ×)`, speed >= 50 * 1440);

const text = `# Benchmarks

Written by \`make bench\` on ${date}. Each aim is a ratio to a floor that was measured in the same run on the same machine, so
that other machines compare; the seconds beside it are this machine's.

${machine.cores} cores of ${machine.cpu}, ${machine.memory_gb} GB; ${machine.rustc}; ${machine.postgres}, default durability; SQLite in WAL
mode, synchronous FULL. Release build, every measurement a process of its own.
${note ? `\n${note}\n` : ""}
| work | aim | measured | met |
|---|---|---|---|
${rows.join("\n")}

## How it is measured

- **Billing run**: from the request to generate until the run is done, as a server would do it: the inputs are read again, the plan
  is made twice (once to compare it with what was seen, once to write), numbers are taken, bills, lines with their traces and
  postings written, all in one transaction. The floor inserts the very same rows into empty tables with the same indexes and
  constraints: prepared multi-row \`VALUES\` in one transaction on SQLite, what rows share bound once as the server does (the best of
  three statement sizes), \`COPY\` on PostgreSQL. The best of some tries, as many of the run as of its floor.
- **Memory**: the peak resident set of the process (\`VmHWM\`).
- **Readings**: a workbook of five columns, median of seven; calamine's own \`worksheet_range\` on the same bytes is the floor.
- **Preview**: from the text of the inputs to the digest of the plan; in the browser the worker as it is shipped, in headless
  Chromium, from the end of the download to the reply in the page (with the download it was ${browser ? ms(browser.with_download_micros) : "not measured"}), against the same function
  natively. The median of nineteen plans, which follow one that is not counted; the first of a new worker, whose code the browser has
  not compiled for speed yet, is the median of five workers. Both sides come to the same digest.
- **Pricing alone**: ${whole(tried.native.modes[0].lines)} homes × one fee item through the planner, inputs read and prices indexed before; in the browser the same lines by the
  worker's own clock. The best of six medians of 25, taken in turn. One core.
- **What-if**: another change of three fee items (by area, tiers, formula) on inputs that are there and whose plan as in force is
  known: planned, compared, sorted into classes; in the browser until the reply is in the page. Both sides come to the same sum.
- **Lists**: 200 requests of each kind through the router (session, permission and data scope checked, JSON written) in turn with
  a query written by hand for that very case, of the same columns.
- **Other system**: 1,440 bills/s is what an open-source system in Python was measured to write for 4,000 homes × 2 fee items.

${lists.map((list) => `## Lists, ${list.database}, ${whole(list.bills)} bills\n
| case | rows | p50 | p99 | by hand p50 | by hand p99 | ratio of p99 |
|---|--:|--:|--:|--:|--:|--:|
${list.cases.map((one) => `| ${one.case} | ${one.rows} | ${ms(one.p50)} | ${ms(one.p99)} | ${ms(one.hand_p50)} | ${ms(one.hand_p99)} | ${times(one.p99 / one.hand_p99)} |`).join("\n")}
`).join("\n")}
## Runs

| database | units | bills | time | bills/s | bulk insert | inputs | plan | peak memory |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
${[...runs, homes].map((run) => `| ${run.database} | ${whole(run.units)} | ${whole(run.bills)} | ${seconds(run.micros)} | ${whole(run.bills / (run.micros / 1e6))} | ${run.floor ? seconds(run.floor) : ""} | ${ms(run.inputs)} | ${ms(run.plan)} | ${whole(run.peak_kb / 1024)} MB |`).join("\n")}
`;
const [profile, misses] = ["profile", "misses"].map((name) => readFileSync(`tools/bench-${name}.md`, "utf8"));
mkdirSync("docs", { recursive: true });
writeFileSync("docs/benchmarks.md", `${text}\n${profile}\n${misses}`);
