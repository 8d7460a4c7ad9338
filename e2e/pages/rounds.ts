// Reading rounds, on the desk and with a phone.
import { expect, type Page } from "@playwright/test";
import { type Account, signedIn } from "./sign_in.ts";

/** The low-rise homes, whose round is half walked in the demo data. */
export const lowRise = "青枫里";

export const readers = {
  first: { account: "reader", password: "anju-demo-2026" },
  second: { account: "reader2", password: "anju-demo-2026" },
};

/** Signed in, at work in that community. */
export async function inCommunity(page: Page, who: Account, community: string): Promise<void> {
  await signedIn(page, who);
  const me = await (await page.request.get("/api/organisation/me")).json();
  const found = me.communities.find((one: { name: string }) => one.name === community);
  await page.addInitScript((id) => localStorage.setItem("anju.community", JSON.stringify(id)), found.id);
}

/** One meter at a time. */
export class Walk {
  constructor(private readonly page: Page) {}

  get value() {
    return this.page.locator("#walk-value");
  }

  get place() {
    return this.page.locator("#walk-place");
  }

  get done() {
    return this.page.locator("header .num");
  }

  /** What the meter showed last, as a number. */
  async previous(): Promise<number> {
    const text = await this.page.locator("article dl dd").first().textContent();
    return Number(text?.replace(/,/g, ""));
  }

  /** Types a figure so much above the last one, and goes on by Enter to another meter. */
  async reads(above: number): Promise<void> {
    const meter = await this.page.locator("article .label-xs").first().textContent();
    await this.value.fill(String((await this.previous()) + above));
    await this.value.press("Enter");
    await expect(this.page.locator("article .label-xs").first()).not.toHaveText(meter ?? "");
  }
}
