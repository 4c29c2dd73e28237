// Reports that are written where there is no network: kept on this telephone, sent in order
// (entries, photos, signature) under the key that the page was given, so that twice makes one.
(() => {
  "use strict";
  const user = document.body.dataset.user || "nobody";
  const PREFIX = `sanbao-report:${user}:`;
  const csrf = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value || JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

  function get(key) { try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; } }
  function put(record) { try { localStorage.setItem(PREFIX + record.key, JSON.stringify(record)); return true; } catch { return false; } }
  function drop(key) { try { localStorage.removeItem(PREFIX + key); } catch { /* nothing was kept then */ } }
  function all() {
    const found = [];
    try { for (let i = 0; i < localStorage.length; i += 1) { const name = localStorage.key(i); if (name.startsWith(PREFIX)) { const record = get(name.slice(PREFIX.length)); if (record) found.push(record); } } } catch { /* storage is forbidden here */ }
    return found.sort((a, b) => b.at - a.at);
  }

  // ---- photos wait as files, which localStorage cannot hold
  let opened = null;
  function database() {
    opened ??= new Promise((done, fail) => {
      const wish = indexedDB.open("sanbao-reports", 1);
      wish.onupgradeneeded = () => wish.result.createObjectStore("photos", { keyPath: "id", autoIncrement: true }).createIndex("report", "report");
      wish.onsuccess = () => done(wish.result);
      wish.onerror = () => fail(wish.error);
    });
    return opened;
  }
  async function table(mode, work) {
    const base = await database();
    return new Promise((done, fail) => {
      const wish = work(base.transaction("photos", mode).objectStore("photos"));
      wish.onsuccess = () => done(wish.result);
      wish.onerror = () => fail(wish.error);
    });
  }
  const photos = (key) => table("readonly", (store) => store.index("report").getAll(PREFIX + key)).catch(() => []);
  const addPhoto = (key, photo) => table("readwrite", (store) => store.add({ ...photo, report: PREFIX + key }));
  const dropPhoto = (id) => table("readwrite", (store) => store.delete(id));

  // ---- sending
  async function post(url, body) {
    let answer;
    try {
      answer = await fetch(url, { method: "POST", body, redirect: "manual", credentials: "same-origin", headers: { Accept: "application/json", "X-CSRFToken": csrf() } });
    } catch { return { how: "waiting", body: {} }; }
    if (answer.type === "opaqueredirect" || answer.status === 401) return { how: "signedOut", body: {} };
    if (answer.status >= 500 || answer.status === 429) return { how: "waiting", body: {} };
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) return { how: "sent", body: said };
    return { how: answer.status === 422 ? "wrong" : answer.status === 409 ? "conflict" : "signedOut", body: said };
  }
  function form(entries) { const data = new FormData(); for (const [name, value] of entries) data.append(name, value); return data; }

  async function sendEntries(key) {
    const record = get(key), entries = record.entries;
    const result = await post(record.links?.edit || record.sendUrl, form(entries));
    const now = get(key) || record;
    if (result.body.number) now.links = { edit: result.body.edit, evidence: result.body.evidence, sign: result.body.sign, page: result.body.page };
    if (result.body.number) now.label = result.body.number;
    if (result.body.stamp) now.entries = now.entries.map(([name, value]) => [name, name === "stamp" ? result.body.stamp : value]);
    // The signature arrived before, and only its answer was lost.
    if (result.how === "conflict" && result.body.state === "signed" && now.sign) result.how = "sent";
    if (result.how === "sent" && now.at === record.at) now.dirty = false;
    if (result.how === "wrong" || result.how === "conflict") { now.refused = true; now.sign = null; } else now.refused = false;
    put(now);
    return result;
  }

  async function sendNow(key) {
    let record = get(key), last = { how: "sent", body: {} };
    if (!record) return last;
    if (record.dirty) {
      last = await sendEntries(key);
      if (last.how !== "sent") return last;
      record = get(key);
    }
    const told = [];
    for (const photo of record.links ? await photos(key) : []) {
      const data = form([["kind", photo.kind], ["taken_at", photo.takenAt]]);
      data.append("upload", photo.file, photo.name);
      const result = await post(record.links.evidence, data);
      if (result.how === "waiting" || result.how === "signedOut") return result;
      await dropPhoto(photo.id);
      if (result.how === "sent") last = result;
      else told.push(...Object.values(result.body.errors || {}).flat().map((text) => `${photo.name}: ${text}`));
    }
    record = get(key);
    if (record.sign && record.links && !record.dirty) {
      const result = await post(record.links.sign, form(Object.entries(record.sign)));
      if (result.how === "waiting" || result.how === "signedOut") return result;
      record = get(key);
      record.sign = null;
      put(record);
      if (result.how !== "sent") return result;
      last = result;
      last.signed = true;
    }
    record = get(key);
    if (record && !record.dirty && !record.sign) drop(key);
    last.photosRefused = told;
    return last;
  }

  // One sending at a time, in all tabs where the browser can say so.
  let chain = Promise.resolve();
  function send(key) {
    const run = () => (navigator.locks ? navigator.locks.request(`sanbao-report-${key}`, () => sendNow(key)) : sendNow(key));
    chain = chain.then(run, run);
    return chain;
  }
  async function isWaiting(key) {
    const record = get(key);
    return Boolean(record && (record.dirty || record.sign)) || (await photos(key)).length > 0;
  }

  window.sanbaoReports = { get, put, drop, all, photos, addPhoto, dropPhoto, send, isWaiting };
})();
