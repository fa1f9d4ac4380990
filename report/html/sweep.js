"use strict";

// A list of sizes: curves over the size, then the report of each.

function sweepChart(data) {
  const series = Object.entries(data.json.series);
  const figure = Object.keys(series[0][1][0]).find((name) => name !== "size");
  const [source] = sourcesOf(data);
  return chartFigure(
    "Latency against size",
    "The figure that the verdict is about, of each size; the size axis is logarithmic.",
    340,
    (theme) => ({
      type: "scatter",
      data: {
        datasets: series.map(([key, points]) => ({
          label: source.labelOf(key),
          data: points.map((point) => ({ x: point.size, y: point[figure] })),
          showLine: true,
          borderColor: theme.series[source.colourOf(key)],
          backgroundColor: theme.series[source.colourOf(key)],
          pointRadius: 4,
        })),
      },
      options: {
        scales: {
          x: {
            type: "logarithmic",
            min: Math.min(...data.sizes) / 1.2,
            max: Math.max(...data.sizes) * 1.2,
            title: { display: true, text: "bytes a message" },
            afterBuildTicks: (axis) => (axis.ticks = series[0][1].map((point) => ({ value: point.size }))),
            ticks: { callback: (value) => formatCount(value), maxRotation: 0, autoSkipPadding: 8 },
          },
          y: timeAxis("time", { min: 0 }),
        },
        plugins: { legend: lineLegend, tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${formatCount(raw.x)} bytes, ${formatUs(raw.y)} µs` } } },
      },
    }),
  );
}

function sweepTable(data) {
  const sources = sourcesOf(data);
  const [a, b] = sources[0].variants.map((variant) => variant.label);
  const rows = sources.flatMap((source, at) => {
    const figure = source.view.compared?.[0];
    if (!figure) return [];
    const cell = (key, text) => figureCell(source, `${figure.json}/${figure.is_time && key !== "ratio" ? `${key}_ns` : key}`, null, { text });
    return [{ name: formatCount(data.sizes[at]), cells: [cell("a", figure.a), cell("b", figure.b), cell("difference", figure.difference), cell("ratio", figure.ratio), wordCell(figure.verdict)] }];
  });
  return table("µs by size, untraced; 95 % intervals", [...columns("Bytes", a, b, `${a} − ${b}`, `${a} / ${b}`), { text: "Verdict" }], rows);
}

function sweepSection(data) {
  const hasCurves = Object.keys(data.json.series).length !== 0;
  return section("sizes", "By size", "What each size came to. Below is the report of one of them.", hasCurves ? [sweepChart(data), sweepTable(data)] : []);
}

/** Which size's report is shown. */
function sizeChoice(data, show) {
  const buttons = data.sizes.map((size, at) => {
    const button = element("button", { type: "button", "aria-pressed": String(at === 0) }, `${formatCount(size)} bytes`);
    button.addEventListener("click", () => {
      buttons.forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
      show(at);
    });
    return button;
  });
  return element("div", { class: "choice", role: "group", "aria-label": "Size" }, buttons);
}
