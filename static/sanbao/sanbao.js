// Keyboard, dialogs, double submits, selection, toasts and answers to failed requests.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = $("#words").dataset;
  const typingIn = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName)) && !/^(checkbox|radio|button|submit)$/.test(el.type);

  // ---- toasts: HX-Trigger {"toast": {"text": "…", "level": "success"}}
  function toast(text, level = "info", extra = null) {
    const note = document.createElement("div");
    note.className = `toast-note is-${level}`;
    const body = document.createElement("div");
    body.textContent = text;
    if (extra) { body.append(document.createElement("br"), extra); }
    const close = document.createElement("button");
    close.type = "button"; close.className = "btn-close"; close.setAttribute("aria-label", words.close);
    close.addEventListener("click", () => note.remove());
    note.append(body, close);
    $("#toasts").append(note);
    // Bad news stays until it is read.
    if (level === "success" || level === "info") setTimeout(() => note.remove(), 6000);
    return note;
  }
  document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.level));

  // ---- failed requests
  let signedOutNote = null;
  function signedOut() {
    if (signedOutNote?.isConnected) return;
    const link = document.createElement("a");
    link.href = `${words.signInUrl}?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = words.signIn;
    signedOutNote = toast(words.signedOut, "warning", words.signInUrl ? link : null);
  }
  document.addEventListener("sanbao:signed-out", signedOut);
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401) return signedOut();
    const text = { 403: words.forbidden, 404: words.gone, 409: words.conflict, 429: words.slowDown }[status];
    toast(text || words.serverError, "error");
  });
  document.addEventListener("htmx:sendError", () => toast(words.noNetwork, "error"));
  document.addEventListener("htmx:timeout", () => toast(words.noNetwork, "error"));
  // A form refused with its errors (422) is shown in place, as any answer.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
    // An answer that came from the sign-in page must not be put into this one.
    if (words.signInUrl && new URL(event.detail.xhr.responseURL || location.href, location.href).pathname === words.signInUrl) {
      event.detail.shouldSwap = false;
      signedOut();
    }
  });

  // ---- [data-confirm]: asked once, saying what will happen
  const dialog = $("#confirm-dialog");
  function ask(el) {
    $("[data-confirm-text]", dialog).textContent = el.dataset.confirm || words.confirm;
    $("[data-confirm-yes]", dialog).textContent = el.dataset.confirmVerb || words.yes;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((tell) => dialog.addEventListener("close", () => tell(dialog.returnValue === "yes"), { once: true }));
  }
  let agreed = null;
  document.addEventListener("submit", (event) => {
    const asker = event.submitter?.dataset.confirm !== undefined ? event.submitter : event.target.dataset.confirm !== undefined ? event.target : null;
    if (!asker || agreed === asker) { agreed = null; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    ask(asker).then((yes) => { if (yes) { agreed = asker; target.requestSubmit(submitter); } });
  }, true);
  document.addEventListener("htmx:confirm", (event) => {
    const el = event.detail.elt;
    if (el.dataset.confirm === undefined || el.tagName === "FORM" || (el.form && el.type === "submit")) return;
    event.preventDefault();
    ask(el).then((yes) => { if (yes) event.detail.issueRequest(true); });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-confirm]:not([hx-get]):not([hx-post])");
    if (!link) return;
    event.preventDefault();
    ask(link).then((yes) => { if (yes) location.assign(link.href); });
  });

  // ---- double submits: the button shows that it works
  function busy(button, on) {
    if (!button) return;
    if (on) {
      button.setAttribute("aria-busy", "true");
      button.classList.add("btn-loading");
      // Not before the browser has read the form: a disabled button's name is not sent.
      setTimeout(() => { if (button.getAttribute("aria-busy")) button.disabled = true; }, 0);
    } else {
      button.removeAttribute("aria-busy");
      button.classList.remove("btn-loading");
      button.disabled = false;
    }
  }
  function release(form) {
    delete form.dataset.sent;
    form.sanbaoSent = false;
    for (const button of [...form.elements].filter((el) => el.getAttribute("aria-busy"))) busy(button, false);
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    const swapped = form.matches("[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete]") || event.submitter?.matches("[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete]");
    if (event.defaultPrevented && !swapped) return;
    if (form.method !== "post" && !swapped) return;
    if (form.dataset.download !== undefined) return;
    form.dataset.sent = "1";
    form.sanbaoSent = true;
    busy(event.submitter ?? $("button[type=submit], button:not([type])", form), true);
  });
  document.addEventListener("htmx:afterRequest", (event) => { const form = event.detail.elt.closest("form"); if (form) release(form); });
  addEventListener("pageshow", (event) => { if (event.persisted) $$("form[data-sent]").forEach(release); });

  // ---- selection and the bulk bar
  function countRows(scope) {
    const boxes = $$("[data-select-row]", scope), chosen = boxes.filter((b) => b.checked);
    for (const b of boxes) b.closest("tr, li")?.setAttribute("aria-selected", String(b.checked));
    const all = $("[data-select-all]", scope);
    if (all) { all.checked = boxes.length > 0 && chosen.length === boxes.length; all.indeterminate = chosen.length > 0 && !all.checked; }
    const bar = $("[data-bulk-bar]", scope);
    if (bar) { bar.hidden = chosen.length === 0; $("[data-bulk-count]", bar).textContent = chosen.length; }
  }
  const scopeOf = (el) => el.closest("form, [data-bulk]") ?? document.body;
  let lastBox = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-select-row]");
    if (!box) return;
    if (event.shiftKey && lastBox && scopeOf(lastBox) === scopeOf(box)) {
      const boxes = $$("[data-select-row]", scopeOf(box)), [a, b] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((x, y) => x - y);
      boxes.slice(a, b + 1).forEach((each) => { each.checked = box.checked; });
    }
    lastBox = box;
    countRows(scopeOf(box));
  });
  document.addEventListener("change", (event) => {
    const scope = scopeOf(event.target);
    if (event.target.matches("[data-select-all]")) $$("[data-select-row]", scope).forEach((b) => { b.checked = event.target.checked; });
    if (event.target.matches("[data-select-all], [data-select-row]")) countRows(scope);
    // <select data-autosubmit>, <input data-autosubmit>: filters that apply themselves
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const clear = event.target.closest("[data-bulk-clear]");
    if (!clear) return;
    $$("[data-select-row]", scopeOf(clear)).forEach((b) => { b.checked = false; });
    countRows(scopeOf(clear));
  });
  document.addEventListener("htmx:afterSettle", (event) => { if ($("[data-select-row]", event.detail.elt)) countRows(scopeOf(event.detail.elt)); });

  // ---- rows: j, k, Enter, x; a click anywhere in a row opens it
  function rows() { return $$("[data-rows]").filter((b) => b.offsetParent).flatMap((b) => [...b.children]).filter((r) => r.dataset.href || $("a[href]", r)); }
  const linkOf = (row) => row.dataset.href || $("a[href]", row)?.href;
  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((r) => r.classList.contains("row-focus"));
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by))];
    all.forEach((r) => r.classList.toggle("row-focus", r === next));
    next.scrollIntoView({ block: "nearest" });
    $("a[href]", next)?.focus({ preventScroll: true });
  }
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-rows] > [data-href]");
    if (!row || event.target.closest("a, button, input, label, select, summary") || String(getSelection())) return;
    if (event.ctrlKey || event.metaKey) window.open(row.dataset.href); else location.assign(row.dataset.href);
  });

  // ---- keys
  document.addEventListener("keydown", (event) => {
    const active = document.activeElement;
    if (event.isComposing) return;  // an input method is choosing Chinese characters
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = active?.closest?.("form");
      if (form && form.method !== "dialog") { event.preventDefault(); form.requestSubmit($("[data-primary]", form) ?? undefined); }
      return;
    }
    if (event.key === "Escape") {
      const open = $$("details.menu[open]");
      if (open.length) { open.forEach((d) => { d.open = false; }); $("summary", open[0]).focus(); }
      $("#search-results")?.replaceChildren();
      return;
    }
    if (active?.closest?.(".topbar-search") && /^Arrow(Down|Up)$/.test(event.key)) {
      const stops = [$("#search"), ...$$("#search-results a[href]")], at = stops.indexOf(active);
      event.preventDefault();
      stops[Math.min(stops.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))].focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typingIn(active) || $("dialog[open]")) return;
    if (event.key === "/") { const box = $("#search"); if (box) { event.preventDefault(); box.focus(); box.select(); } }
    else if (event.key === "?") $("#shortcuts-dialog").showModal();
    else if (event.key === "n") $(".sidebar-call")?.click();
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "x") { const box = $(".row-focus [data-select-row]"); if (box) { box.checked = !box.checked; countRows(scopeOf(box)); } }
    else if (event.key === "Enter" && (active === document.body || active?.closest?.(".row-focus")) && !active?.closest?.("a, button")) { const row = $(".row-focus"); if (row) location.assign(linkOf(row)); }
  });

  // ---- small things
  document.addEventListener("click", (event) => {
    for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    if (!event.target.closest(".topbar-search")) $("#search-results")?.replaceChildren();
    if (event.target.closest("[data-shortcuts]")) $("#shortcuts-dialog").showModal();
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("[data-theme-toggle]")) {
      const root = document.documentElement, next = root.dataset.bsTheme === "dark" ? "light" : "dark";
      root.dataset.bsTheme = next;
      try { localStorage.setItem("sanbao-theme", next); } catch { /* storage may be forbidden: it holds for this page */ }
      document.dispatchEvent(new CustomEvent("sanbao:theme"));
    }
  });
  const firstWrong = (root) => $(".is-invalid, [aria-invalid=true] input", root)?.focus();
  document.addEventListener("htmx:afterSettle", (event) => { if ($("[data-form-errors], .is-invalid", event.detail.elt)) firstWrong(event.detail.elt); });
  firstWrong(document);
  $$("[data-bulk-bar]").forEach((bar) => countRows(scopeOf(bar)));
  window.sanbao = { toast };
})();
