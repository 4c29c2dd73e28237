// The form of a callback: 1 to 5 choose the score, Y and N whether the problem is solved.
(() => {
  "use strict";
  const form = document.querySelector("[data-call-form]");
  if (!form) return;
  const typing = (el) => el && (/^(TEXTAREA|SELECT)$/.test(el.tagName) || (el.tagName === "INPUT" && !/^(radio|checkbox|button|submit)$/.test(el.type)));
  // Before the shell's own keys: here N answers a question.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(document.activeElement) || document.querySelector("dialog[open]")) return;
    const choice = form.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!choice) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const reached = form.querySelector('[name="outcome"][value="reached"]');
    if (reached && !reached.checked) reached.click();
    choice.click();
    choice.focus();
  }, true);
  if (!form.querySelector("[data-form-errors], [aria-invalid]")) form.querySelector('[name="outcome"]:checked')?.focus({ preventScroll: true });
})();
