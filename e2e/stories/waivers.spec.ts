// Waivers: a group and its scheme, what they take off a bill and cost, and a waiver by hand that is taken back.
import { generate } from "../pages/billing.ts";
import { go } from "../pages/shell.ts";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

test("a group and its scheme take something off a bill, which says so and what it cost", async ({ page }) => {
  test.setTimeout(120_000);
  await signedIn(page);
  await go(page, "/waivers/groups");
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "新增人群" }).click();
  await dialog.getByLabel("名称").fill("残疾人家庭");
  await page.keyboard.press("Enter");
  const group = page.getByRole("button", { name: /残疾人家庭/ });
  await group.click();
  await page.getByRole("button", { name: "添加成员" }).click();
  await dialog.getByLabel("姓名").fill("张文静");
  await page.getByRole("option", { name: /6栋1单元401/ }).click();
  await dialog.getByLabel("开始日期").fill("2026-11-01");
  await accessible(page);
  await dialog.getByRole("button", { name: "添加成员" }).click();
  await expect(page.getByRole("row", { name: /张文静.*6栋1单元401/ })).toBeVisible();
  await expect(group).toContainText("1 人，1 户");

  await go(page, "/waivers/schemes/new");
  await page.getByLabel("名称").fill("残疾人家庭减免");
  await page.getByLabel("减免原因").fill("市残联〔2026〕12 号");
  await page.getByLabel("物业费").check();
  await page.getByLabel("减免比例").fill("20");
  await page.getByLabel("残疾人家庭").check();
  await accessible(page);
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("row", { name: /残疾人家庭减免.*减免 20%.*残疾人家庭.*物业费.*2026-11-01 起/ })).toBeVisible();

  await generate(page, "2026-11", ["物业费"], ["6栋"]);
  await go(page, "/waivers/given");
  const given = page.getByRole("row", { name: /6栋1单元401.*残疾人家庭减免/ });
  await expect(given).toBeVisible();
  await accessible(page);
  await given.getByRole("link", { name: /^ZD202611-/ }).click();
  await page.getByRole("tab", { name: /减免/ }).click();
  await expect(page.getByText("享受人群：残疾人家庭。")).toBeVisible();
  await expect(page.getByText(/^¥[\d.]+ × 20%，减免 ¥[\d.]+。$/)).toBeVisible();
  await accessible(page);

  // By hand, on what is left; Esc leaves it alone, and the focus goes back.
  const waive = page.getByRole("button", { name: "减免", exact: true });
  await waive.click();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(waive).toBeFocused();
  await page.keyboard.press("Enter");
  await dialog.getByLabel("减免金额").fill("10");
  await dialog.getByLabel("减免原因").fill("电梯停运补偿");
  await accessible(page);
  await dialog.getByRole("button", { name: "减免" }).click();
  await page.getByRole("tab", { name: /减免/ }).click();
  await expect(page.getByText(/一次性减免：当时未缴 ¥[\d.]+，减免 ¥10\.00。/)).toBeVisible();
  await page.getByRole("button", { name: "撤回" }).click();
  await dialog.getByLabel("撤回原因").fill("补偿另行发放");
  await dialog.getByRole("button", { name: "撤回" }).click();
  await page.getByRole("tab", { name: /减免/ }).click();
  await expect(page.getByText("已撤回", { exact: true })).toBeVisible();

  // What the scheme cost is told beside it.
  await go(page, "/waivers/schemes");
  await page.getByRole("row", { name: /残疾人家庭减免/ }).getByRole("link").last().click();
  await expect(page).toHaveURL(/\/waivers\/given\?scheme=/);
  await expect(page.getByText("1 张账单，1 户")).toBeVisible();
});

test("a scheme that names what is missing says so beside its fields @both", async ({ page }) => {
  test.setTimeout(120_000);
  await signedIn(page);
  await go(page, "/waivers/schemes/new");
  await page.getByLabel("指定房屋").check();
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("有 4 处要改，还没有保存")).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: /减免原因/ }).click();
  await expect(page.getByLabel("减免原因")).toBeFocused();
});
