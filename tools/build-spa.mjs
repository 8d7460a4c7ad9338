// Builds what the browser loads, in release, into dist/: styles, application, workers, the viewer of the API;
// then cuts the application into chunks, moves every inline script into a file, gives the workers' files hashed names, and compresses everything.
// dist/built.json tells the sizes, and make that it is done.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { cutIntoChunks, hash, withoutNames } from "./chunks.mjs";
import { withoutTables } from "./encodings.mjs";

process.chdir(join(import.meta.dirname, ".."));
const dist = "dist";
const staging = "target/dist";
const workers = ["planner", "workbooks"];

const say = (text) => console.log(`▸ ${text}`);
const env = { ...process.env, PATH: `${process.cwd()}/.tools/bin:${process.env.PATH}`, RUST_BACKTRACE: "0" };
const run = (program, ...args) => execFileSync(program, args, { stdio: ["ignore", "inherit", "inherit"], env });

styles();
application();
const { later } = await chunks();
externalScripts();
hashedWorkers();
viewer();
await compressed();
publish();

function styles() {
  say("Building the styles");
  run("node_modules/.bin/tailwindcss", "--input", "frontend/styles/app.css", "--output", "frontend/styles/dist/app.css", "--minify");
}

function application() {
  say("Fetching crates");
  run("cargo", "fetch", "--quiet", "--locked");
  say("Building the application and its workers for the browser (some minutes the first time)");
  run(".tools/bin/trunk", "--quiet", "build", "--release", "--features", "split", "--dist", staging);
}

function chunks() {
  say("Cutting it into chunks");
  return cutIntoChunks(staging);
}

/** The content policy allows scripts of our own address only, so what Trunk writes into the page becomes a file. */
function externalScripts() {
  const page = join(staging, "index.html");
  const html = readFileSync(page, "utf8").replace(/<script([^>]*)>([^<]+)<\/script>/g, (_, attributes, code) => {
    const name = `start-${hash(code)}.js`;
    writeFileSync(join(staging, name), code.trim() + "\n");
    return `<script${attributes} src="/${name}"></script>`;
  });
  writeFileSync(page, html.replace(/\s+(nonce|data-integrity|integrity)="[^"]*"/g, ""));
}

/** The loader keeps its name and is small; what it loads is named by its content and may be cached for ever. */
function hashedWorkers() {
  for (const worker of workers) {
    const [script, wasm, loader] = [`${worker}.js`, `${worker}_bg.wasm`, `${worker}_loader.js`].map((name) => join(staging, name));
    const linked = readFileSync(wasm);
    const map = () => readFileSync(`target/wasm32-unknown-unknown/wasm-release/${worker}.map`, "utf8");
    writeFileSync(wasm, withoutNames(worker === "workbooks" ? withoutTables(linked, map()) : linked));
    const sum = hash(readFileSync(script), readFileSync(wasm));
    renameSync(script, join(staging, `${worker}-${sum}.js`));
    renameSync(wasm, join(staging, `${worker}-${sum}_bg.wasm`));
    // As Trunk writes it, but with an object, as the glue of wasm-bindgen wants it by now; and the page hears of every failure as an error
    // of its worker, also of what fails in a promise.
    writeFileSync(loader, `self.addEventListener("unhandledrejection", (event) => { throw event.reason; });importScripts("./${worker}-${sum}.js");wasm_bindgen({ module_or_path: "./${worker}-${sum}_bg.wasm" });\n`);
  }
}

function viewer() {
  cpSync("tools/swagger-ui", join(staging, "docs"), { recursive: true });
  for (const name of ["swagger-ui-bundle.js", "swagger-ui.css"]) {
    cpSync(join("node_modules/swagger-ui-dist", name), join(staging, "docs", name));
  }
}

async function compressed() {
  say("Compressing");
  const brotli = (bytes) => promisify(brotliCompress)(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const files = readdirSync(staging, { recursive: true })
    .map((name) => join(staging, name))
    .filter((name) => [".html", ".js", ".css", ".wasm", ".bin", ".svg", ".json"].includes(extname(name)) && statSync(name).size > 512);
  await Promise.all(files.map(async (name) => {
    const bytes = readFileSync(name);
    writeFileSync(`${name}.br`, await brotli(bytes));
    writeFileSync(`${name}.gz`, await promisify(gzip)(bytes, { level: 9 }));
  }));
}

/** Puts it where the server takes it from, all at once, and writes down what a browser loads until the page after signing in stands there, and what each worker adds. */
function publish() {
  const names = readdirSync(staging).filter((name) => !/\.(br|gz)$/.test(name) && statSync(join(staging, name)).isFile());
  const wire = (name) => statSync(existsSync(join(staging, `${name}.br`)) ? join(staging, `${name}.br`) : join(staging, name)).size;
  const total = (wanted) => names.filter(wanted).reduce((sum, name) => sum + wire(name), 0);
  const workerOf = (name) => workers.find((worker) => name.startsWith(worker));
  const [planner, workbooks] = workers.map((worker) => total((name) => workerOf(name) === worker));
  const first = total((name) => !workerOf(name) && !later.includes(name));
  writeFileSync(join(staging, "built.json"), JSON.stringify({ first_load_brotli: first, planner_brotli: planner, workbooks_brotli: workbooks }) + "\n");
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  for (const name of readdirSync(staging)) renameSync(join(staging, name), join(dist, name));
  rmSync(staging, { recursive: true });
  say(`The first page takes ${kilobytes(first)} (brotli), the planner ${kilobytes(planner)}, the reader of workbooks ${kilobytes(workbooks)}`);
}

function kilobytes(bytes) {
  return `${Math.round(bytes / 1024)} KB`;
}
