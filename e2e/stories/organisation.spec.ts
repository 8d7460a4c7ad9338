// Who works here: signing in and out.
import { household } from "../pages/cashier.ts";
import { accounts, signIn, signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

test("a wrong password is refused in words, the right one opens the work of the day @both", async ({ page, faults }) => {
  faults.allow(/status of 401/);
  await page.goto("/");
  await signIn(page, { ...accounts.admin, password: "not-the-password" });
  await expect(page.getByText("账号或密码不对").first()).toBeVisible();
  await accessible(page);

  await signIn(page);
  await expect(page.getByRole("navigation").first()).toBeVisible();
  await accessible(page);
});

test("an address that was asked for is opened after signing in", async ({ page }) => {
  await page.goto("/billing/bills");
  await signIn(page);
  await expect(page).toHaveURL(/\/billing\/bills/);
  await expect(page.getByRole("navigation").first()).toBeVisible();
});

test("a session that ends in the middle of a form is begun again over it, and what was typed is saved", async ({ page, faults }) => {
  faults.allow(/status of 401/);
  await signedIn(page);
  await household(page);
  await page.goto("/residents/new");
  await page.getByLabel("姓名", { exact: true }).fill("钱半途");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "保存" }).click();
  const dialog = page.getByRole("dialog", { name: "登录已失效，请重新登录" });
  await expect(dialog).toBeVisible();
  await accessible(page);
  await dialog.getByLabel("密码", { exact: true }).fill(accounts.admin.password);
  await dialog.getByRole("button", { name: "登录并继续" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "钱半途" })).toBeVisible();
});
