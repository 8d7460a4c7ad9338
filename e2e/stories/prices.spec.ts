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

test("a wrong price is replaced from its first day, or withdrawn as if it had never been, and the record keeps both", async ({ page }) => {
  test.setTimeout(120_000);
  await signedIn(page);
  await go(page, "/charging/prices");
  await page.getByRole("combobox", { name: "收费标准" }).selectOption({ label: "物业费 · 高层住宅" });
  const history = page.getByRole("table", { name: "所有单价" });
  const record = page.getByRole("table", { name: "调价记录" });
  const dialog = page.getByRole("dialog");
  const set = async (price: string, reason: string) => {
    await page.getByRole("button", { name: "定单价" }).first().click();
    await dialog.getByLabel("单价", { exact: true }).fill(price);
    await dialog.getByLabel("开始日期").fill("2026-11-01");
    await dialog.getByLabel("原因").fill(reason);
    await dialog.getByRole("button", { name: "定单价" }).click();
  };
  await set("28", "手误");
  await expect(history.getByRole("row", { name: /^2026-11-01 起.*28\.00.*手误/ })).toBeVisible();

  // One that begins on the same day takes its place, once that was said.
  await set("2.90", "更正");
  const asked = page.getByRole("dialog", { name: "替换 2026-11-01 起的单价 28.00？" });
  await expect(asked).toContainText("「调价记录」里两个价都在");
  await accessible(page);
  await asked.getByRole("button", { name: "替换" }).click();
  await expect(history.getByRole("row", { name: /^2026-11-01 起.*2\.90.*更正/ })).toBeVisible();
  await expect(history.getByRole("row", { name: /28\.00/ })).toHaveCount(0);
  await expect(record.getByRole("row", { name: /撤销.*28\.00/ })).toBeVisible();
  await expect(record.getByRole("row", { name: /定价.*28\.00.*手误/ })).toBeVisible();

  // Withdrawn, it leaves its days to the one before it.
  await history.getByRole("row", { name: /2\.90.*更正/ }).getByRole("button", { name: "撤销" }).click();
  const withdraw = page.getByRole("dialog", { name: /^撤销小区的单价 2\.90/ });
  await expect(withdraw).toContainText("从 2026-11-01 起由之前的单价 2.75 继续。");
  await accessible(page);
  await withdraw.getByRole("button", { name: "撤销" }).click();
  await expect(page.getByText("已撤销")).toBeVisible();
  await expect(history.getByRole("row", { name: /2\.90.*更正/ })).toHaveCount(0);
  await expect(history.getByRole("row", { name: /^2026-04-16 起.*2\.75/ })).toBeVisible();
  await expect(record.getByRole("row", { name: /撤销.*2\.90/ })).toBeVisible();
  await expect(record.getByRole("row", { name: /恢复.*2\.75.*2026-11-01 起/ })).toBeVisible();
  await accessible(page);
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
