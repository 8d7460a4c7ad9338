// The cashier's desk, without a mouse.
import { randomUUID } from "node:crypto";
import { find, household, post } from "../pages/cashier.ts";
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

test("a household pays by keyboard alone: part in cash with change, the rest by transfer", async ({ page }) => {
  const { room } = await household(page);
  await find(page, room);
  await accessible(page);
  const collect = page.getByRole("button", { name: /收款 ¥/ });
  await expect(collect).toContainText("¥747.87");

  // A later bill without the earlier one is refused, with a way out.
  await page.keyboard.press("Space");
  await expect(page.getByText(/更早的账单/).first()).toBeVisible();
  await page.keyboard.press("Space");
  // Of the second bill only a part.
  await page.keyboard.press("ArrowDown");
  const second = page.locator("tr.desk-at .desk-item");
  const row = page.locator("tr.desk-at");
  while (!(await second.innerText()).includes("物业费")) {
    const at = await row.getAttribute("id");
    await page.keyboard.press("ArrowDown");
    await expect(row).not.toHaveAttribute("id", at ?? "");
  }
  await page.keyboard.press("F2");
  await expect(page.locator("#part")).toBeFocused();
  await page.keyboard.type("100");
  await page.keyboard.press("Enter");
  await expect(collect).toContainText("¥506.49");

  await page.keyboard.press("1");
  await page.keyboard.type("206.49");
  await expect(page.getByText("还差 300.00 元")).toBeVisible();
  await page.keyboard.press("Enter");
  await page.keyboard.press("5");
  await expect(page.getByLabel("银行转账金额")).toBeFocused();
  // Nothing is missing: next, what was handed over of the cash.
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("收到现金")).toBeFocused();
  await page.keyboard.type("210");
  await expect(page.getByText("¥3.51")).toBeVisible();
  await page.keyboard.press("Control+Enter");

  await expect(page.getByText("已收 ¥506.49", { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: /^SJ\d{8}-0001$/ }).first()).toBeVisible();
  await expect.poll(() => page.evaluate("printed")).toBe(1);
  await page.keyboard.press("F9");
  await expect.poll(() => page.evaluate("printed")).toBe(2);
  await expect(page.getByText("241.38").first()).toBeVisible();

  // The next one, please.
  await page.keyboard.press("Escape");
  await expect(page.getByRole("combobox", { name: "找住户" })).toBeFocused();
});

test("a pointer that rests where a list opens does not change whom Enter opens; one that moves does", async ({ page }) => {
  const { community, room } = await household(page);
  const [building, unit] = [randomUUID(), randomUUID()];
  await post(page, "/api/estate/buildings/save", { community, building, name: "5栋", entrances: [] });
  await post(page, "/api/estate/units/save", {
    community, unit, building, floor: 15, room: "1501", kind: "residence", state: "occupied", billed_area: "90", facts: {},
  });
  await page.goto("/cashier");
  const field = page.getByRole("combobox", { name: "找住户" });
  const hits = page.getByRole("listbox", { name: "找住户" }).getByRole("option");
  await expect(field).toBeFocused();
  await page.keyboard.type("1501");
  await expect(hits).toHaveCount(2);
  const second = (await hits.nth(1).innerText()).includes(room) ? /^3栋/ : /^5栋/;

  // What a browser sends where a list opens under a pointer that rests: a move by nothing.
  await hits.nth(1).dispatchEvent("mousemove", { bubbles: true });
  await expect(hits.nth(1)).toHaveAttribute("aria-selected", "false");
  await expect(hits.nth(0)).toHaveAttribute("aria-selected", "true");

  const place = await hits.nth(1).boundingBox();
  if (!place) throw new Error("the second hit is not on the page");
  await page.mouse.move(place.x + 40, place.y + place.height / 2, { steps: 3 });
  await expect(hits.nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: second })).toBeVisible();
});

test("the receipt says it in capitals, and a payment of today is taken back with a reason", async ({ page }) => {
  const { room } = await household(page);
  await find(page, room);
  await page.keyboard.press("2");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("link", { name: /^SJ/ }).first().click();
  await expect(page.getByText("柒佰肆拾柒元捌角柒分")).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "80 毫米小票" }).click();
  await expect(page.getByText("请妥善保管")).toBeVisible();

  await page.getByRole("button", { name: "作废收款" }).click();
  await page.getByLabel("原因").fill("收错户");
  await page.getByRole("dialog").getByRole("button", { name: "作废收款" }).click();
  await expect(page.getByText("已作废").first()).toBeVisible();
  await page.goto("/cashier/day");
  await expect(page.getByText(/作废 1 笔/)).toBeVisible();
  await accessible(page);
});

test("Esc and a digit change over to another way, digits in a field are an amount", async ({ page }) => {
  const { room } = await household(page);
  await find(page, room);
  const amount = (way: string) => page.getByLabel(`${way}金额`);
  await page.keyboard.press("2");
  await expect(amount("微信")).toBeFocused();
  await expect(amount("微信")).toHaveValue("747.87");
  await page.keyboard.press("Escape");
  await page.keyboard.press("1");
  await expect(amount("现金")).toBeFocused();
  await expect(amount("现金")).toHaveValue("747.87");
  await expect(amount("微信")).toHaveValue("");

  // Of this way only a part: Enter leaves it, and the next one takes what is missing.
  await page.keyboard.type("210.5");
  await expect(amount("现金")).toHaveValue("210.5");
  await expect(amount("微信")).toHaveValue("");
  await page.keyboard.press("Enter");
  await page.keyboard.press("2");
  await expect(amount("微信")).toHaveValue("537.37");
  // No amount has a letter in it.
  await expect(amount("微信")).toBeFocused();
  await page.keyboard.press("p");
  await expect(amount("微信")).toHaveValue("537.37");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已收 ¥747.87", { exact: true })).toBeVisible();
});

test("of two desks on one household one collects, the other is told which bill", async ({ page, context, faults }) => {
  faults.allow(/status of 409/);
  const { room } = await household(page);
  await find(page, room);
  const other = await context.newPage();
  await other.addInitScript(() => Object.assign(window, { print: () => undefined }));
  await other.goto(page.url());
  await expect(other.getByRole("heading", { name: /1501/ })).toBeVisible();
  for (const desk of [page, other]) {
    await desk.bringToFront();
    await desk.keyboard.press("1");
    await desk.keyboard.press("Control+Enter");
  }
  await expect(other.getByText(/账单 ZD\d+-\d+ 刚刚已收清/)).toBeVisible();
  await other.getByRole("button", { name: "刷新这一户" }).click();
  await expect(other.getByText("没有未收账单")).toBeVisible();
});

test("on a phone the till comes up as a sheet @phone", async ({ page }) => {
  const { room } = await household(page);
  await find(page, room);
  await accessible(page);
  await page.getByRole("button", { name: "收款", exact: true }).tap();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("button", { name: "微信" }).tap();
  await accessible(page);
  await sheet.getByRole("button", { name: /收款 ¥747.87/ }).tap();
  await expect(page.getByText("没有未收账单")).toBeVisible();
});

test.describe("from the other side of the world", () => {
  test.use({ timezoneId: "America/Los_Angeles" });

  test("a receipt bears the community's time", async ({ page }) => {
    const { room } = await household(page);
    await find(page, room);
    await page.keyboard.press("2");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("link", { name: /^SJ20261123-0001$/ }).first().click();
    await expect(page.getByText(/2026-11-23 18:0\d/).first()).toBeVisible();
  });
});
