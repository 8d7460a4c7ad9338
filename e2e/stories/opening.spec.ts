// What a browser is given before anybody has signed in.
import { signedIn } from "../pages/sign_in.ts";
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
  const loader = await request.get("/planner_loader.js");
  expect(loader.headers()["cache-control"]).not.toContain("immutable");
  const worker = (await loader.text()).match(/planner-[0-9a-f]+_bg\.wasm/)?.[0];
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

test("the pages of a capability come when one goes there, and on a reload at their address", async ({ page, request }) => {
  const asked: string[] = [];
  page.on("request", (one) => asked.push(new URL(one.url()).pathname));
  const chunk = (name: string) => asked.find((path) => path.endsWith(`-chunk-${name}.wasm`));
  await signedIn(page);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("工作台");
  expect(chunk("home")).toBeDefined();
  const loaded = asked.length;

  await page.goto("/billing/bills");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("账单");
  expect(asked.slice(loaded).some((path) => path.endsWith("-chunk-home.wasm"))).toBe(false);
  const answer = await request.get(chunk("billing") ?? "", { headers: { "accept-encoding": "br" } });
  expect(answer.headers()["content-type"]).toBe("application/wasm");
  expect(answer.headers()["content-encoding"]).toBe("br");
  expect(answer.headers()["cache-control"]).toContain("immutable");

  // The others are fetched while nothing else is to be done.
  await expect.poll(() => ["cashier", "metering", "reports", "organisation"].every(chunk), { timeout: 20_000 }).toBe(true);
  await page.getByRole("link", { name: "工作台" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("工作台");
});

test("a page that can't be loaded says so, and comes when it is tried again", async ({ page, faults }) => {
  faults.allow(/chunk-estate|Failed to load resource/);
  await page.route(/-chunk-estate\.wasm$/, (route) => route.fulfill({ status: 404 }));
  await signedIn(page);
  await page.goto("/estate/units");
  await expect(page.getByRole("alert")).toContainText("这个页面没有加载成功");
  await expect(page.getByRole("link", { name: "刷新页面" })).toHaveAttribute("href", "/estate/units");
  await accessible(page);

  await page.unroute(/-chunk-estate\.wasm$/);
  await page.getByRole("button", { name: "重试" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("房屋资源");
});
