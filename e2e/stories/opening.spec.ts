// What a browser is given before anybody has signed in.
import { accessible, expect, test } from "../support/fixtures.ts";

test("the application opens, on any address of its own @both", async ({ page }) => {
  await page.goto("/");
  await expect(page.locator("#boot")).toHaveCount(0);
  await expect(page).toHaveTitle(/安居/);
  await accessible(page);

  await page.goto("/billing/bills");
  await expect(page.locator("#boot")).toHaveCount(0);
});

test("the content policy allows no inline script, and hashed files are kept for ever", async ({ page, request }) => {
  const answer = await page.goto("/");
  expect(answer?.headers()["content-security-policy"]).toMatch(/script-src 'self' 'wasm-unsafe-eval'(;|$)/);
  await expect(page.locator("script:not([src])")).toHaveCount(0);

  const start = await page.locator('script[type="module"]').getAttribute("src");
  expect((await request.get(start ?? "")).headers()["cache-control"]).toContain("immutable");
  const loader = await request.get("/worker_loader.js");
  expect(loader.headers()["cache-control"]).not.toContain("immutable");
  const worker = (await loader.text()).match(/worker-[0-9a-f]+_bg\.wasm/)?.[0];
  const wasm = await request.get(`/${worker}`, { headers: { "accept-encoding": "br" } });
  expect(wasm.headers()["content-type"]).toBe("application/wasm");
  expect(wasm.headers()["content-encoding"]).toBe("br");
  expect(wasm.headers()["cache-control"]).toContain("immutable");
});

test("an address of the API that does not exist is no page", async ({ request }) => {
  const answer = await request.get("/api/nothing-of-this-name");
  expect(answer.status()).toBe(404);
  expect(answer.headers()["content-type"]).toContain("application/problem+json");
});

test("the theme that was chosen is there before the first paint", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("anju.theme", "dark"));
  await page.goto("/", { waitUntil: "commit" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "anju-dark");
});

test("the viewer shows the API", async ({ page }) => {
  await page.goto("/api/docs");
  await expect(page.locator(".swagger-ui .opblock-tag, .swagger-ui .opblock").first()).toBeVisible();
});
