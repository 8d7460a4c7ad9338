// A run of a few fee items, and the bill of a home.
import { expect, type Locator, type Page } from "@playwright/test";
import { go } from "./shell.ts";

/** Generates a month through the wizard; no buildings mean all. */
export async function generate(page: Page, month: string, items: string[], buildings: string[] = []): Promise<void> {
  await go(page, "/billing/generate");
  await page.getByLabel("起始月份").fill(month);
  await only(page.getByRole("group", { name: "收费科目" }), items);
  await only(page.getByRole("group", { name: /^楼栋/ }), buildings);
  await page.getByRole("button", { name: "预览" }).click();
  await page.getByRole("button", { name: /生成 [\d,]+ 张账单/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "生成账单" }).click();
  await expect(page.getByText("已完成")).toBeVisible({ timeout: 20_000 });
}

/** Ticks these and nothing else. */
async function only(group: Locator, wanted: string[]): Promise<void> {
  const labels = group.locator("label");
  await expect(labels.first()).toBeVisible();
  for (const label of await labels.all()) await label.getByRole("checkbox").setChecked(wanted.includes((await label.innerText()).trim()));
}

/** Opens the newest bill of a home and fee item. */
export async function openBill(page: Page, unit: string, item: string): Promise<void> {
  await go(page, `/billing/bills?search=${encodeURIComponent(unit)}`);
  await page.getByRole("row").filter({ hasText: unit }).filter({ hasText: item }).first().getByRole("link", { name: /^ZD/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: /^ZD/ })).toBeVisible();
}
