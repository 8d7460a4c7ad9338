// The import of units and residents, and the lists that it fills.
import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { type Download, expect, type Page } from "@playwright/test";

const files = join(import.meta.dirname, "../files/other-systems");

/** A community without anything in it, which the page works in from now on. */
export async function newCommunity(page: Page, code: string): Promise<string> {
  const id = randomUUID();
  const answer = await page.request.post("/api/organisation/communities/save", { data: { id, code, name: `${code}花园`, address: "" } });
  if (!answer.ok()) throw new Error(await answer.text());
  await page.addInitScript((id) => localStorage.setItem("anju.community", JSON.stringify(id)), id);
  return id;
}

/** Chooses a workbook, of other systems unless the path says where, and goes on to its preview. */
export async function previewOf(page: Page, file: string): Promise<void> {
  await page.goto("/estate/import");
  await page.locator("input[type=file]").setInputFiles(resolve(files, file));
  await page.getByRole("button", { name: "下一步：预览" }).click();
  await expect(page.getByRole("heading", { name: "将要导入" })).toBeVisible();
}

/** The problems that the preview lists, by cell. */
export async function problems(page: Page): Promise<string[]> {
  const section = page.locator("section", { has: page.getByRole("heading", { name: "要改的地方" }) });
  return section.locator("tbody tr td:first-child").allTextContents();
}

export async function markedWorkbook(page: Page): Promise<Download> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "带批注的表格" }).click();
  return download;
}

/** Brings in what the preview shows. */
export async function bringIn(page: Page, units: number): Promise<void> {
  await page.getByRole("button", { name: `导入 ${units} 户` }).click();
  await expect(page.getByRole("heading", { name: `已导入 ${units} 户` })).toBeVisible();
}
