// <figure data-chart> holds one <script type="application/json"> with an ECharts option, a
// .chart-canvas to draw in, and its table in <details>. Nothing here is code from the page.
(() => {
  "use strict";
  // Okabe and Ito: told apart by colour-blind readers; the same order on every page.
  const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#8C7A00", "#6B7280"];
  const words = document.getElementById("words").dataset;
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // The theme's colours may be mixed or in another colour space; ECharts wants plain rgba.
  function colour(name) {
    const probe = document.createElement("i");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    pen.fillStyle = getComputedStyle(probe).color;
    probe.remove();
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return `rgba(${r},${g},${b},${a / 255})`;
  }
  const drawn = new Map();

  function dressed(option) {
    const text = colour("--tblr-body-color"), line = colour("--tblr-border-color");
    const axis = (one) => ({
      ...one,
      axisLabel: { color: text, hideOverlap: true, ...one.axisLabel },
      axisLine: { lineStyle: { color: line }, ...one.axisLine },
      splitLine: { lineStyle: { color: line }, ...one.splitLine },
      nameTextStyle: { color: text, ...one.nameTextStyle },
    });
    const axes = (value) => (value === undefined ? undefined : Array.isArray(value) ? value.map(axis) : axis(value));
    const result = {
      color: COLOURS,
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      animationDuration: 250,
      textStyle: { color: text, fontFamily: css("--tblr-font-sans-serif") },
      grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
      ...option,
      // Rich text is drawn on the canvas; the other mode writes style attributes, which our CSP refuses.
      tooltip: { ...option.tooltip, renderMode: "richText", confine: true },
    };
    if (option.legend !== undefined) result.legend = { textStyle: { color: text }, top: 0, ...option.legend };
    for (const key of ["xAxis", "yAxis"]) if (option[key] !== undefined) result[key] = axes(option[key]);
    return result;
  }

  function draw(figure) {
    const canvas = figure.querySelector(".chart-canvas"), source = figure.querySelector('script[type="application/json"]');
    if (!canvas || !source) return;
    try {
      const option = JSON.parse(source.textContent);
      drawn.get(figure)?.dispose();
      const chart = window.echarts.init(canvas, null, { renderer: figure.dataset.renderer || "canvas" });
      // Readers get the caption here and the figures in the table; ECharts' own words recite gaps as NaN.
      const caption = figure.querySelector("figcaption")?.textContent.trim();
      chart.setOption({ ...dressed(option), aria: { enabled: true, decal: { show: false }, label: { description: caption } } });
      // A bar or point whose data carries `href` leads to its rows.
      chart.on("click", (params) => { const to = params.data?.href; if (typeof to === "string" && to.startsWith("/")) location.assign(to); });
      drawn.set(figure, chart);
    } catch (error) {
      canvas.textContent = words.chartFailed;
      figure.querySelector("details")?.setAttribute("open", "");
      console.error(error);
    }
  }

  function drawAll() {
    for (const [figure, chart] of drawn) if (!figure.isConnected) { chart.dispose(); drawn.delete(figure); }
    for (const figure of document.querySelectorAll("figure[data-chart]")) if (!drawn.has(figure)) draw(figure);
  }
  let timer;
  addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(() => drawn.forEach((chart) => chart.resize()), 100); });
  addEventListener("beforeprint", () => drawn.forEach((chart) => chart.resize()));
  document.addEventListener("sanbao:theme", () => [...drawn.keys()].forEach(draw));
  document.addEventListener("htmx:afterSettle", drawAll);
  drawAll();
})();
