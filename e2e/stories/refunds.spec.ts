// Prepayments and deposits: what is held, its record, and giving it back with a voucher.
import { depositor, holding, openRecord, record } from "../pages/held.ts";
import { go } from "../pages/shell.ts";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

test.beforeEach(async ({ page }) => {
  // The printer of a test is a counter.
  await page.addInitScript(() => {
    Object.assign(window, { printed: 0 });
    window.print = () => Object.assign(window, { printed: (window as unknown as { printed: number }).printed + 1 });
  });
  await signedIn(page);
});

test("a deposit goes back in part, by keys; its record, the voucher and the lists say so", async ({ page }) => {
  test.setTimeout(120_000);
  await depositor(page);
  await openRecord(page, "装修押金");
  await expect(record(page).getByRole("row", { name: /收取.*SJ\d{8}-0001.*\+2,000\.00/ })).toBeVisible();
  await accessible(page);

  // More than is left is refused while it is typed.
  await page.getByRole("button", { name: "退款", exact: true }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: /1501 退款/ });
  const amount = dialog.getByLabel(/^装修押金.*退多少/);
  await expect(amount).toBeFocused();
  await expect(amount).toHaveValue("2000.00");
  await page.keyboard.type("3000");
  await expect(dialog.getByText("不能超过余额。")).toBeVisible();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("500");
  await expect(dialog.getByRole("status")).toContainText("¥500.00");

  // What else is held of the household may go along.
  const prepayment = dialog.getByRole("checkbox", { name: /预存款/ });
  await prepayment.focus();
  await page.keyboard.press("Space");
  await expect(dialog.getByRole("status")).toContainText("¥1,000.00");
  await page.keyboard.press("Space");
  await expect(dialog.getByRole("status")).toContainText("¥500.00");
  await dialog.getByLabel("退款方式").selectOption("银行转账");
  await dialog.getByLabel("流水号").fill("6222-0099");
  await dialog.getByLabel("领款人").fill("王建国");
  await page.keyboard.press("Control+Enter");
  await expect(dialog.getByRole("alert")).toContainText("退款原因");
  await dialog.getByLabel("退款原因").fill("装修验收合格");
  await accessible(page);
  await page.keyboard.press("Control+Enter");
  const yes = page.getByRole("dialog", { name: "退给王建国 ¥500.00？" }).getByRole("button", { name: "退款" });
  await expect(yes).toBeFocused();
  await expect(yes).not.toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Enter");

  // The voucher, on both papers.
  await expect(page.getByText(/^已退 ¥500\.00，退款单 TK20261123-0001$/)).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "退款单 TK20261123-0001" })).toBeVisible();
  const voucher = page.getByRole("article", { name: "退款单" });
  await expect(voucher).toContainText("伍佰元整");
  await expect(voucher).toContainText("银行转账（6222-0099）");
  await expect(voucher).toContainText("1,500.00");
  await expect(voucher).toContainText("领款人签字");
  await accessible(page);
  await page.getByRole("button", { name: "打印", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate("printed")).toBe(1);
  await page.getByRole("button", { name: "补打" }).click();
  await expect(voucher).toContainText("补打 1");
  await page.getByRole("button", { name: "80 毫米小票" }).click();
  await expect(voucher).toContainText("退后余额 1,500.00");
  await accessible(page);

  // The record goes on with it; the bill leads there.
  await openRecord(page, "装修押金");
  await expect(record(page).getByRole("row", { name: /退款.*TK20261123-0001.*−500\.00.*1,500\.00/ })).toBeVisible();
  await page.getByRole("link", { name: "打开账单" }).click();
  await page.getByRole("link", { name: "收、抵、退记录" }).click();
  await record(page).getByRole("link", { name: "TK20261123-0001" }).click();
  await expect(voucher).toBeVisible();

  await go(page, "/cashier/refunds");
  const row = page.getByRole("row", { name: /TK20261123-0001.*王建国.*银行转账.*装修验收合格.*500\.00/ });
  await expect(row).toBeVisible();
  await accessible(page);
  await page.getByRole("searchbox", { name: "退款单号、房号、领款人" }).fill("李");
  await expect(row).toHaveCount(0);
  await page.getByRole("searchbox", { name: "退款单号、房号、领款人" }).fill("王建国");
  await expect(row).toBeVisible();
});

test("what is held is found by kind, by what is left and by unit", async ({ page }) => {
  const { unit } = await depositor(page);
  await go(page, "/cashier/held");
  const [deposit, prepayment] = [holding(page, "装修押金"), holding(page, "预存款")];
  await expect(deposit).toContainText("2,000.00");
  await expect(prepayment).toContainText("500.00");
  await accessible(page);
  await page.getByRole("button", { name: "押金", exact: true }).click();
  await expect(prepayment).toHaveCount(0);
  await expect(deposit).toBeVisible();

  await openRecord(page, "预存款");
  await page.getByRole("button", { name: "退款", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: /退款/ });
  await dialog.getByLabel("领款人").fill("王建国");
  await dialog.getByLabel("退款原因").fill("搬走");
  await dialog.getByRole("button", { name: "退款" }).click();
  await page.getByRole("dialog", { name: "退给王建国 ¥500.00？" }).getByRole("button", { name: "退款" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /退款单/ })).toBeVisible();

  // Used up, it is no longer where one begins.
  await go(page, `/cashier/held?unit=${unit}`);
  await expect(deposit).toBeVisible();
  await expect(prepayment).toHaveCount(0);
  await page.getByRole("button", { name: "已用完" }).click();
  await expect(prepayment).toBeVisible();
  await expect(deposit).toHaveCount(0);
  const states = page.getByRole("group", { name: "余额" });
  await states.getByRole("button", { name: "全部" }).click();
  await expect(deposit).toBeVisible();
  await expect(prepayment).toBeVisible();
  await page.getByRole("button", { name: /不再只看/ }).click();
  await expect(page).not.toHaveURL(/unit=/);
  await expect(deposit).toBeVisible();
});

test("a unit's page shows what is held of it, and a fee item that retires how much there still is", async ({ page }) => {
  const { unit } = await depositor(page);
  await go(page, `/estate/units/${unit}`);
  const held = page.getByRole("table", { name: "预存与押金" });
  await expect(held.getByRole("row", { name: /装修押金.*2,000\.00/ })).toBeVisible();
  await expect(held.getByRole("row", { name: /预存款.*500\.00/ })).toBeVisible();
  await expect(held.locator("tfoot td").last()).toHaveText("2,500.00");
  await accessible(page);
  await page.getByRole("link", { name: "全部预存与押金" }).click();
  await expect(page).toHaveURL(new RegExp(`/cashier/held\\?unit=${unit}`));
  await expect(holding(page, "装修押金")).toBeVisible();

  await go(page, "/charging/fee-items");
  const item = page.locator("section").filter({ has: page.getByRole("heading", { name: "装修押金" }) });
  await item.getByRole("button", { name: "更多" }).click();
  await page.getByRole("button", { name: "停用", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "停用「装修押金」？" });
  await expect(dialog).toContainText("现有 1 笔、余额 ¥2,000.00。停用后不能再收，这些余额仍可抵扣和退还。");
  await accessible(page);
  await dialog.getByRole("button", { name: "停用" }).click();
  await expect(item).toContainText("已停用");
});

test("a prepayment's fee item says what it pays for, and bears no late fee", async ({ page }) => {
  await depositor(page);
  await go(page, "/charging/fee-items");
  await page.getByRole("button", { name: "新建收费科目" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("名称").fill("水费预存");
  await dialog.getByLabel("类别").selectOption("预存款");
  await expect(dialog.getByText("收到的钱是代管款，不计收入")).toBeVisible();
  await dialog.getByLabel("抵扣范围").selectOption("水费");
  await dialog.getByLabel("出账后自动抵扣，收银台也可手动").check();
  await dialog.getByLabel("编码").fill("sfyc");
  await accessible(page);
  await dialog.getByRole("button", { name: "保存" }).click();
  const item = page.locator("section").filter({ has: page.getByRole("heading", { name: "水费预存" }) });
  await expect(item).toContainText("代管款，不计收入；抵扣水费；出账后自动抵扣，收银台也可手动");
  await accessible(page);

  // It stays what it is, and there is no late fee to set.
  await item.getByRole("button", { name: "更多" }).click();
  await expect(page.getByRole("button", { name: "设置违约金" })).toHaveCount(0);
  await page.getByRole("button", { name: "修改收费科目" }).click();
  await expect(dialog.getByLabel("类别").getByRole("option")).toHaveText(["预存款"]);
  await accessible(page);
});

test("on a phone a deposit goes back from a sheet @phone", async ({ page }) => {
  await depositor(page);
  await go(page, "/cashier/held");
  await accessible(page);
  await page.getByRole("link", { name: /1501/ }).first().tap();
  await accessible(page);
  await page.getByRole("button", { name: "退款", exact: true }).tap();
  const sheet = page.getByRole("dialog", { name: /退款/ });
  await sheet.getByLabel("领款人").fill("王建国");
  await sheet.getByLabel("退款原因").fill("装修验收合格");
  await accessible(page);
  await sheet.getByRole("button", { name: "退款" }).tap();
  await page.getByRole("dialog", { name: /^退给王建国/ }).getByRole("button", { name: "退款" }).tap();
  await expect(page.getByRole("article", { name: "退款单" })).toContainText("领款人签字");
  await accessible(page);
});
