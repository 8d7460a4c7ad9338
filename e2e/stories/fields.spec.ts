// A custom field of units: defined, filled in, charged by, found by, taken home and brought in elsewhere.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { generate, openBill } from "../pages/billing.ts";
import { bringIn, newCommunity, previewOf } from "../pages/estate.ts";
import { go } from "../pages/shell.ts";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

test("a number field is filled in, charged by, found by, exported and imported", async ({ page, server }) => {
  test.setTimeout(120_000);
  await signedIn(page);
  await go(page, "/estate/fields");
  await page.getByRole("button", { name: "新建字段" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("名称").fill("门禁卡数");
  await dialog.getByLabel("类型").selectOption({ label: "数字" });
  await dialog.getByLabel("在列表里显示一列").check();
  await accessible(page);
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("row", { name: /门禁卡数.*可用于收费公式/ })).toBeVisible();

  await go(page, "/estate/units?search=1-1-101");
  await page.getByRole("link", { name: "1栋1单元101" }).click();
  await page.getByRole("link", { name: "修改" }).click();
  await page.getByLabel("门禁卡数").fill("3");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("门禁卡数")).toBeVisible();

  // A tariff by formula, its price, and who is charged.
  await go(page, "/charging/fee-items");
  const refuse = page.locator("section", { has: page.getByRole("heading", { name: "电梯费", exact: true }) });
  await refuse.getByRole("button", { name: "新建收费标准" }).click();
  await dialog.getByLabel("收费标准名称").fill("门禁卡维护");
  await dialog.getByLabel("计费方式").selectOption({ label: "按公式" });
  await dialog.getByLabel("公式", { exact: true }).fill("门禁卡数 × 单价");
  await accessible(page);
  await dialog.getByRole("button", { name: "保存" }).click();
  await page.getByRole("row", { name: /门禁卡维护/ }).getByRole("link").first().click();
  await page.getByRole("button", { name: "定单价" }).click();
  await dialog.getByLabel("单价", { exact: true }).fill("2.5");
  await dialog.getByRole("button", { name: "定单价" }).click();
  await expect(page.getByText("单价已保存")).toBeVisible({ timeout: 20_000 });
  await go(page, "/charging/charges/assign");
  await page.getByLabel("收费标准").selectOption({ label: "电梯费 · 门禁卡维护" });
  await page.getByLabel("1栋", { exact: true }).check();
  await page.getByLabel("开始日期").fill("2026-11-01");
  await page.getByLabel(/旧标准到前一天为止/).check();
  await page.getByRole("button", { name: "批量分配" }).click();
  await expect(page.getByText(/已分配 \d+ 户/)).toBeVisible();
  await generate(page, "2026-11", ["电梯费"], ["1栋"]);
  await openBill(page, "1栋1单元101", "电梯费");
  await expect(page.getByText("公式「门禁卡数 × 单价」直接得出金额，其中门禁卡数 = 3，单价 = 2.5。")).toBeVisible();
  await expect(page.getByText("得 7.50 元。")).toBeVisible();

  // Found by it; what was found goes home with it, and comes in where the same field is.
  await go(page, "/estate/units");
  await page.getByRole("button", { name: "更多筛选" }).click();
  await page.getByRole("button", { name: /门禁卡数/ }).click();
  await page.getByRole("textbox", { name: /从/ }).last().fill("2");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("row", { name: /1栋1单元101.*3/ })).toBeVisible();
  await expect(page.getByRole("button", { name: "导出 1 条" }).or(page.getByRole("link", { name: "导出 1 条" }))).toBeVisible();
  await accessible(page);
  const download = page.waitForEvent("download");
  await page.getByText("导出 1 条").click();
  const file = join(server.folder, "units.xlsx");
  await (await download).saveAs(file);

  const community = await newCommunity(page, "FIELDS");
  const field = { community, field: randomUUID(), of: "unit", name: "门禁卡数", kind: "number", unit_kinds: [], choices: [], in_lists: true, active: true };
  const made = await page.request.post("/api/estate/fields/save", { data: field });
  expect(made.ok(), await made.text()).toBe(true);
  await previewOf(page, file);
  await bringIn(page, 1);
  await go(page, "/estate/units");
  await expect(page.getByRole("row", { name: /1栋1单元101.*3/ })).toBeVisible();
});
