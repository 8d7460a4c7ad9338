// Turns the Lucide icons named below into frontend/src/kit/icons.rs. Run it after adding a name:
//   npx --package lucide-static@1.62.0 node tools/icons.mjs   (or with lucide-static unpacked: node tools/icons.mjs FOLDER)
// Icons that no page uses cost nothing: each is a constant of its own.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const names = `
  archive arrow-down arrow-down-left arrow-down-up arrow-left arrow-right arrow-up arrow-up-right badge-check badge-percent banknote bell book-open
  bookmark bookmark-plus briefcase building building-2 calculator calendar calendar-days calendar-plus camera car chart-column chart-line
  chart-no-axes-column check chevron-down chevron-left chevron-right chevron-up chevrons-down-up chevrons-up-down circle circle-alert
  circle-check circle-dot circle-help circle-slash circle-user circle-x clipboard-check clipboard-list clock coins columns-3 contact
  copy credit-card database door-open download droplet droplets ellipsis ellipsis-vertical external-link eye eye-off factory file
  file-check file-down file-input file-plus file-question-mark file-search file-spreadsheet file-text file-up file-warning files filter
  flag flame flask-conical folder folder-tree gauge git-branch globe grid-2x2 hand-coins hash heart-handshake history house id-card image info
  key key-round landmark languages layers layout-dashboard layout-grid library-big link list list-checks list-filter list-plus list-tree loader lock
  lock-open log-in log-out mail map map-pin megaphone menu merge message-square message-square-text minus monitor moon move network
  notebook-pen octagon-alert package panel-left-close panel-left-open parking-square pause pencil pen-line percent phone pin pin-off plane play plug plus
  power printer qr-code receipt receipt-cent receipt-text refresh-cw repeat rotate-ccw rotate-cw rows-2 rows-3 ruler save scale scan scan-line
  search send settings settings-2 share shield shield-check shopping-bag sigma sliders-horizontal smartphone sort-asc split square square-check
  square-pen stamp star store sun sun-moon table table-2 tag tags target text-cursor-input ticket timer toggle-left toggle-right trash trash-2
  trending-down trending-up triangle-alert undo-2 unlink upload user user-check user-minus user-plus user-round user-x users users-round
  utility-pole wallet wallet-cards warehouse waves wifi-off wrench x zap zoom-in
`.trim().split(/\s+/);

const folder = process.argv[2] ?? "node_modules/lucide-static";
const icons = names.filter((name) => existsSync(join(folder, "icons", `${name}.svg`)));
const missing = names.filter((name) => !icons.includes(name));
if (missing.length) console.error(`Lucide has no ${missing.join(", ")}`);

const body = (name) =>
  readFileSync(join(folder, "icons", `${name}.svg`), "utf8")
    .replace(/^[\s\S]*?<svg[\s\S]*?>/, "")
    .replace("</svg>", "")
    .replace(/\s*\n\s*/g, "")
    .replace(/ \/>/g, "/>");
const lines = icons.map((name) => `pub const ${name.replaceAll("-", "_").toUpperCase()}: Icon = Icon(r#"${body(name)}"#);`);
writeFileSync(
  "frontend/src/kit/icons.rs",
  `//! Icons of Lucide (https://lucide.dev), ISC licence, © Lucide Icons and Contributors. Made by tools/icons.mjs.

use super::icon::Icon;

${lines.join("\n")}
`,
);
