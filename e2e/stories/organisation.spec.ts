// Who works here: signing in and out.
import { randomUUID } from "node:crypto";
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

test("who sees one building is not offered what touches the whole community @both", async ({ page }) => {
  await signedIn(page);
  const asks = async (path: string) => (await page.request.get(path)).json();
  const { communities } = await asks("/api/organisation/me");
  const departments: { id: string; name: string }[] = await asks("/api/organisation/departments");
  const { buildings } = await asks(`/api/estate/tree?community=${communities[0].id}`);
  const narrow = { account: "narrow", password: "one building of many" };
  const engaged = await page.request.post("/api/organisation/employees/save", {
    data: {
      id: randomUUID(), ...narrow, name: "何静", phone: null, department: departments.find(({ name }) => name === "项目管理")?.id,
      may_desk: true, may_phone: true, active: true, all_communities: false,
      scopes: [{ community: communities[0].id, building: buildings[0].building }],
    },
  });
  expect(engaged.ok(), await engaged.text()).toBe(true);
  await page.goto("/charging/fee-items");
  await expect(page.getByRole("button", { name: "新建收费科目" })).toBeVisible();

  await page.context().clearCookies();
  await page.goto("/");
  await signIn(page, narrow);
  await expect(page.getByRole("navigation").first()).toBeVisible();
  await page.goto("/charging/fee-items");
  await expect(page.getByRole("link", { name: "高层住宅" })).toBeVisible();
  await expect(page.getByRole("button", { name: "新建收费科目" })).toHaveCount(0);
  await page.goto("/estate/import");
  await expect(page.getByText("只能看到这个项目的部分楼栋")).toBeVisible();
  await accessible(page);
});
