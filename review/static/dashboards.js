"use strict";
// Comfort: the server drew every chart as SVG; where ECharts is there, they answer to the pointer.
(function () {
  if (!window.echarts) return;
  const figures = Array.from(document.querySelectorAll("figure[data-plot]"));
  const live = [];
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const told = (value, plot) => (value === null ? "–" : plot.percent ? (100 * value).toFixed(1) + "%" : plot.most - plot.least < 3 ? (value > 0 ? "+" : "") + value.toFixed(2) : value.toFixed(1));
  // Rich text, drawn on the canvas: the page's policy allows no inline style, which an HTML tooltip needs.
  const tooltip = (formatter) => ({ trigger: "axis", renderMode: "richText", confine: true, backgroundColor: colour("card"), borderColor: colour("line"), textStyle: { color: colour("ink"), fontSize: 13 }, formatter });
  const grid = { left: 52, right: 14, top: 14, bottom: 28 };
  const xAxis = (plot) => ({ type: "category", data: plot.labels, axisLine: { lineStyle: { color: colour("line") } }, axisTick: { show: false }, axisLabel: { color: colour("quiet"), hideOverlap: true } });
  const yAxis = (plot, formatter, min, max, interval) => ({ type: "value", min, max, interval, splitLine: { lineStyle: { color: colour("line") } }, axisLabel: { color: colour("quiet"), formatter } });

  function band(plot) {
    const low = plot.points.map((p) => p[1]);
    const side = { type: "line", stack: "band", stackStrategy: "all", symbol: "none", silent: true, lineStyle: { opacity: 0 }, connectNulls: false };
    return {
      animation: false, grid, xAxis: xAxis(plot), yAxis: yAxis(plot, (v) => (plot.percent ? Math.round(100 * v) + "%" : String(Math.round(100 * v) / 100)), plot.least, plot.most, plot.step),
      tooltip: tooltip((rows) => {
        const at = rows[0].dataIndex, p = plot.points[at];
        return plot.labels[at] + "\n" + told(p[0], plot) + (p[1] === null ? "" : "  [" + told(p[1], plot) + ", " + told(p[2], plot) + "]") + "\nn = " + p[3].toLocaleString();
      }),
      series: [
        Object.assign({ data: low }, side),
        Object.assign({ data: plot.points.map((p) => (p[1] === null ? null : p[2] - p[1])), areaStyle: { color: colour("met"), opacity: 0.18 } }, side),
        {
          type: "line", name: plot.name, lineStyle: { color: colour("met"), width: 2 }, symbol: "circle", symbolSize: 8,
          data: plot.points.map((p) => ({ value: p[0], itemStyle: { color: p[3] < plot.few ? colour("card") : colour("met"), borderColor: colour("met"), borderWidth: 1.5 } })),
        },
      ],
    };
  }

  function stack(plot) {
    return {
      animation: false, grid: Object.assign({}, grid, { bottom: 50 }), xAxis: xAxis(plot), yAxis: yAxis(plot, (v) => Math.round(100 * v) + "%", 0, 1),
      legend: { bottom: 0, itemWidth: 10, itemHeight: 10, textStyle: { color: colour("quiet") } },
      tooltip: tooltip((rows) => plot.labels[rows[0].dataIndex] + "  n = " + plot.totals[rows[0].dataIndex].toLocaleString() + "\n" + rows.map((r) => r.seriesName + "  " + (100 * r.value).toFixed(1) + "%").join("\n")),
      series: plot.parts.map(([name, shares], i) => ({ type: "bar", stack: "all", name, data: shares, itemStyle: { color: colour("p" + (i % 6)) }, barWidth: "76%" })),
    };
  }

  function draw(figure) {
    const plot = JSON.parse(figure.dataset.plot);
    const room = document.createElement("div");
    room.className = "live";
    room.setAttribute("aria-hidden", "true");
    figure.append(room);
    const chart = window.echarts.init(room);
    const option = () => chart.setOption(plot.kind === "band" ? band(plot) : stack(plot), true);
    option();
    // The picture stays for whoever listens to the page instead of seeing it.
    figure.querySelector("svg").classList.add("unseen");
    const keys = figure.querySelector(".keys-of");
    if (keys) keys.hidden = true;
    live.push([chart, option]);
  }

  figures.forEach((figure) => { try { draw(figure); } catch (error) { const room = figure.querySelector(".live"); if (room) room.remove(); figure.querySelector("svg").classList.remove("unseen"); } });
  window.addEventListener("resize", () => live.forEach(([chart]) => chart.resize()));
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => live.forEach(([, option]) => option()));
})();
