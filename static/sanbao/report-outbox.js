// The list of reports: what waits on this telephone is named here, and sent.
(() => {
  "use strict";
  const box = document.getElementById("report-outbox"), store = window.sanbaoReports;
  if (!box || !store) return;
  function show() {
    const waiting = store.all().filter((each) => each.dirty || each.sign);
    box.hidden = waiting.length === 0;
    box.textContent = box.dataset.waiting.replace("{n}", waiting.length);
    for (const each of waiting) {
      const link = document.createElement("a");
      link.href = each.links?.edit || each.page;
      link.textContent = ` ${each.label || each.about}`;
      box.append(link);
    }
  }
  async function flush() {
    // Only what its writer has finished goes without being looked at again.
    for (const each of store.all()) if (each.sign && !each.refused) await store.send(each.key);
    show();
  }
  show();
  if (navigator.onLine) flush();
  addEventListener("online", flush);
})();
