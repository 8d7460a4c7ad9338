// The main job, as a person does it: the README's tour, and the way of a new community from nothing.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { bringIn, newCommunity, previewOf, problems } from "../pages/estate.ts";
import { accounts, signIn, signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";
import { anju, today } from "../support/server.ts";

test.beforeEach(async ({ page }) => {
  // The printer of a test is a counter.
  await page.addInitScript(() => {
    Object.assign(window, { printed: 0 });
    window.print = () => Object.assign(window, { printed: (window as unknown as { printed: number }).printed + 1 });
  });
});

test("the README's tour, from a workbook of units to the bills of the past", async ({ page, server }) => {
  test.setTimeout(240_000);
  const samples = join(server.folder, "samples");
  anju(["samples", "--to", samples, "--today", today], server.folder);
  const mistakes = readFileSync(join(samples, "mistakes.tsv"), "utf8").split("\n").map((line) => line.split("\t"));
  /** The cells of a sample that are wrong. */
  const wrong = (name: string) => mistakes.filter(([file]) => file === `${name}-有误.xlsx`).map(([, cell]) => cell);
  const file = (name: string) => join(samples, `${name}.xlsx`);
  const choose = (name: string) => page.locator("input[type=file]").setInputFiles(file(name));
  const month = today.slice(0, 7);

  await page.goto("/");
  await signIn(page, accounts.manager);
  await expect(page.getByRole("navigation").first()).toBeVisible();

  await test.step("units and residents come in, once their cells are right", async () => {
    await previewOf(page, file("房屋住户导入-有误"));
    const told = await problems(page);
    expect(told.length).toBeGreaterThan(4);
    for (const cell of told) expect(wrong("房屋住户导入")).toContain(cell.trim());
    await previewOf(page, file("房屋住户导入"));
    await page.getByRole("button", { name: /导入 \d+ 户/ }).click();
    await expect(page.getByRole("heading", { name: /已导入 \d+ 户/ })).toBeVisible();
  });

  await test.step("the new building has a price of its own, and pays it", async () => {
    await page.goto("/charging/fee-items");
    await page.getByRole("link", { name: "高层住宅" }).click();
    await expect(page.getByRole("main").getByText("8栋").first()).toBeVisible();
    await page.getByRole("button", { name: "定单价" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("范围").selectOption({ label: "8栋" });
    await dialog.getByLabel("单价", { exact: true }).fill("3.1");
    await dialog.getByLabel("开始日期", { exact: true }).fill("2026-10-01");
    await dialog.getByRole("button", { name: "定单价" }).click();
    await expect(page.getByText("单价已保存")).toBeVisible();
    await page.goto("/charging/charges/assign");
    await page.getByLabel("收费标准").selectOption({ label: "物业费 · 高层住宅" });
    await page.getByLabel("8栋", { exact: true }).check();
    await page.getByLabel("开始日期", { exact: true }).fill("2026-10-01");
    await page.getByRole("button", { name: "批量分配" }).click();
    await expect(page.getByText(/已分配 \d+ 户/)).toBeVisible();
  });

  await test.step("the month's readings come in, once their cells are right", async () => {
    await page.goto("/metering/readings/import");
    await choose(`抄表-${month}-有误`);
    await page.getByRole("button", { name: "预览" }).click();
    const bad = page.locator("section", { has: page.getByRole("heading", { name: "错误" }) });
    const told = await bad.locator("tbody tr td:first-child").allTextContents();
    expect(told.length).toBeGreaterThan(2);
    for (const cell of told) expect(wrong(`抄表-${month}`)).toContain(cell.trim());
    await page.goto("/metering/readings/import");
    await choose(`抄表-${month}`);
    await page.getByRole("button", { name: "预览" }).click();
    await page.getByRole("button", { name: /导入 .* 行/ }).click();
    await expect(page.getByText(/已导入 .* 条读数/).first()).toBeVisible();
  });

  await test.step("public use and loss are shared out", async () => {
    await page.getByRole("link", { name: "去公摊" }).click();
    const share = page.getByRole("button", { name: "分摊", exact: true });
    await expect(share).toHaveAttribute("aria-disabled", "false");
    await share.click();
    await page.getByRole("dialog").getByRole("button", { name: "分摊", exact: true }).click();
    await expect(page.getByText(/已分摊给 \d+ 户/)).toBeVisible();
  });

  await test.step("the whole community is previewed, then generated", async () => {
    await page.goto("/billing/generate");
    await page.getByLabel("起始月份").fill(month);
    await page.getByRole("button", { name: "预览" }).click();
    const generate = page.getByRole("button", { name: /生成 .* 张账单/ });
    await expect(generate).toBeEnabled();
    await accessible(page);
    await generate.click();
    await page.getByRole("dialog").getByRole("button", { name: "生成账单" }).click();
    await expect(page.getByRole("link", { name: "查看这批账单" })).toBeVisible({ timeout: 60_000 });
    await page.goto("/billing/runs");
    await expect(page.getByRole("row", { name: new RegExp(`${month}.*已完成`) }).first()).toBeVisible();
  });

  await test.step("a household of the new building pays", () => paysInTwoWays(page, "8-1-101"));
  await test.step("the ledger goes home as a workbook", () => ledgerGoesHome(page));

  await test.step("bills of the past come in, paid and unpaid", async () => {
    await page.goto("/billing/bills/import");
    await choose("历史账单");
    await page.getByRole("button", { name: /导入 \d+ 张账单/ }).click();
    await expect(page.getByText(/已导入 \d+ 张账单/)).toBeVisible();
  });
});

test("a new community goes from a workbook of units to money in the books", async ({ page }) => {
  test.setTimeout(120_000);
  await signedIn(page);
  await newCommunity(page, "TOUR");
  await page.context().clearCookies();
  await page.goto("/");
  await signIn(page, accounts.admin);
  await expect(page.getByRole("navigation").first()).toBeVisible();

  await test.step("units and residents come in", async () => {
    await previewOf(page, "hc-mended.xlsx");
    await bringIn(page, 9);
  });

  await test.step("what is charged, by which tariff, at which price, for whom", async () => {
    await page.goto("/charging/fee-items");
    await page.getByRole("button", { name: "新建收费科目" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("名称").fill("物业费");
    await dialog.getByLabel("编码").fill("WY");
    await dialog.getByRole("button", { name: "保存" }).click();
    await page.getByRole("button", { name: "新建收费标准" }).click();
    await dialog.getByLabel("收费标准名称").fill("住宅物业费");
    await dialog.getByRole("button", { name: "保存" }).click();
    await page.getByRole("link", { name: "住宅物业费" }).click();
    await page.getByRole("button", { name: "定单价" }).click();
    await dialog.getByLabel("单价", { exact: true }).fill("2.5");
    await expect(dialog.getByLabel("开始日期", { exact: true })).toHaveValue("2026-01-01");
    await dialog.getByRole("button", { name: "定单价" }).click();
    await expect(page.getByText("单价已保存")).toBeVisible();
    await accessible(page);

    await page.goto("/charging/charges/assign");
    // The month that the wizard of bills begins with.
    await expect(page.getByLabel("开始日期", { exact: true })).toHaveValue("2026-10-01");
    await page.getByRole("button", { name: "批量分配" }).click();
    await expect(page.getByText(/已分配 \d+ 户/)).toBeVisible();
  });

  await test.step("the whole community is previewed, then generated", async () => {
    await page.goto("/billing/generate");
    await page.getByRole("button", { name: "预览" }).click();
    const generate = page.getByRole("button", { name: /生成 \d+ 张账单/ });
    await expect(generate).toBeEnabled();
    await accessible(page);
    await generate.click();
    await page.getByRole("dialog").getByRole("button", { name: "生成账单" }).click();
    await expect(page.getByRole("link", { name: "查看这批账单" })).toBeVisible();
    await page.goto("/billing/runs");
    await expect(page.getByRole("row", { name: /2026-10.*物业费.*已完成/ })).toBeVisible();
    await accessible(page);
  });

  await test.step("a household pays", () => paysInTwoWays(page, "1-1-1011"));
  await test.step("the ledger goes home as a workbook", () => ledgerGoesHome(page));
});

/** Part in cash, the rest by transfer, by keyboard; then the receipt. */
async function paysInTwoWays(page: Page, room: string): Promise<void> {
  await page.goto("/cashier");
  await expect(page.getByRole("combobox", { name: "找住户" })).toBeFocused();
  await page.keyboard.type(room);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: new RegExp(room.split("-").at(-1) ?? room) })).toBeVisible();
  // Not due yet: taken all the same.
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: /收款 ¥/ })).toBeVisible();
  await page.keyboard.press("1");
  await page.keyboard.type("20");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.keyboard.press("5");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/^已收 ¥/).first()).toBeVisible();
  await expect.poll(() => page.evaluate("printed")).toBe(1);
  await page.getByRole("link", { name: /^SJ/ }).first().click();
  await expect(page.getByText(/[壹贰叁肆伍陆柒捌玖拾佰仟]元/).first()).toBeVisible();
}

async function ledgerGoesHome(page: Page): Promise<void> {
  await page.goto("/reports/ledger");
  await expect(page.getByRole("row", { name: /合计/ }).first()).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: /导出/ }).first().click();
  const file = readFileSync(await (await download).path());
  expect(file.subarray(0, 2).toString()).toBe("PK");
  expect(file.length).toBeGreaterThan(4_000);
}
