// Money that is held for a household, and the pages on which it is found and given back.
import { randomUUID } from "node:crypto";
import { expect, type Locator, type Page } from "@playwright/test";
import { heldItems, household, type Household, post } from "./cashier.ts";
import { go } from "./shell.ts";

/** Signed in already: a household of which a deposit of 2,000 and a prepayment of 500 are held. */
export async function depositor(page: Page): Promise<Household> {
  const home = await household(page);
  const { deposit, prepayment } = await heldItems(page, home);
  await post(page, "/api/cashier/collect", {
    community: home.community,
    payment: randomUUID(),
    unit: home.unit,
    bills: [],
    takes: [
      { bill: randomUUID(), fee_item: deposit, amount_fen: 200_000 },
      { bill: randomUUID(), fee_item: prepayment, amount_fen: 50_000 },
    ],
    methods: [{ method: "wechat", amount_fen: 250_000 }],
  });
  return home;
}

/** The line of what is held under a fee item. */
export function holding(page: Page, item: string): Locator {
  return page.locator("main tbody tr").filter({ hasText: item });
}

/** From the list to the record, by keys. */
export async function openRecord(page: Page, item: string): Promise<void> {
  await go(page, "/cashier/held");
  await holding(page, item).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: new RegExp(item) })).toBeVisible();
}

/** The record's table. */
export function record(page: Page): Locator {
  return page.getByRole("table", { name: "收、抵、退记录" });
}

/** Signed in already, in a community of the demo: 500 are paid ahead for a unit, which the next run sets off by itself. */
export async function paidAhead(page: Page, room: string): Promise<{ unit: string }> {
  const found = async (path: string) => (await page.request.get(path)).json();
  const { communities } = await found("/api/organisation/me");
  for (const { id: community } of communities) {
    const items: { id: string; offsetting?: string }[] = await found(`/api/charging/fee-items?community=${community}`);
    const item = items.find(({ offsetting }) => offsetting === "at_generation");
    const { rows } = await found(`/api/estate/units?community=${community}&search=${room}`);
    if (item === undefined || rows.length === 0) continue;
    const unit: string = rows[0].unit;
    await post(page, "/api/cashier/collect", {
      community,
      payment: randomUUID(),
      unit,
      bills: [],
      takes: [{ bill: randomUUID(), fee_item: item.id, amount_fen: 50_000 }],
      methods: [{ method: "wechat", amount_fen: 50_000 }],
    });
    await page.addInitScript((id) => localStorage.setItem("anju.community", JSON.stringify(id)), community);
    return { unit };
  }
  throw new Error(`nowhere is set off by itself what ${room} paid ahead`);
}
