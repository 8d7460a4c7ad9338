// The rest of a trial: tiers that come and go, the list of all units, the workbook, and a worker that lets go.
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

test("tiers of a water price are tried as they are entered for a price @both", async ({ page }) => {
  await signedIn(page);
  await page.goto("/charging/what-if");
  await expect(page.getByText("还没有变化。")).toBeVisible({ timeout: 30_000 });
  await page.getByLabel("收费标准").selectOption({ label: "水费 · 居民阶梯水价" });
  const rail = page.locator("aside");
  await page.getByLabel("再改一处").click();
  await rail.getByRole("listbox").getByRole("option").first().click();
  await rail.getByRole("button", { name: "改阶梯、分项、季节" }).click();
  const dialog = page.getByRole("dialog").filter({ hasText: "试什么单价" });
  const rows = dialog.getByRole("row");
  const before = await rows.count();
  await dialog.getByRole("button", { name: "加一档" }).click();
  await expect(rows).toHaveCount(before + 1);
  const tier = before - 1;
  await dialog.getByLabel(`第 ${tier} 档上限`).fill("1000");
  await dialog.getByLabel(`第 ${tier} 档单价`).fill("50");
  await dialog.getByLabel(`第 ${tier + 1} 档单价`).fill("99");
  await dialog.getByLabel("第 1 档单价").fill("9.9");
  await accessible(page);
  await dialog.getByRole("button", { name: "试算", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(rail.getByLabel(/第 1 档单价$/)).toHaveValue("9.90");
  await expect(rail.getByLabel(new RegExp(`第 ${tier + 1} 档单价$`))).toHaveValue("99.00");
  await expect(page.locator("dl.figure-strip > div").filter({ hasText: "多交" }).locator("dd").first()).not.toHaveText("0 户");
});

test("all units are filtered, put in order and turned by keys, and taken home; the worker ends with the page @both", async ({ page }) => {
  await signedIn(page);
  await page.goto("/charging/what-if");
  await expect(page.getByText("还没有变化。")).toBeVisible({ timeout: 30_000 });
  const rail = page.locator("aside");
  await page.getByLabel("再改一处").fill("2栋");
  await rail.getByRole("option", { name: /^2栋/ }).first().click();
  await rail.getByLabel("2栋 单价").fill("3.25");
  await expect(page.locator("dl.figure-strip > div").filter({ hasText: "多交" }).locator("dd").first()).not.toHaveText("0 户");

  // From a building to its units.
  await page.getByRole("table", { name: "按楼栋" }).getByRole("button", { name: "2栋" }).click();
  const search = page.getByRole("search", { name: "每一户" });
  await expect(search.getByLabel("楼栋").locator("option:checked")).toHaveText("2栋");
  const units = page.getByRole("table", { name: "每一户" });
  await expect(units.getByRole("row").nth(1)).toContainText("2栋");
  await search.getByLabel("哪些户").selectOption("多交");
  await search.getByLabel("排序").selectOption("变化大的在前");
  const amounts = async () => (await units.locator("tbody tr td:last-child").allTextContents()).map((text) => Number(text.replaceAll(/[^\d.]/g, "")));
  await expect.poll(async () => (await amounts()).every((amount, at, all) => at === 0 || amount <= (all[at - 1] ?? 0))).toBe(true);
  // What is filtered stays when another price is tried.
  await rail.getByLabel("2栋 单价").fill("3.35");
  await expect(search.getByLabel("哪些户")).toHaveValue("1");

  const next = page.getByRole("button", { name: "下一页" });
  const first = await units.getByRole("row").nth(1).textContent();
  await next.focus();
  await page.keyboard.press("Enter");
  await expect(units.getByRole("row").nth(1)).not.toHaveText(first ?? "");
  await search.getByLabel("搜索").fill("没有这一户");
  await expect(page.getByText("没有符合条件的房屋")).toBeVisible();
  await page.getByRole("button", { name: "清除筛选" }).click();
  await expect(search.getByLabel("楼栋")).toHaveValue("0");
  await accessible(page);

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "导出" }).click();
  expect((await download).suggestedFilename()).toMatch(/^试算 .*\.xlsx$/);

  // Nothing of the community is left in the browser once the page is left.
  expect(page.workers()).toHaveLength(1);
  await units.getByRole("button").first().click();
  await page.getByRole("link", { name: "打开房屋" }).click();
  await expect(page).toHaveURL(/\/estate\/units\//);
  await expect.poll(() => page.workers().length).toBe(0);
});
