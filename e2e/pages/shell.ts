// Going from page to page as a link does: the application stays, nothing is loaded again.
import { expect, type Page } from "@playwright/test";

/** The first call loads the application. */
export async function go(page: Page, path: string): Promise<void> {
  if (!page.url().startsWith("http")) {
    await page.goto(path);
    await expect(page.locator("main")).toBeVisible({ timeout: 90_000 });
    return;
  }
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
}
