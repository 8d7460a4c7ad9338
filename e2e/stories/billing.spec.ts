// Bills by hand, and bills of the past.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { household } from "../pages/cashier.ts";
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

test("bills of the past are refused by cell, mended they come in", async ({ page, server }) => {
  const samples = join(server.folder, "samples");
  anju(["samples", "--to", samples, "--today", today], server.folder);
  const mistakes = readFileSync(join(samples, "mistakes.tsv"), "utf8").split("\n");
  const wrong = mistakes.filter((line) => line.startsWith("历史账单-有误")).map((line) => line.split("\t")[1]);
  await signedIn(page);
  await page.goto("/billing/bills/import");
  await page.locator("input[type=file]").setInputFiles(join(samples, "历史账单-有误.xlsx"));
  await expect(page.getByRole("heading", { name: /处问题，还没有导入/ })).toBeVisible();
  const told = await page.locator("tbody tr td:first-child").allTextContents();
  for (const cell of told) expect(wrong).toContain(cell.trim());
  expect(told.length).toBeGreaterThan(2);
  await accessible(page);

  await page.goto("/billing/bills/import");
  await page.locator("input[type=file]").setInputFiles(join(samples, "历史账单.xlsx"));
  await page.getByRole("button", { name: /导入 \d+ 张账单/ }).click();
  await expect(page.getByText(/已导入 \d+ 张账单/)).toBeVisible();
});
