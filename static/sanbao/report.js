// The sheet of a report: every keystroke stays on this telephone until the server has it.
(() => {
  "use strict";
  const store = window.sanbaoReports;
  const form = document.getElementById("report-form");
  if (!form || !store) return;
  const box = document.getElementById("report-kept"), words = box.dataset, told = document.getElementById("report-told");
  const signForm = document.getElementById("sign-form"), photoForm = document.getElementById("photo-form");
  const keyField = form.elements.client_key;
  let key = keyField.value;
  const AGAIN = 15000;

  // ---- rows of parts and labour
  const totalOf = (section) => section.querySelector(`[name=${section.dataset.rowsOf}-TOTAL_FORMS]`);
  for (const section of form.querySelectorAll("[data-rows-of]")) {
    const button = section.querySelector("[data-add-row]");
    button.hidden = false;
    button.addEventListener("click", () => addRow(section).querySelector("input")?.focus());
  }
  // Rows that stand ready for those without scripts only make the page long here.
  for (const section of form.querySelectorAll("[data-rows-of]")) {
    const rows = [...section.querySelectorAll(":scope > [data-row]")];
    const isEmpty = (row) => !row.querySelector(".is-invalid") && !row.querySelector("input[list]").value;
    while (rows.length > 1 && isEmpty(rows.at(-1))) {
      rows.pop().remove();
      totalOf(section).value = Number(totalOf(section).value) - 1;
    }
  }
  function addRow(section) {
    const total = totalOf(section), holder = document.createElement("div");
    holder.innerHTML = section.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.querySelector("[data-row]");
    section.querySelector("[data-add-row]").before(row);
    total.value = Number(total.value) + 1;
    return row;
  }

  // ---- what is typed, kept here
  function read() {
    form.elements.device_at.value = new Date().toISOString();
    return [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  }
  function write(entries) {
    for (const section of form.querySelectorAll("[data-rows-of]")) {
      const wanted = Number(entries.find(([name]) => name === totalOf(section).name)?.[1] || 0);
      while (Number(totalOf(section).value) < wanted) addRow(section);
    }
    const values = new Map(entries);
    for (const control of form.elements) {
      if (!control.name || control.name === "csrfmiddlewaretoken" || control.type === "submit" || control.name.endsWith("_FORMS")) continue;
      if (control.type === "checkbox") control.checked = values.has(control.name);
      else if (values.has(control.name)) control.value = values.get(control.name);
    }
  }
  function keep() {
    clearTimeout(timer); timer = 0;
    const old = store.get(key) || {};
    store.put({ ...old, key, about: form.dataset.about, label: old.label || form.dataset.about, sendUrl: form.dataset.send, page: location.pathname + location.search, entries: read(), at: Date.now(), dirty: true, refused: false });
    show("waiting", words.savedHere);
  }
  let timer = 0;
  const later = () => { clearTimeout(timer); timer = setTimeout(keep, 250); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("pagehide", () => { if (timer) keep(); });

  // ---- what is seen
  function show(how, text, extra) {
    box.hidden = false;
    box.className = `report-kept${how === "sent" ? "" : how === "waiting" ? " is-waiting" : " is-wrong"}`;
    box.dataset.state = how;
    box.textContent = text;
    if (extra) box.append(extra);
  }
  function clearFaults() {
    told.replaceChildren();
    for (const note of document.querySelectorAll(".report-fault")) note.remove();
    for (const control of document.querySelectorAll("#report-form .is-invalid, #sign-form .is-invalid")) control.classList.remove("is-invalid");
  }
  function fault(name, texts) {
    const control = form.elements[name] || signForm.elements[name] || photoForm.elements[name];
    const near = name === "signature" ? signForm.querySelector(".signature") : control?.closest?.(".field");
    if (!near) { tell("danger", texts); return; }
    if (name !== "signature") control.classList.add("is-invalid");
    const note = document.createElement("div");
    note.className = "invalid-feedback d-block report-fault";
    note.textContent = texts.join(" ");
    near.append(note);
    for (let part = near.parentElement; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  }
  function tell(tone, texts) {
    if (!texts.length) return;
    const alert = document.createElement("div");
    alert.className = `alert alert-${tone} report-fault`;
    const list = document.createElement("ul");
    list.className = "mb-0";
    for (const text of texts) { const line = document.createElement("li"); line.textContent = text; list.append(line); }
    alert.append(list);
    told.append(alert);
  }
  function faults(errors) {
    clearFaults();
    for (const [name, texts] of Object.entries(errors || {})) fault(name, texts);
    const first = document.querySelector("#report-form .is-invalid, #sign-form .is-invalid, .report-fault");
    if (first) { first.scrollIntoView({ block: "center" }); first.focus?.({ preventScroll: true }); }
  }

  // ---- sending
  function adopt(body) {
    if (!body.number) return;
    form.elements.stamp.value = body.stamp;
    form.dataset.about = body.number;
    form.dataset.send = body.edit;
    signForm.action = body.sign;
    photoForm.action = body.evidence;
    if (location.pathname !== body.edit) history.replaceState(null, "", body.edit);
  }
  let isSending = false;
  async function flush() {
    if (isSending || !await store.isWaiting(key)) return;
    isSending = true;
    const hadSign = Boolean(store.get(key)?.sign);
    show("waiting", words.sending);
    const result = await store.send(key);
    isSending = false;
    adopt(result.body);
    if (result.how === "sent") {
      clearFaults();
      if (result.signed) { location.assign(result.body.page); return; }
      document.getElementById("report-warnings")?.remove();
      tell("warning", (result.body.warnings || []).map((each) => each.text));
      tell("danger", result.photosRefused || []);
      await listPhotos(result.photosRefused);
      if (await store.isWaiting(key)) show("waiting", words.savedHere); else show("sent", words.sent);
    } else if (result.how === "waiting") show("waiting", store.get(key)?.sign ? words.signWaits : words.savedHere);
    else if (result.how === "signedOut") { show("waiting", words.signedOut); document.dispatchEvent(new CustomEvent("sanbao:signed-out")); }
    else { show("wrong", result.how === "wrong" ? words.wrong : words.conflict); faults(result.body.errors); if (hadSign) tell("warning", [words.correct]); }
  }
  form.addEventListener("submit", (event) => { event.preventDefault(); keep(); store.put({ ...store.get(key), asked: true }); flush(); });
  addEventListener("online", flush);
  // What was refused waits for its writer, everything else for the network.
  setInterval(() => { if (navigator.onLine && !timer && (store.get(key)?.sign || store.get(key)?.asked) && !store.get(key)?.refused) flush(); }, AGAIN);

  // ---- photos
  async function listPhotos(refused = []) {
    const list = document.getElementById("report-photos");
    const waiting = await store.photos(key), still = new Set(waiting.map((photo) => String(photo.id)));
    for (const line of list.querySelectorAll("[data-waiting-photo]")) {
      // What left this telephone stays in the list, as sent; what was refused is told above it.
      if (still.has(line.dataset.waitingPhoto) || refused.some((text) => text.startsWith(`${line.dataset.name}: `))) { line.remove(); continue; }
      delete line.dataset.waitingPhoto;
      line.lastElementChild.textContent = words.sent;
    }
    for (const photo of waiting) {
      const line = document.createElement("li"), name = document.createElement("span");
      line.dataset.waitingPhoto = photo.id;
      line.dataset.name = photo.name;
      name.textContent = `${photo.label} · ${photo.name}`;
      const state = document.createElement("span");
      state.className = "text-secondary"; state.textContent = words.savedHere;
      line.append(name, state);
      list.append(line);
    }
    const empty = list.querySelector(".report-no-photos");
    if (empty) empty.hidden = list.children.length > 1;
  }
  photoForm.addEventListener("submit", async (event) => {
    event.preventDefault();
    const kind = photoForm.elements.kind, files = [...photoForm.elements.upload.files];
    if (!files.length) { photoForm.elements.upload.focus(); return; }
    for (const file of files) await store.addPhoto(key, { kind: kind.value, label: kind.selectedOptions[0].textContent, name: file.name, file, takenAt: new Date(file.lastModified).toISOString() });
    photoForm.elements.upload.value = "";
    keep();
    await listPhotos();
    flush();
  });

  // ---- the customer signs
  const NEEDED = ["technician_name", "started_at", "finished_at", "fault_on", "complaint", "cause", "correction"];
  function missing() {
    const found = {};
    for (const name of NEEDED) if (form.elements[name] && !form.elements[name].value.trim()) found[name] = [words.missing];
    const begin = form.elements.started_at.value, end = form.elements.finished_at.value;
    if (begin && end && end < begin) found.finished_at = [words.order];
    const known = new Set([...document.querySelectorAll("#report-parts option")].map((o) => o.value.split(" ")[0].toUpperCase()));
    for (const control of form.querySelectorAll("[name^=parts-][name$=-part]")) {
      const typed = control.value.trim().normalize("NFKC").toUpperCase();
      if (typed && known.size && known.size < 600 && !navigator.onLine && !known.has(typed.split(" ")[0])) found[control.name] = [words.unknown];
    }
    if (!signForm.elements.signer_name.value.trim()) found.signer_name = [words.missing];
    const strokes = signForm.elements.signature.value;
    if (!signForm.elements.code?.value.trim() && (!strokes || strokes === "null" || strokes === "[]")) found.signature = [words.noSignature];
    return found;
  }
  signForm.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = missing();
    faults(wrong);
    if (Object.keys(wrong).length) return;
    keep();
    const sign = { signer_name: signForm.elements.signer_name.value, signature: signForm.elements.signature.value, signed_at: new Date().toISOString() };
    if (signForm.elements.code?.value.trim()) { sign.code = signForm.elements.code.value; sign.signature = ""; }
    if (signForm.elements.is_done?.checked) sign.is_done = "on";
    store.put({ ...store.get(key), sign });
    show("waiting", words.signWaits);
    flush();
  });

  // ---- what was kept before
  function restore() {
    const own = store.get(key), about = form.dataset.about;
    // A sheet that was begun on this telephone and never reached the server had another key.
    const record = own || (location.pathname.endsWith("/new/") && about ? store.all().find((each) => each.about === about && !each.links) : null);
    if (!record || document.querySelector("[data-form-errors]")) return;
    if (record.dirty || record.sign) {
      key = record.key;
      write(record.entries);
      keyField.value = key;
      const discard = document.createElement("button");
      discard.type = "button"; discard.className = "btn btn-sm"; discard.textContent = words.drop;
      discard.addEventListener("click", () => { store.drop(key); location.reload(); });
      const when = new Date(record.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
      show("waiting", words.restored.replace("{moment}", when), discard);
    }
    if (record.sign) { signForm.elements.signer_name.value = record.sign.signer_name; flush(); }
  }
  restore();
  listPhotos();
})();
