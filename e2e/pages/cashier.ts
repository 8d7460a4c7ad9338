// The cashier's desk, and a household to stand before it.
import { randomUUID } from "node:crypto";
import { expect, type Locator, type Page } from "@playwright/test";
import { today } from "../support/server.ts";

/** A household made through the API: who owes what, in a community of its own. */
export interface Household {
  community: string;
  unit: string;
  room: string;
  bills: { item: string; month: string; fen: number }[];
}

export async function post(page: Page, path: string, data: unknown): Promise<void> {
  const answer = await page.request.post(path, { data });
  if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
}

/** First days of months, counted back from the story's. */
function month(back: number): { from: string; to: string; due: string; name: string } {
  const now = new Date(today);
  const first = (more: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + more, 1));
  const text = (day: Date) => day.toISOString().slice(0, 10);
  return { from: text(first(-back)), to: text(first(1 - back)), due: text(first(1 - back)), name: text(first(-back)).slice(0, 7) };
}

/** Signed in already: makes a community with one home and three open bills, and works in it from now on. */
export async function household(page: Page): Promise<Household> {
  const [community, building, entrance, unit] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await post(page, "/api/organisation/communities/save", { id: community, code: `E${community.slice(0, 6)}`, name: `收银小区 ${community.slice(0, 4)}`, address: "" });
  await post(page, "/api/estate/buildings/save", { community, building, name: "3栋", entrances: [{ entrance, name: "2单元" }] });
  await post(page, "/api/estate/units/save", {
    community, unit, building, entrance, floor: 15, room: "1501", kind: "residence", state: "occupied", billed_area: "118.64", facts: {},
  });
  const owed = [
    { item: "物业费", back: 2, fen: 33_219 },
    { item: "物业费", back: 1, fen: 34_138 },
    { item: "水费", back: 1, fen: 7_430 },
  ];
  const items = new Map<string, string>();
  for (const item of new Set(owed.map(({ item }) => item))) {
    items.set(item, randomUUID());
    await post(page, "/api/charging/fee-items/save", { community, fee_item: items.get(item), code: item, name: item, kind: "property" });
  }
  const bills = [];
  for (const { item, back, fen } of owed) {
    const { from, to, due, name } = month(back);
    await post(page, "/api/billing/bills/raise", {
      community, bill: randomUUID(), unit, fee_item: items.get(item), amount_fen: fen, period_from: from, period_to: to, due_day: due, note: "",
    });
    bills.push({ item, month: name, fen });
  }
  await page.addInitScript((id) => localStorage.setItem("anju.community", JSON.stringify(id)), community);
  return { community, unit, room: "3-2-1501", bills };
}

/** Fee items under which money is held, in a household's community: the deposit stands before the prepayment. */
export async function heldItems(page: Page, { community }: Household): Promise<{ deposit: string; prepayment: string }> {
  const items = { deposit: randomUUID(), prepayment: randomUUID() };
  const save = (fee_item: string, code: string, name: string, more: object) =>
    post(page, "/api/charging/fee-items/save", { community, fee_item, code, name, ...more });
  await save(items.deposit, "yj", "装修押金", { kind: "deposit" });
  await save(items.prepayment, "yc", "预存款", { kind: "prepayment", offsetting: "at_desk" });
  return items;
}

/** By keys alone: says what is taken to be held, and how much. */
export async function take(page: Page, item: string, yuan: string): Promise<void> {
  await page.keyboard.press("p");
  const amount = page.locator("#take-amount");
  await expect(amount).toBeFocused();
  // What it is for stands before it.
  await page.keyboard.press("Shift+Tab");
  const choice = page.getByLabel("收什么");
  await expect(choice).toBeFocused();
  await choice.selectOption(item);
  await page.keyboard.press("Enter");
  await expect(amount).toBeFocused();
  await page.keyboard.type(yuan);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: `去掉${item}` })).toBeVisible();
}

/** What the head of the household says under a caption: 预存余额, 押金. */
export function balance(page: Page, caption: string): Locator {
  return page.locator(`div:has(> dt:text-is("${caption}")) > dd`);
}

/** Types like a cashier: nothing but keys. */
export async function find(page: Page, room: string): Promise<void> {
  await page.goto("/cashier");
  await expect(page.getByRole("combobox", { name: "找住户" })).toBeFocused();
  await page.keyboard.type(room);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: /1501/ })).toBeVisible();
}
