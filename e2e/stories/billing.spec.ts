// Bills by hand, and bills of the past.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { household } from "../pages/cashier.ts";
import { bringIn, newCommunity, previewOf } from "../pages/estate.ts";
import { go } from "../pages/shell.ts";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";
import { anju, today } from "../support/server.ts";

test("a bill is raised by hand, with what the household owes before and after", async ({ page }) => {
  await signedIn(page);
  await household(page);
  await page.goto("/billing/bills");
  await page.getByRole("link", { name: "手工开单" }).click();
  await page.getByLabel("房号").fill("1501");
  await page.getByRole("option", { name: /1501/ }).click();
  await page.getByLabel("收费科目").selectOption({ label: "物业费" });
  await page.getByLabel("金额（元）").fill("12.34");
  await page.getByLabel("备注").fill("补换门禁卡");
  await expect(page.getByText("开单后未收")).toBeVisible();
  await expect(page.getByText(/760\.21/)).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "手工开单" }).click();
  await expect(page.getByText(/已开单 ZD/)).toBeVisible();
  await expect(page.getByText("补换门禁卡").first()).toBeVisible();

  await page.getByRole("link", { name: "收款", exact: true }).first().click();
  await expect(page.getByRole("heading", { name: /1501/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /收款 ¥760.21/ })).toBeVisible();
});

test("bills of the past are refused by cell, mended they come in", async ({ page, server, faults }) => {
  const samples = join(server.folder, "samples");
  anju(["samples", "--to", samples, "--today", today], server.folder);
  const mistakes = readFileSync(join(samples, "mistakes.tsv"), "utf8").split("\n");
  const wrong = mistakes.filter((line) => line.startsWith("历史账单-有误")).map((line) => line.split("\t")[1]);
  await signedIn(page);
  await page.goto("/billing/bills/import");
  // Rooms and fee items are looked up before anything is brought in, also those of rows with other mistakes.
  faults.allow(/status of 422/);
  await page.locator("input[type=file]").setInputFiles(join(samples, "历史账单-有误.xlsx"));
  await expect(page.getByRole("heading", { name: /处问题，还没有导入/ })).toBeVisible();
  const told = await page.locator("tbody tr td:first-child").allTextContents();
  expect(told.map((cell) => cell.trim()).sort()).toEqual(wrong.sort());
  await expect(page.getByText("另有 5 行有问题，没有算在内")).toBeVisible();
  await accessible(page);

  await page.goto("/billing/bills/import");
  await page.locator("input[type=file]").setInputFiles(join(samples, "历史账单.xlsx"));
  await page.getByRole("button", { name: /导入 \d+ 张账单/ }).click();
  await expect(page.getByText(/已导入 \d+ 张账单/)).toBeVisible();
});

test("bills of another system come in, once their fee item is there", async ({ page, faults }) => {
  await signedIn(page);
  const community = await newCommunity(page, "PAST");
  await previewOf(page, "importRoom.xlsx");
  await bringIn(page, 1);
  const choose = async () => {
    await page.goto("/billing/bills/import");
    await page.locator("input[type=file]").setInputFiles(join(import.meta.dirname, "../files/other-systems/importFeeDetail.xlsx"));
  };
  // The server knows no such fee item yet; it says so at the cells.
  faults.allow(/status of 422/);
  await choose();
  await expect(page.getByRole("heading", { name: "3 处问题，还没有导入" })).toBeVisible();
  expect(await page.locator("tbody tr td:first-child").allTextContents()).toEqual(["房屋缴费历史!B2", "房屋缴费历史!B3", "房屋缴费历史!B4"]);
  await accessible(page);

  const feeItem = { community, fee_item: randomUUID(), code: "HC", name: "和HC费用项费用名称一致", kind: "property" };
  const made = await page.request.post("/api/charging/fee-items/save", { data: feeItem });
  expect(made.ok(), await made.text()).toBe(true);
  await choose();
  await page.getByRole("button", { name: "导入 3 张账单" }).click();
  await expect(page.getByText("已导入 3 张账单")).toBeVisible();
  // Years to the day, as the other system writes them: from 2016-01-01 to 2016-12-31.
  await expect(page.getByRole("row", { name: /1栋1单元1001.*1,000\.00/ })).toHaveCount(3);
});

test("a wizard is found again after a reload, with its file or its preview", async ({ page }) => {
  await signedIn(page);
  await newCommunity(page, "AGAIN");
  await previewOf(page, "importRoom.xlsx");
  await page.reload();
  await expect(page.getByText("上次选的「importRoom.xlsx」还没有导入。")).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "接着导入" }).click();
  await page.getByRole("button", { name: "下一步：预览" }).click();
  await bringIn(page, 1);
  await page.goto("/estate/import");
  await expect(page.getByRole("button", { name: "选择文件" })).toBeVisible();
  await expect(page.getByText("上次选的")).toHaveCount(0);
});

test("a preview is there again after a reload", async ({ page }) => {
  await signedIn(page);
  await page.goto("/billing/generate");
  await page.getByLabel("起始月份").fill("2026-11");
  await page.getByRole("button", { name: "预览" }).click();
  const generate = page.getByRole("button", { name: /生成 .* 张账单/ });
  const words = await generate.textContent();
  await page.reload();
  await expect(generate).toHaveText(words ?? "");
  await page.getByRole("button", { name: "上一步" }).click();
  await expect(page.getByLabel("起始月份")).toHaveValue("2026-11");
  await page.reload();
  await expect(page.getByRole("button", { name: "预览" })).toBeVisible();
});

test("a calculation that can't be started says so and is tried again", async ({ page, faults }) => {
  faults.allow(/planner_loader/);
  await signedIn(page);
  await page.route("**/planner_loader.js", (route) => route.abort());
  await page.goto("/billing/generate");
  await page.getByRole("button", { name: "预览" }).click();
  await expect(page.getByText("浏览器中的计算程序没有启动，或中途停止")).toBeVisible();
  await page.unroute("**/planner_loader.js");
  await page.getByRole("button", { name: "重试" }).click();
  await expect(page.getByRole("button", { name: /生成 .* 张账单/ })).toBeVisible();
});

test("single units are billed, from a unit's page on", async ({ page }) => {
  await signedIn(page);
  await go(page, "/estate/units?search=1-1-101");
  await page.getByRole("link", { name: "1栋1单元101" }).click();
  await page.getByRole("link", { name: "本户出账" }).click();
  const chosen = page.getByRole("button", { name: /^去掉 1栋1单元10/ });
  await expect(chosen).toHaveCount(1);
  // A run is for buildings or for single units.
  await expect(page.getByRole("group", { name: /^楼栋/ })).toHaveCount(0);
  await page.getByLabel("起始月份").fill("2026-11");
  await page.getByLabel(/^个别房屋/).fill("1-1-102");
  await page.getByRole("option", { name: "1栋1单元102" }).click();
  await expect(chosen).toHaveCount(2);
  await accessible(page);
  await page.getByRole("button", { name: "预览" }).click();
  await expect(page.getByText("1栋1单元101、1栋1单元102")).toBeVisible();
  const generate = page.getByRole("button", { name: /生成 .* 张账单/ });
  const words = await generate.textContent();
  await page.reload();
  await expect(page.getByText("1栋1单元101、1栋1单元102")).toBeVisible();
  await expect(generate).toHaveText(words ?? "");
  await page.getByRole("button", { name: "上一步" }).click();
  await page.getByRole("button", { name: "去掉 1栋1单元102" }).click();
  await expect(chosen).toHaveCount(1);
  await page.getByRole("button", { name: "预览" }).click();
  await generate.click();
  await page.getByRole("dialog").getByRole("button", { name: "生成账单" }).click();
  await expect(page.getByText("已完成")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("main").getByRole("link", { name: "1栋1单元101" }).first()).toBeVisible();
  await accessible(page);
  await go(page, "/billing/runs");
  await expect(page.getByRole("row").filter({ hasText: "1栋1单元101" })).toContainText("已完成");
});
