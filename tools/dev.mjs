// Rebuilds and reloads on every change, in debug: styles by Tailwind's watcher, the browser's part by Trunk (which reloads the page),
// the server by cargo. Open http://127.0.0.1:8081; the server stands behind it on 8080.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, watch } from "node:fs";
import { join } from "node:path";

process.chdir(join(import.meta.dirname, ".."));
const env = {
  ...process.env,
  PATH: `${process.cwd()}/.tools/bin:${process.env.PATH}`,
  ANJU_DATABASE: process.env.ANJU_DATABASE ?? "sqlite:data/dev.sqlite",
  RUST_BACKTRACE: "0",
};
const start = (program, ...args) => spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], env });
const run = (program, ...args) => spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"], env }).status === 0;

mkdirSync("dist", { recursive: true });
mkdirSync("data", { recursive: true });
const styles = ["node_modules/.bin/tailwindcss", "--input", "frontend/styles/app.css", "--output", "frontend/styles/dist/app.css"];
run(...styles);
run("cargo", "fetch", "--quiet", "--locked");

const children = [
  start(...styles, "--watch=always"),
  start("trunk", "serve", "--dist", "target/dist-dev"),
];
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
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    for (const child of [...children, server]) child?.kill();
    process.exit(0);
  });
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
  if (server && server.exitCode === null) {
    const ended = new Promise((done) => server.on("close", done));
    server.kill();
    await ended;
  }
  const fresh = env.ANJU_DATABASE === "sqlite:data/dev.sqlite" && !existsSync("data/dev.sqlite");
  if (run("target/debug/anju", "migrate") && (!fresh || run("target/debug/anju", "seed", "--demo"))) {
    server = start("target/debug/anju", "serve");
  }
}
