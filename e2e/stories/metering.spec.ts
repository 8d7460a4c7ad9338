// A month's readings from a workbook: wrong cells are told before anything is sent, sound ones come in.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { go } from "../pages/shell.ts";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";
import { anju, today } from "../support/server.ts";

test("a month's readings are refused by cell, mended they come in and lead on to the apportionment", async ({ page, server }) => {
  const samples = join(server.folder, "samples");
  anju(["samples", "--to", samples, "--today", today], server.folder);
  const file = `抄表-${today.slice(0, 7)}`;
  const mistakes = readFileSync(join(samples, "mistakes.tsv"), "utf8").split("\n");
  const wrong = mistakes.filter((line) => line.startsWith(`${file}-有误`)).map((line) => line.split("\t")[1]);

  await signedIn(page);
  await page.goto("/metering/readings/import");
  await page.locator("input[type=file]").setInputFiles(join(samples, `${file}-有误.xlsx`));
  await page.getByRole("button", { name: "预览" }).click();
  const bad = page.locator("section", { has: page.getByRole("heading", { name: "错误" }) });
  const cells = (await bad.locator("tbody tr td:first-child").allTextContents()).map((cell) => cell.trim());
  expect(cells.length).toBeGreaterThan(2);
  for (const cell of cells) expect(wrong).toContain(cell);
  await expect(page.getByRole("button", { name: /导入 .* 行/ })).toHaveAttribute("aria-disabled", "true");
  await accessible(page);

  // A text file as Chinese spreadsheets write it, in GB 18030: of one, two and four bytes a letter.
  const text = Buffer.from("b1edbac52cb1bec6dab6c1cafd2cb3adb1edc8d5c6da0d0abcd78139ef31b7b1f3779534b235a2d92c31322c323032362d30312d30350d0a", "hex");
  await page.goto("/metering/readings/import");
  await page.locator("input[type=file]").setInputFiles({ name: "抄表.csv", mimeType: "text/csv", buffer: text });
  await page.getByRole("button", { name: "预览" }).click();
  await expect(bad.getByText("甲㐂繁體𠮷①").first()).toBeVisible();

  await page.goto("/metering/readings/import");
  await page.locator("input[type=file]").setInputFiles(join(samples, `${file}.xlsx`));
  await page.getByRole("button", { name: "预览" }).click();
  await page.getByRole("button", { name: /导入 .* 行/ }).click();
  await expect(page.getByText(/已导入 .* 条读数/).first()).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: "去公摊" }).click();
  await expect(page.getByRole("button", { name: "分摊", exact: true })).toBeVisible();
});

test("an odd reading waits with its photo until it is confirmed or sent back; what nobody could read is estimated, with the reason @both", async ({ page }) => {
  test.setTimeout(120_000);
  await signedIn(page);
  await go(page, "/metering/readings/enter");
  const odd = page.getByRole("row", { name: /1栋1单元101.*DB-1-1-101/ });
  await odd.getByRole("textbox", { name: "DB-1-1-101 本期读数" }).fill("4725");
  await page.keyboard.press("Enter");
  await expect(odd.getByText("突增")).toBeVisible();
  const dot = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  await odd.getByLabel("给 DB-1-1-101 拍照").setInputFiles({ name: "表盘.png", mimeType: "image/png", buffer: dot });
  await expect(page.getByText("照片已保存")).toBeVisible();
  await expect(odd.getByRole("button", { name: "更正 DB-1-1-101 的读数" })).toBeVisible();
  await accessible(page);

  await page.getByRole("main").getByLabel("楼栋").selectOption({ label: "6栋" });
  await page.getByRole("button", { name: "估读未抄的表" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "估读未抄的表" }).click();
  await expect(dialog.getByText("必填。").first()).toBeVisible();
  await dialog.getByLabel("原因").fill("多日无人应门");
  await accessible(page);
  await dialog.getByRole("button", { name: "估读未抄的表" }).click();
  await expect(page.getByText(/估读了 \d+ 块/)).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("row", { name: /6栋1单元/ }).first().getByText("估读")).toBeVisible();

  await go(page, "/metering/review");
  const card = page.getByRole("article").filter({ hasText: "DB-1-1-101" });
  await expect(card.getByText("2026-11 账期，2026-11-23 抄")).toBeVisible();
  await expect(card.getByRole("img", { name: "表盘照片" })).toBeVisible();
  await accessible(page);
  await expect(page.getByText("4 个读数待复核")).toBeVisible();
  await card.getByRole("button", { name: "读数无误" }).click();
  await expect(page.getByText("3 个读数待复核")).toBeVisible();
  await page.getByRole("article").first().getByRole("button", { name: "退回重抄" }).click();
  await dialog.getByLabel("备注").fill("看错表号");
  await dialog.getByRole("button", { name: "退回重抄" }).click();
  await expect(page.getByText("已退回重抄")).toBeVisible();
  await expect(page.getByText("2 个读数待复核")).toBeVisible();
});

test("the page on which readings are entered shows what its filters ask for @both", async ({ page }) => {
  await signedIn(page);
  await go(page, "/metering/readings/enter");
  const rows = page.locator("main tbody tr");
  const main = page.getByRole("main");
  await expect(rows.first()).toBeVisible();
  const all = await rows.count();

  await main.getByLabel("楼栋").selectOption({ label: "6栋" });
  await expect(page).toHaveURL(/[?&]building=/);
  await expect(rows.first()).toContainText("6栋");
  await expect(rows.filter({ hasNotText: "6栋" })).toHaveCount(0);
  await main.getByLabel("类型").selectOption({ label: "水" });
  await expect(rows.filter({ hasNotText: "SB-" })).toHaveCount(0);
  await expect(rows.first()).toContainText("SB-6-");

  // Two words of a search, and back to everything.
  await main.getByRole("searchbox").fill("6-1-102");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("SB-6-1-102");
  await accessible(page);
  await main.getByRole("searchbox").fill("nobody has this");
  await expect(page.getByText("没有要录入的表")).toBeVisible();
  await main.getByRole("searchbox").fill("");
  await main.getByLabel("类型").selectOption({ label: "全部类型" });
  await main.getByLabel("楼栋").selectOption({ label: "全部楼栋" });
  await expect(rows).toHaveCount(all);
});
