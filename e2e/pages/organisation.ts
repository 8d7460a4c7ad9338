// Who works here, as the server knows it.
import type { Page } from "@playwright/test";

/** Signed in as somebody who administers: lets an employee go. */
export async function dismissed(page: Page, name: string): Promise<void> {
  const asks = async (path: string) => (await page.request.get(path)).json();
  const found = await asks(`/api/organisation/employees?search=${encodeURIComponent(name)}`);
  const known = await asks(`/api/organisation/employee?employee=${found.rows[0].id}`);
  const saved = await page.request.post("/api/organisation/employees/save", { data: { ...known, active: false, password: null } });
  if (!saved.ok()) throw new Error(`${name} could not be dismissed: ${await saved.text()}`);
}
