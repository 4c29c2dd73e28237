// form[data-draft=key]: what is typed is kept on this computer, per user, until it is sent.
(() => {
  "use strict";
  const words = document.getElementById("words").dataset;
  const user = document.body.dataset.user || "nobody";
  const keyOf = (form) => `sanbao-draft:${user}:${form.dataset.draft}`;
  const SECRET = /^(csrfmiddlewaretoken|next|password.*|idempotency_key|version)$/;
  const MONTH = 30 * 24 * 3600 * 1000;

  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: the page itself still holds the text */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* as above */ } },
  };

  function read(form) {
    const fields = {};
    for (const control of form.elements) {
      if (!control.name || SECRET.test(control.name) || /^(file|password|hidden|submit|button)$/.test(control.type)) continue;
      const list = (fields[control.name] ??= []);
      if (control.type === "checkbox" || control.type === "radio") { if (control.checked) list.push(control.value); }
      else if (control.type === "select-multiple") list.push(...[...control.selectedOptions].map((o) => o.value));
      else list.push(control.value);
    }
    return fields;
  }

  function write(form, fields) {
    const next = {};
    for (const control of form.elements) {
      const list = fields[control.name];
      if (!list || SECRET.test(control.name) || /^(file|password|hidden|submit|button)$/.test(control.type)) continue;
      if (control.type === "checkbox" || control.type === "radio") control.checked = list.includes(control.value);
      else if (control.type === "select-multiple") for (const o of control.options) o.selected = list.includes(o.value);
      else { const i = (next[control.name] = (next[control.name] ?? -1) + 1); if (i < list.length) control.value = list[i]; }
      control.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  function offer(form, draft) {
    const box = document.createElement("div");
    box.className = "alert alert-info draft-offer";
    box.setAttribute("role", "status");
    const text = document.createElement("span");
    const when = new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    text.textContent = words.draftFound.replace("{moment}", when);
    const use = button("btn btn-primary btn-sm", words.draftUse, () => { write(form, draft.fields); save(form); });
    const drop = button("btn btn-sm", words.draftDrop, () => store.drop(keyOf(form)));
    box.append(text, use, drop);
    form.prepend(box);
    function button(css, label, then) {
      const b = document.createElement("button");
      b.type = "button"; b.className = css; b.textContent = label;
      b.addEventListener("click", () => { then(); box.remove(); });
      return b;
    }
  }

  function save(form) {
    const fields = read(form);
    if (same(fields, form.sanbaoStart)) store.drop(keyOf(form));
    else store.set(keyOf(form), { at: Date.now(), fields });
  }

  function adopt(form) {
    if (form.sanbaoStart) return;
    form.sanbaoStart = read(form);
    const draft = store.get(keyOf(form));
    const typedByServer = form.querySelector("[data-form-errors], .is-invalid");
    if (draft && Date.now() - draft.at > MONTH) store.drop(keyOf(form));
    // After an error the server gives back what was typed; a draft would only repeat it.
    else if (draft && !typedByServer && !same(draft.fields, form.sanbaoStart)) offer(form, draft);
    let timer;
    const later = () => { clearTimeout(timer); timer = setTimeout(() => save(form), 400); };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    addEventListener("pagehide", () => { if (timer && form.isConnected && !form.sanbaoSent) save(form); });
    form.addEventListener("submit", () => {
      clearTimeout(timer); timer = 0;
      save(form);
      try { sessionStorage.setItem("sanbao-sent", form.dataset.draft); } catch { /* then the draft is offered once too often */ }
    });
  }

  // A draft is done with when the page after its submit is neither the same form with errors,
  // nor an error page, nor the sign-in page; or when the server says so: an element with
  // data-draft-done="key", or the HX-Trigger event draftDone {"key": …}.
  const done = (key) => store.drop(`sanbao-draft:${user}:${key}`);
  function settleSent() {
    let key = null;
    try { key = sessionStorage.getItem("sanbao-sent"); sessionStorage.removeItem("sanbao-sent"); } catch { return; }
    if (!key || user === "nobody" || "keepDrafts" in document.body.dataset) return;
    const form = [...document.forms].find((f) => f.dataset.draft === key);
    if (!form?.querySelector("[data-form-errors], .is-invalid")) done(key);
  }
  function scan(root) {
    for (const mark of root.querySelectorAll("[data-draft-done]")) done(mark.dataset.draftDone);
    for (const form of root.querySelectorAll("form[data-draft]")) adopt(form);
  }
  document.addEventListener("draftDone", (event) => done(event.detail.key ?? event.detail.value));
  document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) scan(event.detail.elt.parentNode ?? document); });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form[data-draft]"), status = event.detail.xhr.status;
    if (!form || event.detail.requestConfig.verb === "get") return;
    try { sessionStorage.removeItem("sanbao-sent"); } catch { /* nothing was kept */ }
    if (status >= 200 && status < 300 && !/is-invalid|data-form-errors/.test(event.detail.xhr.responseText)) done(form.dataset.draft);
  });
  settleSent();
  scan(document);
})();
