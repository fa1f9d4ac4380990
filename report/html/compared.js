"use strict";

// Every figure of a comparison with its interval and verdict, as a table and as ratios beside each other.

/** `compared` is what the program says of each figure; a and b are the labels of what is compared. */
function comparedTable(source, compared, a, b) {
  const rows = compared.map((figure) => ({
    name: figure.label,
    cells: [
      figureCell(source, `${figure.json}/${figure.is_time ? "a_ns" : "a"}`, null, { text: figure.a }),
      figureCell(source, `${figure.json}/${figure.is_time ? "b_ns" : "b"}`, null, { text: figure.b }),
      figureCell(source, `${figure.json}/${figure.is_time ? "difference_ns" : "difference"}`, null, { text: figure.difference }),
      figureCell(source, `${figure.json}/ratio`, null, { text: figure.ratio }),
      element("td", { class: "whole" }, figure.verdict),
    ],
  }));
  const heading = [...columns("Figure", a, b, `${a} − ${b}`, `${a} / ${b}`), { text: "Verdict" }];
  return table("Times in µs, counts each round trip; 95 % intervals over the runs", heading, rows);
}

/** The ratios and their intervals: beside 1 they are a difference, within the band they are none. */
function comparedChart(source, compared, a, b, smallestEffect) {
  const shown = compared
    .map((figure) => ({ label: figure.label, ...source.at(figure.json) }))
    .filter((figure) => figure.ratio_ci95 !== undefined);
  if (shown.length === 0) return null;
  const values = shown.flatMap((figure) => figure.ratio_ci95);
  const low = Math.min(0.95, ...values);
  const high = Math.max(1.05, ...values);
  const margin = (high - low) / 20;
  return chartFigure(
    `${a} over ${b}`,
    `Ratio of each figure with its 95 % interval; within the band (${formatPercent(smallestEffect, 1)}) it is no difference.`,
    60 + 26 * shown.length,
    (theme) => ({
      type: "bar",
      plugins: [whiskers, band],
      data: {
        labels: shown.map((figure) => figure.label),
        datasets: [
          {
            data: shown.map((figure) => figure.ratio_ci95),
            backgroundColor: transparent(theme.ink, 25),
            barThickness: 6,
            whiskers: shown.map((figure) => ({ low: figure.ratio_ci95[0], high: figure.ratio_ci95[1], mid: figure.ratio })),
            whiskerColour: theme.ink,
          },
        ],
      },
      options: {
        indexAxis: "y",
        scales: { x: { min: low - margin, max: high + margin, title: { display: true, text: `${a} / ${b}` }, ticks: { maxRotation: 0, includeBounds: false } }, y: { grid: { display: false } } },
        plugins: {
          legend: { display: false },
          band: { low: 1 / (1 + smallestEffect), mid: 1, high: 1 + smallestEffect, colour: transparent(theme.good, 20), lineColour: theme.muted },
          tooltip: { callbacks: { label: ({ dataIndex }) => `${formatPerUnit(shown[dataIndex].ratio)} [${shown[dataIndex].ratio_ci95.map(formatPerUnit).join(", ")}]` } },
        },
      },
    }),
  );
}

function comparedSection(source) {
  const compared = source.view.compared ?? [];
  if (compared.length === 0) return null;
  const [a, b] = source.variants.map((variant) => variant.label);
  const { comparison, disturbed } = source.document;
  return section("compared", "Compared", "By runs, not by messages: times of the fast runs, counts by mean. Runs made one right after the other are pairs.", [
    comparedTable(source, compared, a, b),
    comparedChart(source, compared, a, b, comparison.smallest_effect),
    remarksOf(comparison, disturbed ?? [], [a, b]),
  ]);
}

/** Modes, outliers and disturbed pairs, in words. */
function remarksOf(comparison, disturbed, labels) {
  const remarks = [];
  ["a", "b"].forEach((side, index) => {
    const { fast, slow } = comparison.modes?.[side] ?? {};
    if (!slow) return;
    remarks.push(`${labels[index]}: two modes, ${fast.runs} runs at ${formatUs(fast.centre_ns)} and ${slow.runs} at ${formatUs(slow.centre_ns)} µs, each for the whole of its run.`);
  });
  const outliers = (comparison.outliers ?? []).map((one) => `round ${one.round} (${formatRatio(one.ratio)})`);
  if (outliers.length !== 0) remarks.push(`Outlier pairs, with their ratio, in all figures: ${outliers.join(", ")}.`);
  const again = disturbed.filter((one) => one.repeated).length;
  if (disturbed.length !== 0) remarks.push(`Pairs that something else disturbed: ${again} measured again, ${disturbed.length - again} in these figures.`);
  return remarks.length === 0 ? null : listOf(remarks);
}
