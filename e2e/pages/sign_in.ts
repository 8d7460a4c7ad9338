// Signing in, through the page or, where a story is about something else, straight through the API.
import type { Page } from "@playwright/test";

/** The accounts of the demo data that stories use. */
export const accounts = {
  admin: { account: "admin", password: "anju-demo-2026" },
  manager: { account: "manager", password: "anju-demo-2026" },
  cashier: { account: "cashier", password: "anju-demo-2026" },
};

export type Account = { account: string; password: string };

/** On the page that asks for it. */
export async function signIn(page: Page, { account, password }: Account = accounts.admin): Promise<void> {
  await page.getByLabel("账号或手机号").fill(account);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

/** Puts the session's cookie into the browser; the next page that is opened is signed in. */
export async function signedIn(page: Page, who: Account = accounts.admin): Promise<void> {
  const answer = await page.request.post("/api/organisation/sign-in", { data: { ...who, remember: false } });
  if (!answer.ok()) throw new Error(`${who.account} could not sign in: ${await answer.text()}`);
}
