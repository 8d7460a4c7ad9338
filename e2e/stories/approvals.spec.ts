// Approvals: a waiver above the threshold waits for the manager, who sees why, agrees or refuses; nothing is booked before.
import type { Page } from "@playwright/test";
import { dismissed } from "../pages/organisation.ts";
import { accounts, signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

/** The cashier asks for a waiver of the second largest open bill; gives the bill's address. */
async function asked(page: Page, amount: string): Promise<string> {
  await signedIn(page, accounts.cashier);
  await page.goto("/billing/bills?state=unpaid&sort=-open_fen");
  await page.locator("main").getByRole("link", { name: /^ZD/ }).nth(1).click();
  await page.getByRole("button", { name: "减免", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("减免金额").fill(amount);
  await dialog.getByLabel("减免原因").fill("外墙渗水补偿");
  await dialog.getByRole("button", { name: "减免", exact: true }).click();
  return page.url();
}

test("a waiver above the threshold waits for the manager and is booked when the manager agrees", async ({ page }) => {
  test.setTimeout(180_000);
  const bill = await asked(page, "250");
  await expect(page.getByText("已提交审批，通过后生效")).toBeVisible();
  await expect(page.getByText("一次性减免 ¥250.00 待审批，由王芳提交：外墙渗水补偿")).toBeVisible();
  await expect(page.getByRole("button", { name: "减免", exact: true })).toHaveCount(0);
  await accessible(page);
  await page.goto("/billing/bills?state=unpaid&sort=-open_fen");
  await expect(page.getByTitle("一次性减免待审批")).toHaveCount(2);
  // So does the desk, with the way to the request.
  await page.goto(bill);
  await page.locator("main").getByRole("link", { name: "收款" }).click();
  await page.getByTitle("一次性减免待审批").first().click();
  await expect(page).toHaveURL(/\/approvals\/[0-9a-f-]+$/);

  // The cashier sees both as their own, and decides nothing.
  await page.goto("/approvals");
  await expect(page.getByRole("tab", { name: "我提交的 2" })).toBeVisible();
  await page.getByRole("row", { name: /¥?250\.00/ }).getByRole("link").first().click();
  await expect(page.getByRole("button", { name: "撤回" })).toBeVisible();
  await expect(page.getByRole("button", { name: "同意" })).toHaveCount(0);

  // The manager finds it on the first page, sees what it would change and the bill's lines, and agrees.
  await signedIn(page, accounts.manager);
  await page.goto("/");
  await page.getByRole("link", { name: /待我审批的申请/ }).click();
  await expect(page.getByRole("tab", { name: "待我审批 2" })).toBeVisible();
  const waits = page.getByRole("navigation").getByRole("link", { name: /待我审批/ });
  await expect(waits).toHaveText(/2$/);
  await accessible(page);
  await page.getByRole("row", { name: /250\.00/ }).getByRole("link").first().click();
  await expect(page.getByText("外墙渗水补偿").first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "账单明细" })).toBeVisible();
  await expect(page.getByText("全部同意之前不会入账")).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "同意" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("这是最后一级，同意后立即生效。")).toBeVisible();
  await accessible(page);
  await dialog.getByLabel("意见").fill("情况属实");
  await dialog.getByRole("button", { name: "同意" }).click();
  await expect(page.getByText("已同意，一次性减免已生效")).toBeVisible();
  await expect(waits).toHaveText(/1$/);
  await expect(page.getByText("已通过")).toBeVisible();
  await page.goto(bill);
  await expect(page.getByText("审批同意 情况属实")).toBeVisible();
  await expect(page.getByText("提交减免审批 ¥250.00 外墙渗水补偿")).toBeVisible();
  await expect(page.getByRole("tab", { name: /减免/ })).toBeVisible();

  // A small one is done at once, although it is the second: the first was decided.
  await page.goto("/approvals");
  await expect(page.getByRole("tab", { name: "待我审批 1" })).toBeVisible();
});

test("the flow of voids is set, and a refusal says why", async ({ page }) => {
  await signedIn(page, accounts.manager);
  await page.goto("/approvals/flows");
  await expect(page.getByRole("region", { name: "一次性减免" })).toContainText("满 ¥200.00");
  const voids = page.getByRole("region", { name: "作废账单" });
  await expect(voids).toContainText("不用审批，立即生效");
  await accessible(page);
  await voids.getByRole("button", { name: "修改" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "增加一级" }).click();
  await dialog.getByLabel("起点金额").fill("100");
  await dialog.getByRole("button", { name: "增加一级" }).click();
  const second = dialog.getByRole("group", { name: "第 2 级" });
  await second.getByLabel("起点金额").fill("50");
  await expect(dialog.getByText("不能低于上一级的 100.00 元。")).toBeVisible();
  await second.getByLabel("起点金额").fill("1000");
  await second.getByLabel("指定人员").check();
  await second.getByLabel(/林海燕/).check();
  await accessible(page);
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(voids).toContainText("满 ¥1,000.00");
  await expect(voids).toContainText("林海燕");

  await page.goto("/approvals");
  await page.getByRole("row", { name: /300\.00/ }).getByRole("link").first().click();
  await page.getByRole("button", { name: "拒绝" }).click();
  await dialog.getByRole("button", { name: "拒绝" }).click();
  await expect(dialog.getByText("必填").first()).toBeVisible();
  await dialog.getByLabel("拒绝原因").fill("维修单未附");
  await dialog.getByRole("button", { name: "拒绝" }).click();
  await expect(page.getByText("已拒绝").first()).toBeVisible();
  await expect(page.getByText("维修单未附").first()).toBeVisible();
  await page.goto("/approvals");
  await expect(page.getByText("没有审批申请")).toBeVisible();
});

test("a new scheme waits where a flow says so, and shows what it would take off", async ({ page }) => {
  await signedIn(page);
  await page.goto("/approvals/flows");
  const schemes = page.getByRole("region", { name: "减免方案" });
  await schemes.getByRole("button", { name: "修改" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "增加一级" }).click();
  // A scheme has no amount to begin at.
  await expect(dialog.getByLabel("起点金额")).toHaveCount(0);
  await dialog.getByLabel("部门", { exact: true }).last().selectOption({ label: "项目管理" });
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(schemes).toContainText("每次");

  await page.goto("/waivers/schemes/new");
  await page.getByLabel("名称").fill("军属优待");
  await page.getByLabel("减免原因").fill("街道〔2026〕7 号");
  await page.getByLabel("物业费").check();
  await page.getByLabel("减免比例").fill("20");
  await page.getByLabel("所有资源").check();
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已提交审批，通过后生效")).toBeVisible();
  const note = page.getByRole("listitem").filter({ hasText: "减免方案「军属优待」待审批" });
  await expect(note).toBeVisible();
  await expect(page.getByRole("row", { name: /军属优待/ })).toHaveCount(0);
  await accessible(page);

  await signedIn(page, accounts.manager);
  await note.getByRole("link", { name: "查看" }).click();
  await expect(page.getByRole("row", { name: /怎么减 .* 减免 20%/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /收费科目 .* 物业费/ })).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "同意" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "同意" }).click();
  await expect(page.getByText("已同意，减免方案已生效")).toBeVisible();
  await page.goto("/waivers/schemes");
  await expect(page.getByRole("row", { name: /军属优待.*减免 20%/ })).toBeVisible();
});

test("whoever left is shown in the flow, and replaced", async ({ page }) => {
  await signedIn(page);
  await page.goto("/approvals/flows");
  const voids = page.getByRole("region", { name: "作废账单" });
  const dialog = page.getByRole("dialog");
  await voids.getByRole("button", { name: "修改" }).click();
  await dialog.getByRole("button", { name: "增加一级" }).click();
  await dialog.getByLabel("指定人员").check();
  await dialog.getByLabel(/林海燕/).check();
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(voids).toContainText("林海燕");
  await dismissed(page, "林海燕");

  await page.reload();
  await expect(voids).toContainText("已停用");
  await expect(voids).toContainText("没有人能审批，请修改");
  await accessible(page);
  await voids.getByRole("button", { name: "修改" }).click();
  await expect(dialog.getByLabel(/林海燕/)).toBeChecked();
  // Taken away, they are offered no more.
  await dialog.getByLabel(/林海燕/).click();
  await expect(dialog.getByLabel(/林海燕/)).toHaveCount(0);
  await dialog.getByRole("group", { name: "人员" }).getByRole("checkbox").last().check();
  await accessible(page);
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(voids).not.toContainText("已停用");
  await expect(voids).not.toContainText("没有人能审批");
});

test("@phone the manager agrees on a phone", async ({ page }) => {
  await signedIn(page, accounts.manager);
  await page.goto("/approvals");
  await accessible(page);
  await page.locator("main a[href^='/approvals/']:not([href$='/flows'])").first().click();
  await expect(page.getByText("地下室渗水维修期间物业费协商减免，附维修单").first()).toBeVisible();
  await accessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByRole("button", { name: "同意" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "同意" }).click();
  await expect(page.getByText("已通过")).toBeVisible();
});
