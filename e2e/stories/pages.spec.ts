// Every page, on a desk and on a phone, in light and in dark: no fault that a machine can tell, nothing that runs off the page.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

/** A path, or a list and what its first row's link begins with: the page behind that link is walked too. */
const walks: Record<string, (string | { list: string; detail: string; then?: string[] })[]> = {
  "the desk, billing and charging": [
    "/",
    "/cashier",
    { list: "/cashier/payments", detail: "/cashier/receipt/" },
    "/cashier/held",
    "/cashier/refunds",
    "/cashier/day",
    "/cashier/methods",
    { list: "/billing/bills", detail: "/billing/bills/" },
    "/billing/bills/import",
    "/billing/bills/raise",
    "/billing/generate",
    "/billing/calendar",
    "/billing/calendar?month=2026-12",
    "/billing/calendar/rules",
    { list: "/billing/runs", detail: "/billing/runs/" },
    "/charging/fee-items",
    "/charging/prices",
    "/charging/charges",
    "/charging/charges/assign",
    "/waivers/schemes",
    "/waivers/schemes/new",
    "/waivers/groups",
    "/waivers/given",
    "/approvals",
    "/approvals/flows",
    { list: "/approvals?whose=all", detail: "/approvals/" },
    "/charging/rents",
    "/charging/rents/new",
    "/charging/sales",
    "/charging/prices/copy",
    "/reports/ledger",
    "/reports/ledger/entries",
    "/reports/arrears",
    "/reports/collections",
    "/reports/arrears?tab=units",
  ],
  "the estate, its meters and the organisation": [
    { list: "/estate/units", detail: "/estate/units/", then: ["/edit"] },
    "/estate/units/new",
    "/estate/buildings",
    "/estate/import",
    "/estate/fields",
    { list: "/residents", detail: "/residents/", then: ["/edit"] },
    "/residents/new",
    { list: "/metering/meters", detail: "/metering/meters/", then: ["/edit"] },
    "/metering/meters/new",
    "/metering/meters/many",
    "/metering/meters/import",
    "/metering/readings",
    "/metering/readings/enter",
    "/metering/readings/import",
    "/metering/review",
    { list: "/metering/rounds", detail: "/metering/rounds/", then: ["/assign", "/left?standing=unread"] },
    "/metering/rounds/new",
    "/metering/my-round",
    "/metering/rereads",
    "/metering/tree",
    { list: "/metering/apportion", detail: "/metering/apportion/" },
    "/metering/apportion/new",
    { list: "/organisation/communities", detail: "/organisation/communities/" },
    { list: "/organisation/departments", detail: "/organisation/departments/" },
    { list: "/organisation/employees", detail: "/organisation/employees/" },
    "/account",
    "/nowhere",
  ],
};

for (const [name, steps] of Object.entries(walks)) {
  test(`every page of ${name} is accessible and fits @both`, async ({ page }) => {
    test.setTimeout(300_000);
    await signedIn(page);
    await page.goto("/account");
    await expect(page.getByRole("heading", { name: "我的账号" })).toBeVisible({ timeout: 30_000 });
    for (const step of steps) {
      if (typeof step === "string") {
        await look(page, step);
        continue;
      }
      await look(page, step.list);
      const detail = await page.locator(`main a[href^="${step.detail}"]:not([href*="/new"], [href$="/import"], [href$="/many"], [href$="/flows"])`).first().getAttribute("href");
      if (!detail) throw new Error(`${step.list} leads nowhere`);
      await look(page, detail);
      for (const more of step.then ?? []) await look(page, detail + more);
    }
  });
}

/** Goes there as a link does, and looks at it. */
async function look(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    // The same page with another question keeps its title.
    if (new URL(to, location.href).pathname !== location.pathname) document.title = "";
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  await expect(page, path).toHaveTitle(/./);
  await expect(page.locator("main .skeleton, main [aria-busy=true]"), path).toHaveCount(0);
  await page.evaluate(() => (document.documentElement.dataset.theme = "anju"));
  await accessible(page);
  await page.evaluate(() => (document.documentElement.dataset.theme = "anju-dark"));
  const { violations } = await new AxeBuilder({ page }).withRules(["color-contrast"]).analyze();
  expect(violations.flatMap(({ nodes }) => nodes.map(({ target }) => target.join(" "))), `contrast of ${path} in the dark`).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, `${path} is wider than the window`).toBeLessThanOrEqual(0);
}
