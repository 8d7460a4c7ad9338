// A whole estate comes in from the workbooks of other systems, or nothing of it does.
import { bringIn, markedWorkbook, newCommunity, previewOf, problems } from "../pages/estate.ts";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

const unknownOwners = ["房屋信息!G7", "房屋信息!G8", "房屋信息!G9"];

for (const file of ["hc", "wy"]) {
  test(`${file}.xlsx is refused by cell, comes home marked, and mended it comes in`, async ({ page }) => {
    await signedIn(page);
    await newCommunity(page, file.toUpperCase());
    await previewOf(page, `${file}.xlsx`);
    expect(await problems(page)).toEqual(unknownOwners);
    await expect(page.getByText("还有 3 处要改")).toBeVisible();
    await expect(page.getByRole("button", { name: "导入 9 户" })).toHaveAttribute("aria-disabled", "true");
    expect((await markedWorkbook(page)).suggestedFilename()).toBe(`${file}-待改正.xlsx`);
    await accessible(page);

    await previewOf(page, `${file}-mended.xlsx`);
    expect(await problems(page)).toEqual([]);
    await bringIn(page, 9);
    await accessible(page);
    await page.getByRole("link", { name: "查看房屋" }).click();
    await expect(page.getByRole("link", { name: "1栋1单元1011" })).toBeVisible();
    await expect(page.getByText("李四8")).toBeVisible();
    await accessible(page);
  });
}

test("importRoom.xlsx comes in once; the same file again is refused by cell", async ({ page }) => {
  await signedIn(page);
  await newCommunity(page, "ROOM");
  await previewOf(page, "importRoom.xlsx");
  await bringIn(page, 1);
  await previewOf(page, "importRoom.xlsx");
  expect(await problems(page)).toEqual(["资产信息!C2"]);

  await page.goto("/estate/units");
  await page.getByRole("searchbox", { name: "房号、业主、电话、车牌" }).fill("1-1-1001");
  await page.getByRole("link", { name: "1栋1单元1001" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "1栋1单元1001" })).toBeVisible();
  await accessible(page);
  await page.getByRole("tab", { name: /住户/ }).click();
  await expect(page.getByRole("link", { name: "张三0" })).toBeVisible();
  await accessible(page);
});

test("a unit changes hands from its page @both", async ({ page }) => {
  await signedIn(page);
  await newCommunity(page, "HANDS");
  await previewOf(page, "importRoom.xlsx");
  await bringIn(page, 1);
  await page.goto("/residents/new");
  await page.getByLabel("姓名", { exact: true }).fill("赵买家");
  await page.getByLabel("手机号").fill("136 0000 2222");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("136****2222")).toBeVisible();

  await page.goto("/estate/units");
  await page.getByRole("link", { name: "1栋1单元1001" }).click();
  await page.getByRole("tab", { name: /住户/ }).click();
  await page.getByRole("button", { name: "过户" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("新业主").fill("赵");
  await page.getByRole("option", { name: /赵买家/ }).click();
  await dialog.getByLabel("过户日").fill("2099-01-01");
  await accessible(page);
  await dialog.getByRole("button", { name: "过户" }).click();
  await expect(page.getByRole("link", { name: "赵买家" })).toBeVisible();
  await expect(page.getByText("2099-01-01").first()).toBeVisible();
});
