// Runs before the first paint, in a file of its own because the content policy allows no inline script.
// The application keeps the same two values: `anju.theme` (light, dark; absent: as the device) and `anju.lang` (zh-CN, en).
(() => {
  const root = document.documentElement;
  const stored = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const dark = stored("anju.theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.dataset.theme = dark === "dark" ? "anju-dark" : "anju";
  root.lang = stored("anju.lang") === "en" ? "en" : "zh-CN";

  // The mark stands until the application has drawn itself over it, or says that it can't.
  addEventListener("TrunkApplicationStarted", () => document.getElementById("boot")?.remove(), { once: true });
  const failed = () => {
    const words = document.getElementById("boot-failed");
    if (words) words.hidden = false;
  };
  addEventListener("unhandledrejection", failed);
  addEventListener("error", failed, true);
})();
