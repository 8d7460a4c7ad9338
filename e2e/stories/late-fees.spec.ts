// Late fee: set on the fee item, shown at the desk, let go in part, collected, and a line of its own on the receipt.
import { find, household } from "../pages/cashier.ts";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

test("late fee is set for a fee item, let go in part and collected with the bills", async ({ page }) => {
  await signedIn(page);
  const { room } = await household(page);
  await page.goto("/charging/fee-items");
  const item = page.locator("section", { has: page.getByRole("heading", { name: "物业费", exact: true }) });
  await item.getByRole("button", { name: "更多" }).first().click();
  await page.getByRole("button", { name: "设置违约金" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("每天收本金的").fill("5");
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(dialog.getByText(/每天最多 0.3%/).first()).toBeVisible();
  await dialog.getByLabel("每天收本金的").fill("0.05");
  await dialog.getByLabel("从哪天的逾期开始算").fill("2026-01-01");
  await accessible(page);
  await dialog.getByRole("button", { name: "保存" }).click();
  // It begins before today: what is open is computed anew, which is asked first.
  await expect(page.getByText("从 2026-01-01 起重算违约金？")).toBeVisible();
  await page.getByRole("button", { name: "保存并重算" }).click();
  await expect(page.getByText("违约金每天 0.05%，最多为本金的 100%")).toBeVisible();

  // 332.19 for 52 days and 341.38 for 21 days.
  await find(page, room);
  const collect = page.getByRole("button", { name: /收款 ¥/ });
  await expect(collect).toContainText("¥760.09");
  await expect(page.getByText("含违约金 12.22")).toBeVisible();
  await accessible(page);

  // In the dialog the keys do what it is for, although the payment behind it is ready to be taken.
  await page.keyboard.press("1");
  await expect(page.getByLabel("现金金额")).toHaveValue("760.09");
  await page.getByRole("button", { name: "减免违约金 8.64" }).first().click();
  await dialog.getByLabel("减免多少").fill("4");
  await dialog.getByLabel("原因").fill("漏水未修");
  await page.keyboard.press("Control+Enter");
  await expect(collect).toContainText("¥756.09");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText(/^已收 ¥/)).toHaveCount(0);

  await page.keyboard.press("1");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已收 ¥756.09", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: /^SJ\d{8}-0001$/ }).first().click();
  await expect(page.getByRole("row", { name: /物业费 违约金.*4\.64/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /物业费 违约金.*3\.58/ })).toBeVisible();

  // The bill says how it came about.
  await page.goto("/billing/bills");
  await page.getByRole("link", { name: /^ZD202609-/ }).first().click();
  await page.getByRole("tab", { name: "违约金" }).click();
  await expect(page.getByText(/2026-10-01 到期，从次日起算/)).toBeVisible();
  await expect(page.getByRole("row", { name: /52.*332\.19.*0\.05%/ })).toBeVisible();
  await accessible(page);
});
