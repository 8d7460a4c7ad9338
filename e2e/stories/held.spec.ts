// Prepayments and deposits at the cashier's desk.
import { balance, find, heldItems, household, take } from "../pages/cashier.ts";
import { paidAhead } from "../pages/held.ts";
import { go } from "../pages/shell.ts";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => Object.assign(window, { print: () => undefined }));
  await signedIn(page);
});

test("what was paid ahead pays a part, change stays here, and a void gives both back", async ({ page }) => {
  test.setTimeout(120_000);
  const home = await household(page);
  await heldItems(page, home);
  await find(page, home.room);
  const collect = page.getByRole("button", { name: /收款 ¥/ });
  await expect(collect).toContainText("¥747.87");

  // None of the bills yet: a deposit and a prepayment alone.
  await page.keyboard.press("a");
  await expect(collect).toContainText("¥0.00");
  await take(page, "装修押金", "2000");
  await take(page, "预存款", "500");
  await expect(collect).toContainText("¥2,500.00");
  await accessible(page);
  await page.keyboard.press("2");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已收 ¥2,500.00", { exact: true })).toBeVisible();
  await expect(balance(page, "预存余额")).toHaveText("¥500.00");
  await expect(balance(page, "押金")).toHaveText("¥2,000.00");

  // It is offered, not presumed; more than there is is refused.
  await page.keyboard.press("a");
  await expect(page.getByText("可用 ¥500.00")).toBeVisible();
  const prepaid = page.getByLabel("预存抵扣金额");
  await expect(prepaid).toHaveValue("");
  await expect(page.getByLabel("押金抵扣金额")).toHaveValue("");
  await page.keyboard.press("6");
  await expect(prepaid).toHaveValue(/^500/);
  await expect(prepaid).toBeFocused();
  await prepaid.fill("600");
  await expect(page.getByRole("alert")).toHaveText("最多抵扣 500.00 元");
  await prepaid.fill("100");
  await expect(page.getByRole("alert")).toBeHidden();
  await page.keyboard.press("Enter");

  // The rest in cash; what would go back is kept.
  await page.keyboard.press("1");
  await expect(page.getByLabel("现金金额")).toHaveValue("647.87");
  await page.keyboard.press("Enter");
  await page.keyboard.type("700");
  await expect(page.getByRole("button", { name: "不找零，¥52.13 存为预存" })).toBeVisible();
  await accessible(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(collect).toContainText("¥800.00");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已收 ¥800.00", { exact: true })).toBeVisible();
  await expect(balance(page, "预存余额")).toHaveText("¥452.13");

  await go(page, "/cashier/day");
  await expect(page.getByText("另有预存、押金抵扣 ¥100.00，不进现金")).toBeVisible();
  // The same money by method and by purpose: either comes to what was taken; what was set off stands apart.
  const total = page.locator("main dl").first().locator("dd").last();
  await expect(total).toHaveText(/3,200\.00/);
  const methods = page.getByRole("table", { name: "按收款方式" });
  await expect(methods.getByRole("row", { name: /^微信.*2,500\.00$/ })).toBeVisible();
  await expect(methods.getByRole("row", { name: /^现金.*700\.00$/ })).toBeVisible();
  const purposes = page.getByRole("table", { name: "款项构成" });
  await expect(purposes.getByRole("row", { name: /^押金.*2,000\.00$/ })).toBeVisible();
  for (const table of [methods, purposes]) {
    await expect(table.locator("tfoot td").last()).toHaveText("3,200.00");
  }
  const setOff = page.getByRole("table", { name: "抵扣（不进现金）" });
  await expect(setOff.getByRole("row", { name: /^收银台.*100\.00$/ })).toBeVisible();
  await accessible(page);

  await go(page, "/cashier/payments");
  await page.getByRole("link", { name: /^SJ\d{8}-0002$/ }).click();
  await expect(page.getByText(/预存抵扣 100\.00/)).toBeVisible();
  await expect(page.getByText("其中预存、押金抵扣 100.00 元，实收 700.00 元")).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "作废收款" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("用掉的预存、押金退回余额")).toBeVisible();
  await dialog.getByLabel("原因").fill("收错户");
  await dialog.getByRole("button", { name: "作废收款" }).click();
  await expect(page.getByText("已作废").first()).toBeVisible();
  // Taken back on the same day, it is in and out again.
  await go(page, "/cashier/day");
  await expect(methods.locator("tfoot td").last()).toHaveText("2,500.00");
  await expect(total).toHaveText(/2,500\.00/);
  await expect(setOff.getByRole("row", { name: /^收银台.*100\.00.*−100\.00/ })).toBeVisible();
  await expect(page.getByText(/^另有预存、押金抵扣/)).toHaveCount(0);
  await accessible(page);
  await find(page, home.room);
  await expect(balance(page, "预存余额")).toHaveText("¥500.00");
  await expect(balance(page, "押金")).toHaveText("¥2,000.00");
});

test("a transfer of too much is kept where the payer says so, and not otherwise", async ({ page }) => {
  const home = await household(page);
  await heldItems(page, home);
  await find(page, home.room);
  await page.keyboard.press("5");
  await expect(page.getByLabel("银行转账金额")).toBeFocused();
  await page.keyboard.type("800");
  await expect(page.getByText("多了 52.13 元")).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/^已收 ¥/)).toBeHidden();

  await page.getByRole("button", { name: "多出的 ¥52.13 存为预存" }).click();
  await expect(page.getByRole("button", { name: /收款 ¥800.00/ })).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已收 ¥800.00", { exact: true })).toBeVisible();
  await expect(balance(page, "预存余额")).toHaveText("¥52.13");
  await page.getByRole("link", { name: "¥52.13" }).click();
  await expect(page).toHaveURL(/\/cashier\/held\?unit=/);
});

test("whoever generates is told what will be set off, and on the run's page what was", async ({ page }) => {
  test.setTimeout(120_000);
  const { unit } = await paidAhead(page, "1-1-101");
  await page.goto(`/billing/generate?unit=${unit}&month=2026-11`);
  await page.getByRole("button", { name: "预览" }).click();
  await expect(page.getByText(/^预存款将自动抵扣：1 户，余额共 ¥[\d,.]+$/)).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: /生成 .* 张账单/ }).click();
  const dialog = page.getByRole("dialog", { name: /^生成 .* 张账单，合计/ });
  await expect(dialog).toContainText("预存款随后自动抵扣：1 户");
  const yes = dialog.getByRole("button", { name: "生成账单" });
  await expect(yes).not.toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已完成")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/^预存款已自动抵扣 1 户的 \d+ 张账单，共 ¥[\d,.]+。/)).toBeVisible({ timeout: 20_000 });
  await accessible(page);
  await page.getByRole("link", { name: "查看抵扣记录" }).click();
  await expect(page).toHaveURL(/\/cashier\/payments\?run=/);
  await expect(page.locator("main tbody tr")).toHaveCount(1);
  await expect(page.getByRole("link", { name: /^DK\d{8}-\d{4}$/ })).toBeVisible();
  await accessible(page);
});

test("a set-off that failed says why and when it is tried again, and is tried at once where somebody asks", async ({ page }) => {
  test.setTimeout(120_000);
  const { unit } = await paidAhead(page, "1-1-101");
  // As the server tells it while nobody can reach its database, until it is asked to try again.
  let again = false;
  await page.route("**/api/cashier/offset/run?*", async (route) => {
    if (again) return route.continue();
    const problem = { code: "internal", title: "Internal error", status: 500 };
    return route.fulfill({ json: { state: "failed", units: 0, bills: 0, amount_fen: 0, problem, next_try: "2026-11-23T10:20:00Z" } });
  });
  page.on("request", (request) => {
    again ||= request.method() === "POST" && request.url().endsWith("/api/cashier/offset/again");
  });
  await page.goto(`/billing/generate?unit=${unit}&month=2026-11`);
  await page.getByRole("button", { name: "预览" }).click();
  await page.getByRole("button", { name: /生成 .* 张账单/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "生成账单" }).click();
  await expect(page.getByText("已完成")).toBeVisible({ timeout: 20_000 });
  const section = page.getByRole("region", { name: "预存抵扣" });
  await expect(section.getByText(/^预存款没有抵扣完，2026-11-23 18:20 自动再试；已抵扣的不会重复。$/)).toBeVisible();
  await accessible(page);
  await section.getByRole("button", { name: "现在再试" }).click();
  await expect(section.getByText(/^预存款已自动抵扣 1 户的 \d+ 张账单，共 ¥[\d,.]+。/)).toBeVisible({ timeout: 20_000 });
  await expect(section.getByRole("button", { name: "现在再试" })).toHaveCount(0);
});

test("on a phone whoever owes nothing pays ahead @phone", async ({ page }) => {
  const home = await household(page);
  await heldItems(page, home);
  await find(page, home.room);
  const sheet = page.getByRole("dialog");
  await page.getByRole("button", { name: "收款", exact: true }).tap();
  await sheet.getByRole("button", { name: "微信" }).tap();
  await sheet.getByRole("button", { name: /收款 ¥747.87/ }).tap();
  await expect(page.getByText("没有未收账单")).toBeVisible();

  await page.getByRole("button", { name: "收款", exact: true }).tap();
  await sheet.getByRole("button", { name: "收预存 / 押金" }).tap();
  await sheet.getByLabel("收什么").selectOption("预存款");
  await sheet.getByLabel(/^金额/).fill("300");
  await accessible(page);
  await sheet.getByRole("button", { name: "加上" }).tap();
  await sheet.getByRole("button", { name: "微信" }).tap();
  await sheet.getByRole("button", { name: /收款 ¥300.00/ }).tap();
  await expect(balance(page, "预存余额")).toHaveText("¥300.00");
  await accessible(page);
});
