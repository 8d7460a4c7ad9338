// Prices as they are typed, and the bills that come of them: tiers by each unit's own quota, peak and valley by the tiers of all that is used, seasons from day to day.
import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { generate, openBill } from "../pages/billing.ts";
import { post } from "../pages/cashier.ts";
import { go } from "../pages/shell.ts";
import { signedIn } from "../pages/sign_in.ts";
import { accessible, expect, test } from "../support/fixtures.ts";

/** What a metered tariff begins with. */
const rules = {
  mode: "usage", cycle: "monthly", proration: { rule: "none", cutoff_day: 15 }, rounding: { to: "fen", how: "half_up" },
  due: { from: "in_arrears", days: 14 }, starts_at: "assignment", vacant: "charged",
};

/** Signed in already: a community of a home of 100 m², to which heating is charged by its area, month by month and by days. */
async function heatedHome(page: Page): Promise<void> {
  const [community, building, entrance, unit, fee_item, tariff] = Array.from({ length: 6 }, () => randomUUID());
  await post(page, "/api/organisation/communities/save", { id: community, code: `H${community?.slice(0, 6)}`, name: `供暖小区 ${community?.slice(0, 4)}`, address: "" });
  await post(page, "/api/estate/buildings/save", { community, building, name: "1栋", entrances: [{ entrance, name: "1单元" }] });
  await post(page, "/api/estate/units/save", {
    community, unit, building, entrance, floor: 1, room: "101", kind: "residence", state: "occupied", billed_area: "100", facts: {},
  });
  await post(page, "/api/charging/fee-items/save", { community, fee_item, code: "heating", name: "供暖费", kind: "heating" });
  await post(page, "/api/charging/tariffs/save", { community, tariff, fee_item, name: "按面积", rules: { ...rules, mode: "area", proration: { rule: "days", cutoff_day: 15 } } });
  await post(page, "/api/charging/charges/assign", { community, tariff, buildings: [], kinds: [], units: [unit], from: "2026-01-01", to: null, earlier: "kept" });
  await page.addInitScript((id) => localStorage.setItem("anju.community", JSON.stringify(id)), community);
}

/** Signed in already: a community of shops, of which the first has a quota of 100 m³ a month and used 150 m³ in October, and 200 and 100 kWh in peak and valley. */
async function shop(page: Page, rooms = ["101"]): Promise<void> {
  const [community, building, entrance, field] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await post(page, "/api/organisation/communities/save", { id: community, code: `P${community.slice(0, 6)}`, name: `单价小区 ${community.slice(0, 4)}`, address: "" });
  await post(page, "/api/estate/buildings/save", { community, building, name: "1栋", entrances: [{ entrance, name: "1单元" }] });
  await post(page, "/api/estate/fields/save", { community, field, of: "unit", name: "月用水定额", kind: "number", active: true });
  const units = rooms.map((room, place) => ({ room, unit: randomUUID(), custom: place === 0 ? [{ field, text: "100" }] : [] }));
  for (const one of units) {
    await post(page, "/api/estate/units/save", { community, ...one, building, entrance, floor: 1, kind: "shop", state: "occupied", billed_area: "60", facts: {} });
  }
  const unit = units[0]?.unit;
  for (const { kind, name, meters } of [
    { kind: "water", name: "水费", meters: [{ register: "total", value: "150" }] },
    { kind: "electricity", name: "电费", meters: [{ register: "peak", value: "200" }, { register: "valley", value: "100" }] },
  ]) {
    const [fee_item, tariff] = [randomUUID(), randomUUID()];
    await post(page, "/api/charging/fee-items/save", { community, fee_item, code: kind, name, kind });
    await post(page, "/api/charging/tariffs/save", { community, tariff, fee_item, name: "商户", rules });
    await post(page, "/api/charging/charges/assign", { community, tariff, buildings: [], kinds: [], units: [unit], from: "2026-01-01", to: null, earlier: "kept" });
    for (const { register, value } of meters) {
      const meter = randomUUID();
      await post(page, "/api/metering/meters/define", {
        community, meter, code: `${kind}-${register}`, role: "household", utility: kind, unit, building: null, parent: null, fee_item, register,
        multiplier: "1", digits: 5, first: { value: "0", day: "2026-09-30" },
      });
      await post(page, "/api/metering/readings/enter", { community, reading: randomUUID(), meter, month: "2026-10", day: "2026-10-31", value, confirmed: true });
    }
  }
  await page.addInitScript((id) => localStorage.setItem("anju.community", JSON.stringify(id)), community);
}

/** Opens the dialog in which the price of a tariff is set for the community. */
async function priceOf(page: Page, tariff: string): Promise<Locator> {
  await go(page, "/charging/prices");
  await page.getByRole("combobox", { name: "收费标准" }).selectOption({ label: tariff });
  await page.getByRole("button", { name: "定单价" }).click();
  return page.getByRole("dialog");
}

async function save(page: Page, dialog: Locator): Promise<void> {
  await accessible(page);
  await dialog.getByRole("button", { name: "定单价" }).click();
  await expect(page.getByText("单价已保存").first()).toBeVisible();
  await expect(dialog).toBeHidden();
}

/** The table with which one redoes the line by hand, and the sentences above it. */
async function says(page: Page, rows: RegExp[], sentences: string[]): Promise<void> {
  const table = page.getByRole("table", { name: "价格明细" });
  for (const row of rows) await expect(table.getByRole("row", { name: row })).toBeVisible();
  for (const sentence of sentences) await expect(page.getByText(sentence)).toBeVisible();
}

test("a heating season begins on a day and not on a first of a month, and the bill of that month says so", async ({ page }) => {
  test.setTimeout(120_000);
  await signedIn(page);
  await heatedHome(page);
  const dialog = await priceOf(page, "供暖费 · 按面积");
  await dialog.getByRole("radio", { name: "分季节" }).check();
  for (const [place, [name, from, to, part, price]] of [
    ["采暖季", "11-15", "3-15", "供暖", "5"],
    ["非采暖季", "3-16", "11-13", "维护", "1"],
  ].entries()) {
    await dialog.getByLabel("季节名称").nth(place).fill(name ?? "");
    await dialog.getByLabel("从哪月或哪天起").nth(place).fill(from ?? "");
    await dialog.getByLabel("到哪月或哪天止").nth(place).fill(to ?? "");
    await dialog.getByLabel("分项名称").nth(place).fill(part ?? "");
    await dialog.getByLabel("单价", { exact: true }).nth(place).fill(price ?? "");
  }
  // A day between the seasons would have no price.
  await dialog.getByRole("button", { name: "定单价" }).click();
  await expect(dialog.getByText("各季节合起来要正好覆盖全年，11 月 14 日有缺漏或重复").first()).toBeVisible();
  const end = dialog.getByLabel("到哪月或哪天止").nth(1);
  await end.fill("2-31");
  await expect(dialog.getByText("没有这个月份或日期；填 1 至 12 的月份，或月-日如 11-15").first()).toBeVisible();
  await end.fill("11-14");
  await save(page, dialog);
  await expect(page.getByText(/采暖季（11 月 15 日–3 月 15 日）：供暖 5\.00/).first()).toBeVisible();

  // 100 m² for 14 days of 30 at 1.00, and for 16 at 5.00: 46.67 + 266.66 = 313.33.
  await generate(page, "2026-11", ["供暖费"]);
  await openBill(page, "101", "供暖费");
  await expect(page.getByText("313.33").first()).toBeVisible();
  await says(
    page,
    [/维护.*46\.6667 × 1\.00.*46\.67/, /供暖.*53\.3333 × 5\.00.*266\.66/, /合计.*313\.33/],
    [
      "从 2026-11-15 起：",
      "2026-11-01 至 2026-11-14 按 14/30 个月折算。",
      "各分项：维护 46.6667 ㎡ × 1.00 = 46.67 元；供暖 53.3333 ㎡ × 5.00 = 266.66 元；合计 313.33 元。",
    ],
  );
  await expect(page.getByRole("table", { name: "价格明细" })).not.toContainText("范围");
  await accessible(page);
});

test("whoever sets a price by quota is led to the units that have none", async ({ page, context }) => {
  test.setTimeout(120_000);
  await signedIn(page);
  await shop(page, ["101", "102"]);
  const dialog = await priceOf(page, "水费 · 商户");
  await dialog.getByRole("radio", { name: "阶梯价" }).check();
  await expect(dialog.getByText(/未填写/)).toHaveCount(0);
  await dialog.getByLabel("档位按").selectOption({ label: "各户定额：月用水定额" });
  const blank = dialog.getByRole("link", { name: "有「月用水定额」这个字段的房屋中，1 户未填写" });
  await expect(blank).toBeVisible();
  await accessible(page);
  const opened = context.waitForEvent("page");
  await blank.click();
  const units = await opened;
  await expect(units.locator("main tbody tr")).toHaveCount(1);
  await expect(units.getByRole("link", { name: /102/ })).toBeVisible();
  await accessible(units);
});

test("tiers by the unit's own quota, and peak and valley by the tiers of both, are typed and explained on their bills", async ({ page }) => {
  test.setTimeout(120_000);
  await signedIn(page);
  await shop(page);

  // As cities publish it: within the quota 3.05, up to 1.2 of it half as much again, up to 1.4 twice, beyond three times.
  let dialog = await priceOf(page, "水费 · 商户");
  await dialog.getByRole("radio", { name: "阶梯价" }).check();
  await dialog.getByLabel("档位按").selectOption({ label: "各户定额：月用水定额" });
  for (const _ of [3, 4]) await dialog.getByRole("button", { name: "加一档" }).click();
  for (const [place, [bound, price]] of [["1", "3.05"], ["1.2", "4.575"], ["1.4", "6.1"], ["", "9.15"]].entries()) {
    if (bound) await dialog.getByLabel(`第 ${place + 1} 档上限（定额的倍数）`).fill(bound);
    await dialog.getByLabel(`第 ${place + 1} 档单价`).fill(price ?? "");
  }
  await save(page, dialog);

  // Peak and valley have tier prices of their own; 240 kWh is the bound of both together.
  dialog = await priceOf(page, "电费 · 商户");
  await dialog.getByRole("radio", { name: "分项或分时" }).check();
  await dialog.getByRole("button", { name: "加一个分项" }).click();
  for (const [place, [name, register]] of [["峰段", "峰"], ["谷段", "谷"]].entries()) {
    await dialog.getByLabel("分项名称").nth(place).fill(name ?? "");
    await dialog.getByLabel("计哪个读数").nth(place).selectOption({ label: register });
    await dialog.getByRole("checkbox", { name: "阶梯价" }).nth(place).check();
    await expect(dialog.getByRole("checkbox", { name: "按合计用量分档" }).nth(place)).toBeChecked();
  }
  for (const [place, [first, second]] of [["0.617", "0.677"], ["0.307", "0.337"]].entries()) {
    await dialog.getByLabel("第 1 档上限").nth(place).fill("240");
    await dialog.getByLabel("第 1 档单价").nth(place).fill(first ?? "");
    await dialog.getByLabel("第 2 档单价").nth(place).fill(second ?? "");
  }
  await save(page, dialog);

  await generate(page, "2026-10", ["水费", "电费"]);

  // 150 m³ of a quota of 100: 100 × 3.05 = 305.00, 20 × 4.575 = 91.50, 20 × 6.10 = 122.00, 10 × 9.15 = 91.50; together 610.00.
  await openBill(page, "101", "水费");
  await expect(page.getByText("610.00").first()).toBeVisible();
  await says(
    page,
    [/第 1 档.*100 × 3\.05.*305\.00/, /第 2 档.*20 × 4\.575.*91\.50/, /第 3 档.*20 × 6\.10.*122\.00/, /第 4 档.*10 × 9\.15.*91\.50/, /合计.*150.*610\.00/],
    [
      "本户定额（月用水定额）100 m³：第 1 档上限 100 × 1 = 100 m³；第 2 档上限 100 × 1.2 = 120 m³；第 3 档上限 100 × 1.4 = 140 m³。",
      "从低档往高档计：第 1 档 100 m³ × 3.05 = 305.00 元；第 2 档 20 m³ × 4.575 = 91.50 元；第 3 档 20 m³ × 6.10 = 122.00 元；第 4 档 10 m³ × 9.15 = 91.50 元；合计 610.00 元。",
    ],
  );
  await accessible(page);

  // 300 kWh, of which 240 lie in the first tier and 60 in the second. Peak, 200 of 300: 160 × 0.617 = 98.72 and 40 × 0.677 = 27.08;
  // valley, 100 of 300: 80 × 0.307 = 24.56 and 20 × 0.337 = 6.74; together 157.10.
  await openBill(page, "101", "电费");
  await expect(page.getByText("157.10").first()).toBeVisible();
  await says(
    page,
    [/峰段 第 1 档.*160 × 0\.617.*98\.72/, /峰段 第 2 档.*40 × 0\.677.*27\.08/, /谷段 第 1 档.*80 × 0\.307.*24\.56/, /谷段 第 2 档.*20 × 0\.337.*6\.74/, /合计.*300.*157\.10/],
    [
      "全部时段合计用量在各档：第 1 档 240 kWh，第 2 档 60 kWh；每个时段在一档的用量 = 该时段用量 × 该档合计 ÷ 全部合计。",
      "从低档往高档计：峰段 第 1 档 160 kWh × 0.617 = 98.72 元；峰段 第 2 档 40 kWh × 0.677 = 27.08 元；谷段 第 1 档 80 kWh × 0.307 = 24.56 元；谷段 第 2 档 20 kWh × 0.337 = 6.74 元；合计 157.10 元。",
    ],
  );
  await accessible(page);
});
