// The books on screen: a figure leads to its entries.
import { find, household } from "../pages/cashier.ts";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

test("a click on a figure of the ledger shows the entries it is made of", async ({ page }) => {
  await page.addInitScript(() => Object.assign(window, { print: () => undefined }));
  await signedIn(page);
  const { room } = await household(page);
  await find(page, room);
  await page.keyboard.press("1");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("没有未收账单")).toBeVisible();

  await page.goto("/reports/ledger");
  await expect(page.getByText("100.0%").first()).toBeVisible();
  await accessible(page);
  await page.getByRole("row", { name: /合计/ }).getByRole("link", { name: "747.87" }).last().click();
  await expect(page.getByRole("heading", { name: /实收的分录/ })).toBeVisible();
  await expect(page.getByText("收款 现金").first()).toBeVisible();
  await page.goto("/reports/collections");
  await expect(page.getByText("¥747.87").first()).toBeVisible();
  await accessible(page);
  await page.goto("/reports/arrears");
  await expect(page.getByText("没有欠费")).toBeVisible();
});
