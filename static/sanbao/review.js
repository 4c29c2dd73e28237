// Deciding the lines of a claim by keys: arrows choose a line, a approves, r reduces, x rejects.
(() => {
  "use strict";
  const form = document.querySelector("[data-review]");
  if (!form) return;
  const rows = [...form.querySelectorAll("[data-review-row]")];
  const sum = form.querySelector("[data-review-sum]");
  const KEYS = { a: "approve", r: "reduce", x: "reject" };
  let at = -1;

  const part = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const chosen = (row) => row.querySelector('[name$="-outcome"]:checked')?.value ?? "";
  const cents = (text) => Math.round(Number(text.replace(/[,，¥￥\s]/g, "")) * 100);

  function total() {
    if (!sum) return;
    const whole = rows.reduce((left, row) => left + (cents(part(row, "approved").value) || 0), 0);
    sum.textContent = "¥" + (whole / 100).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }

  // The amount follows the decision; a reason is asked for where something is cut.
  function follow(row, isNew) {
    const outcome = chosen(row), amount = part(row, "approved");
    const isCut = outcome === "reduce" || outcome === "reject";
    if (outcome === "approve") amount.value = row.dataset.claimed;
    else if (outcome === "reject") amount.value = "0.00";
    else if (outcome === "reduce" && isNew) {
      const computed = row.dataset.computed, claimed = row.dataset.claimed;
      amount.value = cents(computed) > 0 && cents(computed) < cents(claimed) ? computed : "";
    }
    amount.readOnly = outcome !== "reduce";
    for (const name of ["reason", "words"]) part(row, name).disabled = !isCut;
    row.classList.toggle("is-cut", isCut);
    total();
  }

  function focus(place) {
    at = Math.min(rows.length - 1, Math.max(0, place));
    rows.forEach((row, n) => row.classList.toggle("is-current", n === at));
    rows[at].focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  }

  function choose(row, outcome) {
    const box = row.querySelector(`[name$="-outcome"][value="${outcome}"]`);
    if (!box) return;
    box.checked = true;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    follow(row, true);
    if (outcome === "approve") return;
    const field = outcome === "reduce" ? part(row, "approved") : part(row, "reason");
    field.focus();
    if (field.select) field.select();
  }

  for (const row of rows) {
    row.addEventListener("change", (event) => {
      if (event.target.name.endsWith("-outcome")) follow(row, true);
      // The words begin as the reason says; the reviewer makes them his own.
      if (event.target.name.endsWith("-reason") && !part(row, "words").value && event.target.value) {
        part(row, "words").value = event.target.selectedOptions[0].textContent.trim();
      }
    });
    row.addEventListener("input", total);
    row.addEventListener("focusin", () => { at = rows.indexOf(row); rows.forEach((each) => each.classList.toggle("is-current", each === row)); });
    follow(row, false);
  }
  // A disabled field is not sent; what was typed in it goes along all the same.
  form.addEventListener("submit", () => rows.forEach((row) => ["reason", "words"].forEach((name) => { part(row, name).disabled = false; })));

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const active = document.activeElement;
    const isTyping = active?.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox])");
    if (isTyping) {
      if (event.key === "Escape" && rows.includes(active.closest("[data-review-row]"))) { event.preventDefault(); active.closest("[data-review-row]").focus(); }
      return;
    }
    if (active && active !== document.body && !form.contains(active)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      focus(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (KEYS[event.key] && rows.length) {
      event.preventDefault();
      event.stopPropagation();
      if (at < 0) focus(0);
      choose(rows[at], KEYS[event.key]);
      if (event.key === "a" && at < rows.length - 1) focus(at + 1);
    }
  });
})();
