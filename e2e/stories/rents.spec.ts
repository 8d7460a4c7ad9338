// Rents: a contract with rent-free days, a step and a share of the sales; sales are reported, and the bill says how it came about.
import { generate, openBill } from "../pages/billing.ts";
import { go } from "../pages/shell.ts";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

test("a contract says every rent to come, and its bill is explained, by the rent and by the sales", async ({ page }) => {
  test.setTimeout(120_000);
  await signedIn(page);
  await go(page, "/charging/rents/new");
  await page.getByLabel("房屋").fill("商业街101");
  await page.getByRole("option", { name: /商业街101/ }).click();
  await page.getByLabel("起租日").fill("2026-09-21");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("请填租金；不收固定租金的合同，要约定营业额提成。").first()).toBeVisible();
  await page.getByLabel("首日租金").fill("3000");
  await page.getByRole("button", { name: "加一段免租期" }).click();
  await page.getByLabel("第 1 段免租到").fill("2026-09-30");
  await page.getByLabel("按比例").check();
  await page.getByLabel("营业额提成，与租金取高").check();
  const rents = page.getByRole("table", { name: "各期租金" });
  await expect(rents.getByRole("row", { name: /2026-09-21.*0\.00.*免租 10 天/ })).toBeVisible();
  await expect(rents.getByRole("row", { name: /2026-10-01.*3,000\.00/ })).toBeVisible();
  await expect(rents.getByRole("row", { name: /2027-10-01.*3,150\.00/ })).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /商业街101 租赁合同/ })).toBeVisible();
  await accessible(page);

  // October by its sales: 6% of 100,000 is more than the rent.
  await go(page, "/charging/sales?month=2026-10");
  await page.getByLabel("商业街101 申报营业额").fill("100000");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("row", { name: /商业街101/ })).toContainText("6,000.00");
  await accessible(page);
  await generate(page, "2026-10", ["商铺租金"]);
  await openBill(page, "商业街101", "商铺租金");
  const said = "2026-10-01 至 2026-10-31：申报营业额 100,000.00 × 6% = 6,000.00 元，高于固定租金 3,000.00 元，按营业额提成收取。";
  await expect(page.getByText(said)).toBeVisible();
  await expect(page.getByRole("table", { name: "营业额提成与固定租金比较" })).toContainText("按提成");
  await accessible(page);

  // November without sales: the rent itself.
  await generate(page, "2026-11", ["商铺租金"]);
  await openBill(page, "商业街101", "商铺租金");
  await expect(page.getByText("租金 3,000.00，2026-10-01 起执行。")).toBeVisible();
  await expect(page.getByText("得 3,000.00 元。")).toBeVisible();
});
