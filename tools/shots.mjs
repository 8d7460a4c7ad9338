// Screenshots of pages, signed in, at desk (1440×900) and phone (390×844) size, against a running server.
//   node tools/shots.mjs /,/billing/bills,/cashier
// Options, each with its default:
//   --base http://127.0.0.1:8080   the server
//   --to shots                     the folder
//   --as account:password          who signs in (the first account in data/demo-accounts.txt; `--as nobody` signs nobody in)
//   --dark                         the dark theme
//   --lang en                      in English
//   --full                         the whole page instead of the window
//   --only desk | phone            one size
//   --wait 300                     milliseconds after the network is quiet
// Prints a line for each shot, with the faults of the browser's console and whether the page scrolls sideways.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: "string", default: "http://127.0.0.1:8080" },
    to: { type: "string", default: "shots" },
    as: { type: "string", default: firstAccount() },
    only: { type: "string" },
    lang: { type: "string", default: "zh-CN" },
    wait: { type: "string", default: "300" },
    dark: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
  },
});
const routes = positionals.flatMap((list) => list.split(",")).filter(Boolean);
if (routes.length === 0) routes.push("/");
mkdirSync(values.to, { recursive: true });

const sizes = {
  desk: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};
// Dates in native fields follow the browser's own language, not the page's.
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"], env: { ...process.env, LANGUAGE: values.lang.replace("-", "_") } });
let signedIn;
for (const [size, options] of Object.entries(sizes)) {
  if (values.only && values.only !== size) continue;
  const context = await browser.newContext({ ...options, baseURL: values.base, locale: values.lang, timezoneId: "Asia/Shanghai", storageState: signedIn });
  await context.addInitScript(([theme, lang]) => {
    localStorage.setItem("anju.theme", theme);
    localStorage.setItem("anju.lang", lang);
  }, [values.dark ? "dark" : "light", values.lang]);
  const page = await context.newPage();
  if (!signedIn && values.as !== "nobody") {
    await signIn(page);
    signedIn = await context.storageState();
  }
  for (const route of routes) await shoot(page, size, route);
  await context.close();
}
await browser.close();

async function shoot(page, size, route) {
  const faults = [];
  const heard = (message) => message.type() === "error" && faults.push(message.text());
  const thrown = (error) => faults.push(String(error));
  page.on("console", heard).on("pageerror", thrown);
  await page.goto(route);
  await page.waitForLoadState("networkidle").catch(() => {});
  await page.waitForTimeout(Number(values.wait));
  const name = `${route.replace(/^\//, "").replace(/[^\w-]+/g, "-") || "home"}-${size}${values.dark ? "-dark" : ""}${values.lang === "en" ? "-en" : ""}.png`;
  await page.screenshot({ path: join(values.to, name), fullPage: values.full });
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  page.off("console", heard).off("pageerror", thrown);
  console.log([join(values.to, name), sideways && "scrolls sideways", ...faults].filter(Boolean).join("\n    "));
}

/** Fills the one form that asks for a password, whatever its words are. */
async function signIn(page) {
  const [account, password] = [values.as.slice(0, values.as.indexOf(":")), values.as.slice(values.as.indexOf(":") + 1)];
  await page.goto("/");
  const secret = page.locator('input[type="password"]');
  await secret.waitFor({ timeout: 20_000 });
  await page.locator('form:has(input[type="password"]) input:not([type="password"]):not([type="checkbox"])').first().fill(account);
  await secret.fill(password);
  await secret.press("Enter");
  await secret.waitFor({ state: "detached", timeout: 20_000 });
}

function firstAccount() {
  const file = join(import.meta.dirname, "../data/demo-accounts.txt");
  const line = existsSync(file) ? readFileSync(file, "utf8").match(/^\s*(\S+)\s+(anju-demo\S*)/m) : null;
  return line ? `${line[1]}:${line[2]}` : "nobody";
}
