// Reading rounds: opened and watched on the desk, walked with a phone, and what was odd read again.
import { dismissed } from "../pages/organisation.ts";
import { inCommunity, lowRise, readers, Walk } from "../pages/rounds.ts";
import { accounts } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

test("a round is watched, closed with the rest estimated, and reopened; another is opened by keyboard", async ({ page }) => {
  await inCommunity(page, accounts.manager, lowRise);
  await page.goto("/metering/rounds");
  await page.getByRole("link", { name: "2026-11", exact: true }).click();
  await expect(page.getByRole("heading", { name: "2026-11 抄表任务" })).toBeVisible();
  await expect(page.getByRole("row", { name: /周建军/ }).first()).toBeVisible();
  await accessible(page);
  const sheet = page.waitForEvent("download");
  await page.getByRole("link", { name: "未抄表格" }).click();
  expect((await sheet).suggestedFilename()).toBe("抄表-2026-11.xlsx");
  await page.getByRole("link", { name: "纸质抄表单" }).click();
  await expect(page.getByRole("heading", { name: "2026-11 抄表单" })).toBeVisible();
  await page.getByRole("button", { name: "回到任务" }).click();

  await page.getByRole("button", { name: "关闭任务" }).click();
  const dialog = page.getByRole("dialog");
  await accessible(page);
  await dialog.getByLabel(/估读这 .* 块里的户表/).check();
  await dialog.getByRole("button", { name: "关闭任务" }).click();
  await expect(page.getByText(/任务已关闭：估读 [1-9]/).first()).toBeVisible();
  await page.getByRole("button", { name: "重新打开" }).click();
  await expect(page.getByRole("link", { name: "分配抄表员" })).toBeVisible();

  // December's, all to one reader, but one building to nobody; without a mouse.
  await page.goto("/metering/rounds/new");
  await page.getByLabel("月份", { exact: true }).fill("2026-12");
  await page.getByLabel("全部交给").selectOption({ label: "陈志强" });
  await page.getByLabel("1栋 的抄表员").selectOption({ label: "未分配" });
  await page.getByLabel("2栋 按单元分配").focus();
  await page.keyboard.press("Space");
  await page.getByLabel("2栋 1单元 的抄表员").selectOption({ label: "周建军" });
  await accessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { name: "2026-12 抄表任务" })).toBeVisible();
  await expect(page.getByRole("row", { name: /2栋 1单元 周建军/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /1栋 未分配/ })).toBeVisible();
});

test("a reader walks from door to door, also without a connection @phone", async ({ page, context, faults }) => {
  faults.allow(/ERR_INTERNET_DISCONNECTED/);
  await inCommunity(page, readers.first, lowRise);
  await page.goto("/metering/my-round");
  await accessible(page);
  await page.getByRole("link", { name: /还有 \d+ 块未抄/ }).first().click();
  const walk = new Walk(page);
  await expect(walk.value).toBeFocused();
  await accessible(page);
  const before = Number((await walk.done.textContent())?.split("/")[0]);
  await walk.reads(8);
  await expect(walk.done).toHaveText(new RegExp(`^${before + 1} /`));

  // Nobody at home: noted, and the next door.
  const shut = await walk.place.textContent();
  await page.getByRole("button", { name: "抄不到" }).click();
  const dialog = page.getByRole("dialog");
  await accessible(page);
  await dialog.getByLabel("家里没人").check();
  await dialog.getByRole("button", { name: "抄不到" }).click();
  await expect(walk.place).not.toHaveText(shut ?? "");

  // In the cellar there is no connection: it stays on the phone and goes when there is one again.
  await context.setOffline(true);
  await walk.reads(9);
  await expect(page.getByText(/1 块存在手机里/)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText(/1 块存在手机里/)).toBeHidden({ timeout: 20_000 });
  await expect(walk.done).toHaveText(new RegExp(`^${before + 2} /`));

  await page.reload();
  await expect(walk.done).toHaveText(new RegExp(`^${before + 2} /`));
  await page.getByText(/全部 \d+ 块表/).click();
  await expect(page.getByRole("button", { name: /家里没人/ }).first()).toBeVisible();
});

test("what could not be sent outlives the page and goes when it is opened again @phone", async ({ page, faults }) => {
  faults.allow(/ERR_FAILED/);
  await inCommunity(page, readers.first, lowRise);
  await page.goto("/metering/my-round");
  const part = page.getByRole("link", { name: /还有 \d+ 块未抄/ }).first();
  await part.click();
  const walk = new Walk(page);
  await expect(walk.value).toBeFocused();
  await page.route("**/api/metering/readings/enter", (route) => route.abort());
  await walk.reads(8);
  const kept = page.getByText(/1 块存在手机里/);
  await expect(kept).toBeVisible();

  // The page is closed and opened again: it is still there, and the list of one's rounds says so.
  await page.goto("/metering/my-round");
  await expect(page.getByText("1 块还没上传")).toBeVisible();
  await accessible(page);
  await part.click();
  await expect(kept).toBeVisible();
  const before = Number((await walk.done.textContent())?.split("/")[0]);

  // Signing out would lose it, and says so.
  await page.getByRole("button", { name: "更多" }).click();
  await page.getByRole("button", { name: "退出登录" }).click();
  await expect(page.getByText("还有 1 条没有上传")).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "取消" }).click();

  await page.unroute("**/api/metering/readings/enter");
  await page.reload();
  await expect(kept).toHaveCount(0);
  await expect(walk.done).toHaveText(new RegExp(`^${before} /`));
  await page.reload();
  await expect(walk.done).toHaveText(new RegExp(`^${before} /`));
  await page.goto("/metering/my-round");
  await expect(page.getByText("块还没上传")).toHaveCount(0);
});

test("a reader who left is shown in the round until somebody takes over", async ({ page }) => {
  await inCommunity(page, accounts.admin, lowRise);
  await dismissed(page, "周建军");
  await page.goto("/metering/rounds");
  await page.getByRole("link", { name: "2026-11", exact: true }).click();
  await page.getByRole("link", { name: "分配抄表员" }).click();
  const left = page.getByRole("combobox").filter({ has: page.locator("option:checked", { hasText: "周建军（已停用或无权抄表）" }) });
  await expect(left.first()).toBeVisible();
  await accessible(page);
  // The day alone is changed, and saved; then somebody else takes it all over.
  await page.getByLabel("结束日期").fill("2026-11-29");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("row", { name: /周建军/ }).first()).toBeVisible();
  await page.getByRole("link", { name: "分配抄表员" }).click();
  await page.getByLabel("全部交给").selectOption({ label: "陈志强" });
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("heading", { name: "2026-11 抄表任务" })).toBeVisible();
  await expect(page.getByRole("row", { name: /周建军/ })).toHaveCount(0);
});

test("what was sent back is read again, and the reviewer sees both figures @both", async ({ page, browser, server }) => {
  await inCommunity(page, accounts.manager, lowRise);
  // Another odd reading is sent back, with a note.
  await page.goto("/metering/review");
  // Two of last month wait as well; this month's is the one that is sent back.
  const waiting = page.getByRole("article").filter({ hasText: "2026-11" });
  await waiting.getByRole("button", { name: "退回重抄" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("交给").selectOption({ label: "陈志强" });
  await dialog.getByLabel("备注").fill("请拍照");
  await accessible(page);
  await dialog.getByRole("button", { name: "退回重抄" }).click();
  await expect(waiting).toHaveCount(0);

  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, baseURL: server.address, locale: "zh-CN" });
  const own = await phone.newPage();
  await inCommunity(own, readers.second, lowRise);
  await own.goto("/metering/my-round");
  const task = own.getByRole("link", { name: /请拍照/ });
  const refused = (await task.textContent())?.match(/退回读数 ([\d,.]+)/)?.[1] ?? "";
  await task.click();
  await own.locator("#walk-value").fill(refused.replace(/,/g, ""));
  await own.locator("#walk-value").press("Enter");
  await expect(own.getByText("待复核").first()).toBeVisible();
  await phone.close();

  await page.reload();
  await expect(waiting.getByText("重抄确认")).toBeVisible();
  await accessible(page);
  await waiting.getByRole("button", { name: "接受重抄读数" }).click();
  await expect(waiting).toHaveCount(0);
  await page.goto("/metering/rereads");
  await expect(page.getByText("重抄确认").first()).toBeVisible();
  await accessible(page);
});
