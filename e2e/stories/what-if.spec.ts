// Another price is tried on a tower: who would pay how much more, and only then it is set.
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

test("another property fee of a tower is tried, seen and then set from next month @both", async ({ page }) => {
  await signedIn(page);
  await page.goto("/charging/what-if");
  await expect(page.getByText("还没有变化。")).toBeVisible({ timeout: 30_000 });
  const trial = page.locator("aside");
  await page.getByLabel("再改一处").fill("2栋");
  await trial.getByRole("option", { name: /^2栋/ }).first().click();
  const price = trial.getByLabel("2栋 单价");
  const before = await price.inputValue();
  await price.fill("3.25");
  await expect(page).toHaveURL(/changes=/);

  const more = page.locator("dl.figure-strip > div").filter({ hasText: "多交" }).locator("dd").first();
  await expect(more).not.toHaveText("0 户");
  await expect(page.getByRole("heading", { name: "多少户，变多少（元）" })).toBeVisible();
  await expect(page.getByRole("table", { name: "按楼栋" }).getByRole("row", { name: /^2栋/ })).toContainText("+");
  await accessible(page);

  // Nothing is asked of the server while one types, and what is typed last counts.
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const sum = page.locator("section[aria-live] dd").last();
  const first = await sum.textContent();
  await price.pressSequentially("5", { delay: 20 });
  await expect(sum).not.toHaveText(first ?? "");
  await price.fill("3.25");
  await expect(sum).toHaveText(first ?? "");
  // What the frame asks now and then, on its own, is none of it.
  expect(asked.filter((address) => address.includes("/api/") && !address.includes("/organisation/jobs"))).toEqual([]);

  // A home's amount explains itself, before and after.
  await page.getByRole("table", { name: "多交最多" }).getByRole("button").first().click();
  const explained = page.getByRole("dialog").filter({ hasText: "打开房屋" });
  await expect(explained.getByText(/3\.25/).first()).toBeVisible();
  await expect(explained.getByText(new RegExp(before.replace(".", "\\."))).first()).toBeVisible();
  await explained.getByRole("button", { name: "关闭", exact: true }).click();
  await expect(explained).toBeHidden();

  // After a reload it is there again; it becomes a price only now.
  await page.reload();
  await expect(more).not.toHaveText("0 户", { timeout: 30_000 });
  await page.getByRole("button", { name: "存为新单价" }).click();
  const save = page.getByRole("dialog").filter({ hasText: "从 2026-12-01 起改 1 处？" });
  await expect(save.getByText(/户多交/)).toBeVisible();
  await save.getByLabel("原因").fill("业主大会决议");
  await save.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page).toHaveURL(/\/charging\/prices/);
  const set = page.getByRole("row").filter({ hasText: "业主大会决议" }).filter({ hasText: "2026-12-01" });
  await expect(set.filter({ hasText: "3.25" }).first()).toBeVisible();
});
