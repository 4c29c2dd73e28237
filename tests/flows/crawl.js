// What stands on a page for its reader: asked by test_every_page.py.
() => {
  const shown = (el) => el.checkVisibility?.({ checkOpacity: true, checkVisibilityCSS: true }) ?? true;
  const own = (el) => [...el.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join(" ").trim();
  const lines = [], names = [];
  for (const el of document.body.querySelectorAll("*")) {
    if (/^(SCRIPT|STYLE|TEMPLATE|CODE|KBD|SVG|OPTION)$/i.test(el.tagName) || !shown(el)) continue;
    if (own(el)) lines.push(own(el).replace(/\s+/g, " "));
    for (const key of ["aria-label", "title", "placeholder"]) if (el.getAttribute(key)) lines.push(el.getAttribute(key));
  }
  const labels = "h1, h2, h3, h4, th, dt, label, legend, summary, button, .btn, .nav-link-title, .form-hint, .bottombar a, .dropdown-header, .form-selectgroup-label";
  for (const el of document.querySelectorAll(labels)) if (shown(el)) names.push(el.innerText.trim().replace(/\s+/g, " "));
  const wide = [], edge = innerWidth + 1;
  if (document.documentElement.scrollWidth > innerWidth) {
    for (const el of document.body.querySelectorAll("*")) {
      if (shown(el) && el.getBoundingClientRect().right > edge && !el.closest(".table-scroll, .table-responsive")) {
        wide.push(`${el.tagName.toLowerCase()}.${el.className}`);
      }
    }
  }
  return { title: document.title, lines: [...new Set(lines)], names: [...new Set(names)], wide: wide.slice(0, 3),
    isWide: document.documentElement.scrollWidth > innerWidth };
}
