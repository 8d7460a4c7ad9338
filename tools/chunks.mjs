// Cuts the linked application into the part that every page needs and a chunk for each capability, optimises each, and writes
// them into `staging` with the scripts that load them.
//
// wasm-split cuts at the functions that `chunks!` marks (frontend/src/main.rs). Whatever several chunks reach it puts into a module
// for each set of chunks that shares it: a hundred and more small ones. They travel in two packs, so that the number of requests does
// not grow with the number of capabilities: what the first page shares with others, and what only others share.
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const linked = "target/wasm32-unknown-unknown/wasm-release/frontend.wasm";
const work = "target/chunks";
/** The chunk of the page after signing in. */
const first = "home";

/** What Rust uses of WebAssembly beyond its first version, and every browser that runs the application has; the optimiser may use no more. */
const features = ["bulk-memory", "bulk-memory-opt", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"]
  .map((name) => `--enable-${name}`);

/** Replaces what Trunk wrote; tells the names of the files that a browser loads first. */
export async function cutIntoChunks(staging) {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  execFileSync(".tools/bin/wasm-split-cli", ["--out-name", "frontend", linked, work], { stdio: ["ignore", "inherit", "inherit"] });
  const named = ["--remove-name-section", "--remove-producers-section", "--no-typescript"];
  // What the chunks call must stay exported under the linker's names.
  const bound = ["--target", "web", "--keep-lld-exports", "--no-demangle", "--out-name", "frontend", "--out-dir", work];
  execFileSync(".tools/bin/wasm-bindgen", [...bound, ...named, join(work, "frontend.wasm")], { stdio: ["ignore", "inherit", "inherit"] });
  rmSync(join(work, "frontend.wasm"));
  const modules = readdirSync(work).filter((name) => name.endsWith(".wasm"));
  await optimised(modules.map((name) => join(work, name)));

  const read = (name) => readFileSync(join(work, name));
  const loader = packed(readFileSync(join(work, "__wasm_split.js"), "utf8"), read);
  const glue = readFileSync(join(work, "frontend.js"), "utf8");
  // One name for all: they only fit each other.
  const sum = hash(glue, loader.text, ...modules.toSorted().map(read));
  const put = (name, bytes) => {
    writeFileSync(join(staging, `frontend-${sum}${name}`), bytes);
    return `frontend-${sum}${name}`;
  };
  for (const name of readdirSync(staging).filter((name) => /^frontend-[0-9a-f]+(_bg\.wasm|\.js)$/.test(name))) rmSync(join(staging, name));
  put(".js", glue.replaceAll('from "./__wasm_split.js"', `from "/frontend-${sum}-chunks.js"`));
  put("_bg.wasm", read("frontend_bg.wasm"));
  put("-chunks.js", loader.text.replaceAll("$SUM", sum).replace('from "./frontend.js"', `from "/frontend-${sum}.js"`));
  const files = loader.files.map(({ name, bytes }) => put(name, bytes));

  const page = join(staging, "index.html");
  const html = readFileSync(page, "utf8").replace(/frontend-[0-9a-f]+(?=_bg\.wasm|\.js)/g, `frontend-${sum}`)
    .replace("</head>", `<link rel="modulepreload" href="/frontend-${sum}-chunks.js"></head>`);
  if (!html.includes(`/frontend-${sum}_bg.wasm`)) throw new Error("Trunk's page does not name the application as expected");
  writeFileSync(page, html);
  return { later: files.filter((name) => name.includes("-chunk-") && !name.includes(`-chunk-${first}.`) || name.endsWith("-shared.bin")) };
}

/**
 * Has the loader that wasm-split wrote fetch packs and named files from the root of the site, whatever page is open, and tells the
 * files that this takes.
 */
function packed(text, read) {
  const packs = new Map([["first", []], ["shared", []]]);
  const files = [];
  const chunks = /\/\* (.+) \*\/\nconst (__chunk_\d+) = makeLoad\(\(\) => \{[^"]+"\.\/(chunk_\d+\.wasm)"[^}]+\{\}\);\n[^\n]+\n\}\n/g;
  const splits = /\(\) => \{\s+const src = fetch\(new URL\("\.\/split_(\w+)\.wasm", import\.meta\.url\)\);\s+src\.catch[^\n]+\n[^\n]+\n\}\n/g;
  let out = text.replace(chunks, (_, users, name, file) => {
    const pack = users.split(", ").includes(first) ? "first" : "shared";
    const bytes = read(file);
    const start = packs.get(pack).reduce((size, part) => size + part.length, 0);
    packs.get(pack).push(bytes);
    return `const ${name} = makeLoad(() => part("${pack}", ${start}, ${start + bytes.length})\n`;
  });
  out = out.replace(splits, (_, name) => {
    files.push({ name: `-chunk-${name}.wasm`, bytes: read(`split_${name}.wasm`) });
    return `() => file("${name}")`;
  });
  if (/import\.meta|chunk_\d+\.wasm/.test(out)) throw new Error("wasm-split writes its loader in another way than this knows");
  for (const [name, parts] of packs) files.push({ name: `-${name}.bin`, bytes: Buffer.concat(parts) });
  return { text: out + helpers, files };
}

const helpers = `
const named = (name) => \`/frontend-$SUM\${name}\`;
async function answer(name) {
  const response = await fetch(named(name));
  if (!response.ok) throw new Error(\`\${named(name)}: \${response.status}\`);
  return response;
}
function file(name) {
  const source = answer(\`-chunk-\${name}.wasm\`);
  source.catch(() => {});
  return (imports) => WebAssembly.instantiateStreaming(source, imports);
}
const packs = {};
/** Many modules in one file; a pack that did not come is asked for again the next time. */
function part(name, from, to) {
  const pack = packs[name] ??= answer(\`-\${name}.bin\`).then((response) => response.arrayBuffer());
  pack.catch(() => { delete packs[name]; });
  return async (imports) => WebAssembly.instantiate(new Uint8Array(await pack, from, to - from), imports);
}
`;

/** Each for size, without the names of its functions. The smallest are left as they are: starting the optimiser takes longer than they are worth. */
async function optimised(files) {
  for (const name of files) writeFileSync(name, withoutNames(readFileSync(name)));
  const size = (name) => statSync(name).size;
  const largestFirst = files.filter((name) => size(name) > 16_384).toSorted((one, other) => size(other) - size(one));
  const worker = async () => {
    for (let name = largestFirst.shift(); name; name = largestFirst.shift()) {
      await promisify(execFile)("node_modules/.bin/wasm-opt", ["-Oz", ...features, name, "--output", name]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
}

/** A module without its custom sections: each section is its kind, its length as LEB128, and its bytes. */
export function withoutNames(bytes) {
  const kept = [bytes.subarray(0, 8)];
  for (let start = 8, end; start < bytes.length; start = end) {
    let [length, at, shift] = [0, start + 1, 0];
    do {
      length += (bytes[at] & 127) * 2 ** shift;
      shift += 7;
    } while (bytes[at++] & 128);
    end = at + length;
    if (bytes[start] !== 0) kept.push(bytes.subarray(start, end));
  }
  return Buffer.concat(kept);
}

/** The first 16 hex digits of the sum of all. */
export function hash(...parts) {
  return parts.reduce((sum, part) => sum.update(part), createHash("sha256")).digest("hex").slice(0, 16);
}
