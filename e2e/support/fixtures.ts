// What every story has: a server of its own, and a browser whose console must stay clean.
import { test as base, expect } from "@playwright/test";
import { type Server, startServer } from "./server.ts";

export { expect };
export { accessible } from "./axe.ts";

interface Fixtures {
  server: Server;
  /** Faults of the page. A story about a refusal allows the line that the browser writes about it: `faults.allow(/409/)`. */
  faults: { allow(pattern: RegExp): void };
}

export const test = base.extend<Fixtures>({
  server: async ({}, use) => {
    const server = await startServer();
    await use(server);
    await server.stop();
  },

  baseURL: async ({ server }, use) => {
    await use(server.address);
  },

  faults: [
    async ({ context }, use) => {
      const seen: string[] = [];
      // Who nobody is yet, the application learns from this refusal.
      const allowed = [/status of 401 .*\/api\/organisation\/me\)/];
      context.on("console", (message) => {
        if (message.type() === "error") seen.push(`${message.text()} (${message.location().url})`);
      });
      context.on("weberror", (error) => seen.push(String(error.error().stack ?? error.error())));
      await use({ allow: (pattern) => allowed.push(pattern) });
      expect(seen.filter((fault) => !allowed.some((pattern) => pattern.test(fault))), "faults in the browser's console").toEqual([]);
    },
    { auto: true },
  ],
});
