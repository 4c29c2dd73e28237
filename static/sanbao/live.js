// [data-live=url]: this part of the page is fetched again every data-every seconds (20) and
// replaced when its data-version changed; never while somebody reads with the cursor in it.
(() => {
  "use strict";
  const words = document.getElementById("words").dataset;
  const typing = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]";

  function busy(part) {
    const active = document.activeElement;
    if (active && active !== document.body && part.contains(active)) return true;
    if (part.querySelector("[data-select-row]:checked, details.menu[open], dialog[open], .row-focus")) return true;
    const selection = getSelection();
    if (selection && !selection.isCollapsed && part.contains(selection.anchorNode)) return true;
    return [...part.querySelectorAll(typing)].some((c) => c.value !== undefined && c.defaultValue !== undefined && c.value !== c.defaultValue);
  }

  function put(part, fresh) {
    part.querySelector(".live-news")?.remove();
    window.htmx.swap(part, fresh.outerHTML, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
  }

  function tell(part, fresh) {
    let bar = part.querySelector(":scope > .live-news");
    if (!bar) {
      bar = document.createElement("div");
      bar.className = "live-news";
      const button = document.createElement("button");
      button.type = "button"; button.className = "btn btn-primary btn-sm"; button.textContent = words.news;
      bar.append(button);
      part.prepend(bar);
    }
    bar.firstChild.onclick = () => put(part, fresh);
  }

  async function look(part) {
    const answer = await fetch(part.dataset.live, {
      headers: { "HX-Request": "true", "X-Live-Version": part.dataset.version || "" },
      credentials: "same-origin", redirect: "manual",
    });
    if (answer.status === 401 || answer.type === "opaqueredirect") {
      document.dispatchEvent(new CustomEvent("sanbao:signed-out"));
      return false;
    }
    if (answer.status !== 200) return true;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = part.id ? page.getElementById(part.id) : page.querySelector("[data-live]");
    if (!fresh || !part.isConnected) return true;
    if (fresh.dataset.version && fresh.dataset.version === part.dataset.version) return true;
    if (busy(part)) tell(part, fresh); else put(part, fresh);
    return true;
  }

  const nextAt = new WeakMap();
  let running = false;
  async function round() {
    if (running || document.hidden || !navigator.onLine) return;
    running = true;
    const now = Date.now();
    for (const part of document.querySelectorAll("[data-live]")) {
      const every = (Number(part.dataset.every) || 20) * 1000;
      if (!nextAt.has(part)) { nextAt.set(part, now + every); continue; }
      if (nextAt.get(part) > now) continue;
      nextAt.set(part, now + every);
      try { if (!await look(part)) { running = false; clearInterval(timer); return; } }
      catch { nextAt.set(part, now + 3 * every); }  // no network: try again, less often
    }
    running = false;
  }
  const timer = setInterval(round, 1000);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) for (const part of document.querySelectorAll("[data-live]")) nextAt.set(part, 0);
  });

  // Polling written in htmx keeps the same manners.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    const polled = /\bevery\b/.test(part.getAttribute("hx-trigger") || "");
    if (polled && !event.detail.requestConfig.triggeringEvent && (document.hidden || busy(part))) event.preventDefault();
  });
})();
