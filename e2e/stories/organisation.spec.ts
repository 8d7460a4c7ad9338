// Who works here: signing in and out.
import { accounts, signIn } from "../pages/sign_in.ts";
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
