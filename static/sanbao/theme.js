// Before the first paint: light or dark, as chosen here or as the system wishes.
(() => {
  "use strict";
  let chosen = null;
  try { chosen = localStorage.getItem("sanbao-theme"); } catch { /* storage may be forbidden: then the system decides */ }
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  document.documentElement.classList.add("has-script");
})();
