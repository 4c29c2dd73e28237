// canvas[data-signature=id]: pen strokes on glass, kept as whole numbers in the hidden field #id.
(() => {
  "use strict";
  const WIDTH = 600, HEIGHT = 200, GAP = 3;

  function strokes(pad, canvas) {
    const wide = WIDTH / canvas.clientWidth, high = HEIGHT / canvas.clientHeight;
    const at = (value, scale, most) => Math.min(most, Math.max(0, Math.round(value * scale)));
    return pad.toData().map((group) => {
      const line = [];
      let last = null;
      for (const point of group.points) {
        const x = at(point.x, wide, WIDTH), y = at(point.y, high, HEIGHT);
        if (last && Math.abs(x - last[0]) < GAP && Math.abs(y - last[1]) < GAP) continue;
        line.push(x, y);
        last = [x, y];
      }
      return line;
    }).filter((line) => line.length >= 2);
  }

  function draw(pad, canvas, lines) {
    const wide = canvas.clientWidth / WIDTH, high = canvas.clientHeight / HEIGHT;
    pad.fromData(lines.map((line) => {
      const points = [];
      for (let i = 0; i < line.length; i += 2) points.push({ x: line[i] * wide, y: line[i + 1] * high, pressure: 0.5, time: i });
      return { penColor: "#000", dotSize: 0, minWidth: 0.5, maxWidth: 2.5, points };
    }));
  }

  for (const canvas of document.querySelectorAll("canvas[data-signature]")) {
    const field = document.getElementById(canvas.dataset.signature);
    if (!field || typeof SignaturePad === "undefined") continue;
    canvas.parentElement.hidden = false;
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    const pad = new SignaturePad(canvas);
    // What was signed before the form came back with a question is still there.
    if (field.value) { try { draw(pad, canvas, JSON.parse(field.value)); } catch { field.value = ""; } }
    pad.addEventListener("endStroke", () => { field.value = JSON.stringify(strokes(pad, canvas)); });
    const clear = canvas.parentElement.querySelector("[data-signature-clear]");
    if (clear) clear.addEventListener("click", () => { pad.clear(); field.value = ""; });
  }
})();
