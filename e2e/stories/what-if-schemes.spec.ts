// A waiver scheme is tried before it is saved: who benefits, what it costs, building by building.
import type { Page } from "@playwright/test";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

const figure = (name: string) => (page: Page) =>
  page.locator("dl.figure-strip > div").filter({ hasText: name }).locator("dd").first();
const [more, less] = [figure("多交"), figure("少交")];

test("a scheme is tried without and a new one beside it, and that one is kept @both", async ({ page }) => {
  await signedIn(page);
  await page.goto("/waivers/schemes");
  await page.getByRole("row").filter({ hasText: "低保户物业费减免" }).getByRole("button", { name: "更多" }).click();
  await page.getByRole("link", { name: "试算：没有它" }).click();
  await expect(page).toHaveURL(/\/charging\/what-if/);
  // The month is one in which it is in force; those who had it pay more.
  await expect(page.getByLabel("起始月份")).toHaveValue("2026-10");
  await expect(more(page)).toHaveText("5 户", { timeout: 30_000 });
  const schemes = page.getByRole("table", { name: "方案减免" });
  await expect(schemes.getByRole("row", { name: /低保户物业费减免/ })).toContainText("−");

  const rail = page.locator("aside");
  await rail.getByRole("button", { name: "不试这一处" }).click();
  await expect(more(page)).toHaveText("0 户");
  await rail.getByRole("button", { name: "试一个新方案" }).click();
  const dialog = page.getByRole("dialog").filter({ hasText: "试一个新方案" });
  await dialog.getByRole("button", { name: "试算", exact: true }).click();
  await expect(dialog.getByText("必填。").first()).toBeVisible();
  await dialog.getByLabel("名称").fill("岁末优惠");
  await dialog.getByLabel("减免原因").fill("岁末活动");
  await dialog.getByLabel("物业费", { exact: true }).check();
  await dialog.getByLabel("所有资源").check();
  await dialog.getByLabel("减免比例").fill("10");
  await dialog.getByLabel("每张账单最多减").fill("20");
  await accessible(page);
  await dialog.getByRole("button", { name: "试算", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(less(page)).not.toHaveText("0 户");
  await expect(schemes.getByRole("row", { name: /岁末优惠/ })).toBeVisible();
  await expect(page.getByRole("table", { name: "按楼栋" }).locator("th", { hasText: "减免（试算）" })).toBeAttached();
  await accessible(page);

  // It is there after a reload, and is no scheme before it is kept.
  await page.reload();
  await expect(less(page)).not.toHaveText("0 户", { timeout: 30_000 });
  await page.getByRole("button", { name: "存为减免方案" }).click();
  const save = page.getByRole("dialog").filter({ hasText: "保存 1 处？" });
  await expect(save.getByText(/岁末优惠/)).toBeVisible();
  await save.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page).toHaveURL(/\/waivers\/schemes/);
  await expect(page.getByRole("row").filter({ hasText: "岁末优惠" }).first()).toContainText("每张最多 ¥20.00");
});

test("what is typed in a scheme's own form is tried first @both", async ({ page }) => {
  await signedIn(page);
  await page.goto("/waivers/schemes");
  await page.getByRole("link", { name: "低保户物业费减免" }).click();
  await page.getByLabel("减免比例").fill("80");
  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("link", { name: /^先试算/ }).click();
  await expect(less(page)).toHaveText("5 户", { timeout: 30_000 });
  await expect(page.locator("aside")).toContainText("减免 80%");
});
