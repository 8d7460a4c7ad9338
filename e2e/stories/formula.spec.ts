// A formula is typed with help, and tried on real homes before it is a tariff; a pool is shared out by one.
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

test("a formula completes its names, underlines what is wrong and shows what it comes to @desk", async ({ page }) => {
  await signedIn(page);
  await page.goto("/charging/fee-items");
  await page.getByRole("button", { name: "新建收费标准" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("计费方式").selectOption({ label: "按公式" });
  const formula = dialog.getByLabel("公式", { exact: true });
  await formula.pressSequentially("面积 × 单");
  const names = dialog.getByRole("listbox", { name: "可用的变量和函数" });
  await expect(names.getByRole("option").first()).toContainText("单价");
  await page.keyboard.press("Enter");
  await expect(formula).toHaveValue("面积 × 单价");
  await expect(names).toBeHidden();

  // Real homes have an area; the price is still to come, so it is typed.
  const homes = dialog.getByRole("table");
  const row = homes.getByRole("row").nth(1);
  await expect(row).toContainText("栋");
  await row.getByRole("textbox").fill("2");
  await page.keyboard.press("Tab");
  const area = Number((await row.getByRole("cell").first().innerText()).replaceAll(",", ""));
  await expect(row.getByRole("cell").last()).toHaveText(new RegExp(`^${(area * 2).toLocaleString("en").replace(".", "\\.")}`));
  await accessible(page);

  await formula.fill("面积 × 单价 +");
  await expect(dialog.getByText("公式没有写完")).toBeVisible();
  await formula.fill("面积 × 附家费");
  await expect(dialog.locator(".formula-wrong")).toHaveText("附家费");
});

test("the loss of master meters is seen level by level, month by month @both", async ({ page }) => {
  await signedIn(page);
  await page.goto("/metering/tree?month=2026-10");
  const tree = page.getByRole("table", { name: "总分表" });
  await expect(tree.getByRole("row").filter({ hasText: "总表" }).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: /近 12 个月损耗/ })).toBeVisible();
  await page.getByLabel("类型", { exact: true }).selectOption({ label: "水" });
  await expect(page).toHaveURL(/utility=water/);
  await expect(tree.getByRole("row").filter({ hasText: "总表" }).first()).toBeVisible();
});
