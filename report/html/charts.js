"use strict";

// Charts, by Chart.js: each in a figure with its caption. They take their colours from the style sheet, so they are drawn
// anew when the screen turns dark or the page goes to paper.

const shownCharts = new Set();

/** A figure with a chart; `configOf(theme)` gives the configuration that Chart.js takes, with the theme's colours. */
function chartFigure(title, note, height, configOf) {
  const canvas = element("canvas", { role: "img", "aria-label": `${title}. ${note} The figures are in the table.` });
  const box = element("div", { class: "chart", style: `height:${height}px` }, canvas);
  shownCharts.add({ canvas, configOf, chart: null });
  return element(
    "figure",
    {},
    element("figcaption", {}, title, element("span", { class: "note" }, note)),
    box,
  );
}

/** Once the figures are in the page. */
function drawCharts() {
  const theme = themeOfPage();
  Object.assign(Chart.defaults, { animation: false, maintainAspectRatio: false, color: theme.muted });
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.borderColor = theme.line;
  for (const one of shownCharts) {
    one.chart?.destroy();
    if (!one.canvas.isConnected) {
      shownCharts.delete(one);
      continue;
    }
    one.chart = new Chart(one.canvas, one.configOf(theme));
  }
}

function themeOfPage() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const theme = { stage: colour, series: [colour("series-0"), colour("series-1")] };
  for (const name of ["ink", "muted", "line", "surface", "good", "bad"]) theme[name] = colour(name);
  return theme;
}

function followTheme() {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawCharts);
  matchMedia("print").addEventListener("change", drawCharts);
}

/** A line as it is drawn, dashes and all, instead of a box. */
const lineLegend = { labels: { boxWidth: 30, boxHeight: 0 } };

function transparent(colour, percent) {
  const share = Math.round((percent / 100) * 255);
  return colour + share.toString(16).padStart(2, "0");
}

// Axes

const kRoundSteps = [1, 2, 5];

function isRound(value) {
  const first = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  return kRoundSteps.some((step) => Math.abs(first - step) < 1e-6);
}

/** Nanoseconds, each factor of ten as wide as any other. */
function logTimeAxis(title, min, max) {
  // Less than a factor of ten has too few round values.
  const isShort = max / min < 8;
  return {
    type: "logarithmic",
    min,
    max,
    title: { display: true, text: title },
    afterBuildTicks: isShort ? (axis) => (axis.ticks = evenTicks(min, max)) : undefined,
    ticks: { callback: (value) => (isShort || isRound(value) ? formatTime(value) : null), maxRotation: 0, autoSkipPadding: 12 },
  };
}

function evenTicks(min, max) {
  const step = [1, 2, 2.5, 5, 10].map((one) => one * 10 ** Math.floor(Math.log10((max - min) / 5))).find((one) => (max - min) / one <= 7);
  const ticks = [];
  for (let value = Math.ceil(min / step) * step; value <= max; value += step) ticks.push({ value });
  return ticks;
}

function timeAxis(title, options = {}) {
  return {
    type: "linear",
    title: { display: true, text: title },
    ticks: { callback: (value) => formatTime(value), maxRotation: 0, autoSkipPadding: 12, includeBounds: false },
    ...options,
  };
}

/** Shares from all down to `least`, each factor of ten as wide as any other: 0 %, 90 %, 99 %, 99.9 %, upwards. */
function tailAxis(title, least) {
  const shares = [1, 0.5, 0.1];
  for (let share = 0.01; share >= least * 0.999; share /= 10) shares.push(share);
  return {
    type: "logarithmic",
    reverse: true,
    min: Math.min(least, 0.5),
    max: 1,
    title: { display: true, text: title },
    afterBuildTicks: (axis) => (axis.ticks = shares.map((value) => ({ value }))),
    ticks: { callback: (value) => percentBelow(value), autoSkip: false },
  };
}

// What Chart.js has not got

/** Beside each bar of a horizontal bar chart: a line from low to high, and a mark at mid. */
const whiskers = {
  id: "whiskers",
  afterDatasetsDraw(chart) {
    const { ctx, scales } = chart;
    chart.data.datasets.forEach((dataset, at) => {
      if (!dataset.whiskers || !chart.isDatasetVisible(at)) return;
      chart.getDatasetMeta(at).data.forEach((bar, index) => {
        const one = dataset.whiskers[index];
        if (!one) return;
        const x = (value) => scales.x.getPixelForValue(value);
        const half = Math.min(bar.height, 14) / 2;
        ctx.save();
        ctx.strokeStyle = dataset.whiskerColour;
        ctx.lineWidth = 1.25;
        ctx.beginPath();
        ctx.moveTo(x(one.low), bar.y);
        ctx.lineTo(x(one.high), bar.y);
        for (const end of [one.low, one.high]) {
          ctx.moveTo(x(end), bar.y - half / 2);
          ctx.lineTo(x(end), bar.y + half / 2);
        }
        ctx.stroke();
        if (one.mid !== undefined) {
          ctx.lineWidth = 2.5;
          ctx.beginPath();
          ctx.moveTo(x(one.mid), bar.y - half);
          ctx.lineTo(x(one.mid), bar.y + half);
          ctx.stroke();
        }
        ctx.restore();
      });
    });
  },
};

/** Behind everything: a band from low to high on the x axis, with a line at mid. */
const band = {
  id: "band",
  beforeDatasetsDraw(chart, _, options) {
    if (options.low === undefined) return;
    const { ctx, chartArea, scales } = chart;
    const left = scales.x.getPixelForValue(options.low);
    const right = scales.x.getPixelForValue(options.high);
    const mid = scales.x.getPixelForValue(options.mid);
    ctx.save();
    ctx.fillStyle = options.colour;
    ctx.fillRect(left, chartArea.top, right - left, chartArea.height);
    ctx.strokeStyle = options.lineColour;
    ctx.beginPath();
    ctx.moveTo(mid, chartArea.top);
    ctx.lineTo(mid, chartArea.bottom);
    ctx.stroke();
    ctx.restore();
  },
};
