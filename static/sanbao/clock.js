// Clock chips tick here; the words and their order come translated from the server.
(() => {
  "use strict";
  const words = document.getElementById("clock-words")?.dataset;
  if (!words) return;

  // What the server's clock is ahead of ours. A page brought back by the back button carries
  // an old `now`, so there the difference learned before is used.
  const entry = performance.getEntriesByType("navigation")[0];
  let ahead = Date.parse(words.now) - Date.now();
  try {
    if (entry && entry.type === "back_forward") ahead = Number(sessionStorage.getItem("sanbao-ahead")) || 0;
    else sessionStorage.setItem("sanbao-ahead", String(ahead));
  } catch { /* storage may be forbidden: the difference just measured is good enough */ }

  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

  function duration(seconds) {
    if (seconds < 60) return words.underMinute;
    const d = Math.floor(seconds / 86400), h = Math.floor(seconds / 3600) % 24, m = Math.floor(seconds / 60) % 60;
    const pattern = d ? (h ? words.daysHours : words.days) : h ? (m ? words.hoursMinutes : words.hours) : words.minutes;
    return fill(pattern, { d, h, m });
  }

  function tick(chip, now) {
    const due = Date.parse(chip.dataset.due), warn = Date.parse(chip.dataset.warn);
    const late = "missed" in chip.dataset || now >= due;
    const tone = late ? "late" : now >= warn ? "warn" : "ok";
    const text = late
      ? fill(words.late, { moment: chip.dataset.dueLabel, time: duration(Math.floor(Math.max(0, now - due) / 1000)) })
      : fill(words.left, { time: duration(Math.ceil((due - now) / 60000) * 60) });
    const label = chip.querySelector("[data-clock-text]");
    if (label && label.textContent !== text) label.textContent = text;
    if (!chip.classList.contains(`is-${tone}`)) {
      chip.classList.remove("is-ok", "is-warn", "is-late");
      chip.classList.add(`is-${tone}`);
      chip.dispatchEvent(new CustomEvent("clock-turned", { bubbles: true, detail: { tone } }));
    }
  }

  function tickAll() {
    if (document.hidden) return;
    const now = Date.now() + ahead;
    for (const chip of document.querySelectorAll("[data-clock]")) tick(chip, now);
  }

  setInterval(tickAll, 1000);
  document.addEventListener("visibilitychange", tickAll);
  document.addEventListener("htmx:afterSwap", tickAll);
  tickAll();
})();
