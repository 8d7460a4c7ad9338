// Prices: what a typical home would pay is told while one types, who set what and when afterwards; tariffs go to another community.
import { go } from "../pages/shell.ts";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

test("a price says what a typical home would pay, and who set it @both", async ({ page }) => {
  test.setTimeout(120_000);
  await signedIn(page);
  await go(page, "/charging/prices");
  await page.getByRole("combobox", { name: "收费标准" }).selectOption({ label: "物业费 · 高层住宅" });
  await page.getByRole("button", { name: "定单价" }).click();
  const dialog = page.getByRole("dialog");
  const line = dialog.getByText(/^例如 .*栋.*，[\d.]+ ㎡：2026-12 为 [\d,.]+ 元，按现价为 [\d,.]+ 元。$/);
  // Its worker is loaded for it.
  await expect(line).toBeVisible({ timeout: 30_000 });
  const before = await figures();
  expect(before.after).toBeCloseTo(before.now, 2);
  await dialog.getByLabel("单价", { exact: true }).fill("3");
  await expect.poll(async () => (await figures()).after).toBeCloseTo(before.area * 3, 1);
  expect((await figures()).now).toBeCloseTo(before.now, 2);
  await accessible(page);
  await dialog.getByLabel("原因").fill("业主大会 2026 年第 2 号决议");
  await dialog.getByRole("button", { name: "定单价" }).click();
  await expect(page.getByText("单价已保存")).toBeVisible();
  const record = page.getByRole("table", { name: "调价记录" }).getByRole("row", { name: /业主大会 2026 年第 2 号决议/ });
  await expect(record).toContainText("系统管理员");
  await expect(record).toContainText("3.00");
  await expect(record).toContainText("2026-12-01 起");
  await accessible(page);

  async function figures(): Promise<{ area: number; after: number; now: number }> {
    const [area, , , after, now] = (await line.innerText()).replaceAll(",", "").match(/[\d.]+(?= ㎡)|\d{4}-\d{2}|[\d.]+(?= 元)/g)?.flatMap((part) => (part.includes("-") ? [0, 0] : [Number(part)])) ?? [];
    return { area: area ?? 0, after: after ?? 0, now: now ?? 0 };
  }
});

test("the tariff that the list of charges is narrowed to is the one that is assigned", async ({ page }) => {
  await signedIn(page);
  await go(page, "/charging/charges");
  await page.getByRole("button", { name: /收费标准\s*全部/ }).click();
  await page.getByRole("option", { name: "非居民水价", exact: true }).click();
  await expect(page).toHaveURL(/[?&]tariff=/);
  await page.getByRole("link", { name: "批量分配" }).first().click();
  await expect(page.getByLabel("收费标准").locator("option:checked")).toHaveText("水费 · 非居民水价");
});

test("tariffs are copied to another community, what is there already stays", async ({ page }) => {
  test.setTimeout(120_000);
  await signedIn(page);
  await go(page, "/charging/prices");
  await page.getByRole("link", { name: "复制到其他小区" }).click();
  await expect(page.getByLabel("水费 · 非居民水价")).toBeDisabled();
  await page.getByLabel("电梯费 · 按户").check();
  await expect(page.getByText("已选 1 个")).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "复制到其他小区" }).click();
  await expect(page.getByText("已复制 1 个科目、1 个标准、1 个单价")).toBeVisible();
  await go(page, "/charging/prices/copy");
  await expect(page.getByLabel("电梯费 · 按户")).toBeDisabled();
});
