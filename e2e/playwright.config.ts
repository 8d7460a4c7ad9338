// The browser stories, on a desk and on a phone, against the server with the browser's part as it ships.
//   npx playwright test --config e2e [cashier] [--project phone] [--headed]
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "stories",
  outputDir: "test-results",
  globalSetup: "./support/seed.ts",
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  // A loaded machine may run out of a story's time; a retry is told as "flaky", never as passed at once.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["html", { outputFolder: "report", open: "never" }]],
  use: {
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      // Without a locale Chromium neither reads nor writes files with Chinese names.
      env: { ...(process.env as Record<string, string>), LC_ALL: "C.UTF-8" },
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
  projects: [
    { name: "desk", use: { viewport: { width: 1440, height: 900 } } },
    // A story is for the desk unless its title is tagged @phone, or @both.
    { name: "phone", use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }, grep: /@phone|@both/ },
  ].map((project) => (project.name === "desk" ? { ...project, grepInvert: /@phone/ } : project)),
});
