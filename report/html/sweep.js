"use strict";

// A list of values of one option: curves over them, then the report of each.

function sweptText(value) {
  return grouped(String(value));
}

function sweepChart(data) {
  const { swept, values } = data.json;
  const series = Object.entries(data.json.series);
  const figure = Object.keys(series[0][1][0]).find((name) => name !== swept);
  const [source] = sourcesOf(data);
  return chartFigure(
    `Latency against ${swept}`,
    `The figure that the verdict is about, of each ${swept}; the axis of the ${swept} is logarithmic.`,
    340,
    (theme) => ({
      type: "scatter",
      data: {
        datasets: series.map(([key, points]) => ({
          label: source.labelOf(key),
          data: points.map((point) => ({ x: point[swept], y: point[figure] })),
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
            min: Math.min(...values) / 1.2,
            max: Math.max(...values) * 1.2,
            title: { display: true, text: data.unit },
            afterBuildTicks: (axis) => (axis.ticks = series[0][1].map((point) => ({ value: point[swept] }))),
            ticks: { callback: sweptText, maxRotation: 0, autoSkipPadding: 8 },
          },
          y: timeAxis("time", { min: 0 }),
        },
        plugins: { legend: lineLegend, tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${swept} ${sweptText(raw.x)}, ${formatUs(raw.y)} µs` } } },
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
    return [{ name: sweptText(data.json.values[at]), cells: [cell("a", figure.a), cell("b", figure.b), cell("difference", figure.difference), cell("ratio", figure.ratio), wordCell(figure.verdict)] }];
  });
  return table(`µs by ${data.json.swept}, untraced; 95 % intervals`, [...columns(capital(data.unit), a, b, `${a} − ${b}`, `${a} / ${b}`), { text: "Verdict" }], rows);
}

function sweepSection(data) {
  const hasCurves = Object.keys(data.json.series).length !== 0;
  return section("sweep", `By ${data.json.swept}`, "What each came to. Below is the report of one of them.", hasCurves ? [sweepChart(data), sweepTable(data)] : []);
}

/** Which one's report is shown. */
function sweepChoice(data, show) {
  const buttons = data.json.values.map((value, at) => {
    const button = element("button", { type: "button", "aria-pressed": String(at === 0) }, `${data.json.swept} ${sweptText(value)}`);
    button.addEventListener("click", () => {
      buttons.forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
      show(at);
    });
    return button;
  });
  return element("div", { class: "choice", role: "group", "aria-label": capital(data.json.swept) }, buttons);
}
