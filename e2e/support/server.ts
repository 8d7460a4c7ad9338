// A server of its own for each story, on its own copy of the seeded database, so that no story sees what another did.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const root = join(import.meta.dirname, "../..");
const binary = process.env.ANJU_BINARY ?? join(root, "target/debug/anju");
/** The day of every story: the demonstration ends on it, and the server's clock starts in its evening. */
export const today = "2026-11-23";
/** Where the seeded database stands, for the workers that Playwright starts after it was made. */
const seededAt = "ANJU_E2E_SEEDED";

export interface Server {
  address: string;
  /** The folder of its database; `log` in it is what it wrote. */
  folder: string;
  stop(): Promise<void>;
}

/** Makes the database that every story begins with; gives what takes it away again. */
export function seed(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "anju-seeded-"));
  process.env[seededAt] = folder;
  anju(["migrate"], folder);
  anju(["seed", "--demo", "--today", today], folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

export async function startServer(): Promise<Server> {
  const seeded = process.env[seededAt];
  if (!seeded) throw new Error("the stories are started by Playwright's configuration, which seeds the database first");
  const folder = mkdtempSync(join(tmpdir(), "anju-story-"));
  cpSync(seeded, folder, { recursive: true });

  const address = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(binary, ["serve"], {
    cwd: folder,
    env: { ...settings(folder), ANJU_LISTEN: address.slice("http://".length) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(join(folder, "log"));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const stop = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  await ready(address, child).catch(async (problem) => {
    await stop();
    throw problem;
  });
  return { address, folder, stop };
}

/** Runs a command of the server's binary on the database in a folder, and gives what it printed. */
export function anju(words: string[], folder: string): string {
  return execFileSync(binary, words, { cwd: folder, env: settings(folder), encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

function settings(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, ANJU_DATABASE: `sqlite:${join(folder, "anju.sqlite")}`, ANJU_CLOCK: `${today}T18:00:00+08:00`, RUST_BACKTRACE: "0" };
}

async function ready(address: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode} before it was ready`);
    const answer = await fetch(`${address}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await pause(50);
  }
  throw new Error("the server was not ready within 30 seconds");
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 3_000);
  await end;
  clearTimeout(late);
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer().once("error", fail).listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? done(address.port) : fail(new Error("no free port"))));
    });
  });
}
