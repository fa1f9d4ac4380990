"use strict";

// How long things took: distributions with their tails, and run by run.

const kPercentiles = [["min", "min"], ["p50", "p50"], ["p90", "p90"], ["p99", "p99"], ["p99.9", "p999"], ["max", "max"]];

/** A line of a chart: its source, label and look. Several runs give lines of the same kind. */
function linesOf(sources, what) {
  return sources.flatMap(({ source, prefix, colour }) => {
    const group = source.view.latency.find((one) => one.what === what);
    return (group?.series ?? []).map((series) => ({
      ...series,
      source,
      label: `${prefix}${source.labelOf(series.variant)} ${series.watched}`,
      colour: colour ?? source.colourOf(series.variant),
      isTraced: series.watched === "traced",
    }));
  });
}

function tailChart(what, lines) {
  const least = Math.min(...lines.map((line) => 1 / line.count));
  const min = Math.min(...lines.map((line) => line.tail[0][0]));
  const max = Math.max(...lines.map((line) => line.tail.at(-1)[0]));
  return chartFigure(
    "Distribution, up to the slowest",
    "What share took less than so long. Each step up is a tenth of what is left; both axes are logarithmic.",
    340,
    (theme) => ({
      type: "scatter",
      data: {
        datasets: lines.map((line) => ({
          label: line.label,
          data: line.tail.map(([ns, atLeast]) => ({ x: ns, y: atLeast / line.count })),
          showLine: true,
          stepped: "after",
          pointRadius: 0,
          pointHitRadius: 8,
          borderWidth: 2,
          borderColor: theme.series[line.colour],
          backgroundColor: theme.series[line.colour],
          borderDash: line.isTraced ? [5, 4] : [],
        })),
      },
      options: {
        scales: { x: logTimeAxis(what, min, max), y: tailAxis("took less", least) },
        plugins: {
          legend: lineLegend,
          tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${percentBelow(raw.y)} took less than ${formatUs(raw.x)} µs` } },
        },
      },
    }),
  );
}

/** Shares of a histogram as the outline of its bars, in steps of five percent in time whatever the width of a bar. */
function outlineOf(line) {
  const points = [];
  let end = null;
  for (const [from, to, count] of line.bars) {
    if (end !== from) {
      if (end !== null) points.push({ x: end, y: 0 });
      points.push({ x: from, y: 0 });
    }
    const share = ((100 * count) / line.count) * (Math.log(1.05) / Math.log(to / Math.max(1, from)));
    points.push({ x: from, y: share }, { x: to, y: share });
    end = to;
  }
  points.push({ x: end, y: 0 });
  return points;
}

function valueAtShare(line, atLeast) {
  return (line.tail.find(([, count]) => count / line.count <= atLeast) ?? line.tail.at(-1))[0];
}

function histogramChart(what, lines) {
  const min = Math.min(...lines.map((line) => line.tail[0][0])) * 0.98;
  const max = Math.max(...lines.map((line) => valueAtShare(line, 0.005))) * 1.05;
  return chartFigure(
    "Histogram",
    "The fastest 99.5 %, as shares in a step of 5 % in time; the other picture has what lies beyond.",
    340,
    (theme) => ({
      type: "scatter",
      data: {
        datasets: lines.map((line) => ({
          label: line.label,
          data: outlineOf(line).filter(({ x }) => x > 0 && x <= max * 1.1),
          showLine: true,
          pointRadius: 0,
          borderWidth: 1.25,
          borderColor: theme.series[line.colour],
          backgroundColor: transparent(theme.series[line.colour], line.isTraced ? 8 : 30),
          borderDash: line.isTraced ? [4, 3] : [],
          fill: "origin",
        })),
      },
      options: {
        scales: {
          x: logTimeAxis(what, min, max),
          y: { min: 0, title: { display: true, text: "share, %" } },
        },
        plugins: {
          legend: lineLegend,
          tooltip: { enabled: false },
        },
      },
    }),
  );
}

function latencyTable(what, lines) {
  const rows = kPercentiles.map(([name, key]) => ({
    name,
    cells: lines.map((line) =>
      figureCell(line.source, `${line.json}/${key}`, formatUs, { doubtful: line.isTraced && line.source.isDoubtful(line.variant, "round_trip_times") }),
    ),
  }));
  rows.push({ name: "measured", cells: lines.map((line) => figureCell(line.source, `${line.json}/count`, formatCount)) });
  return table(`${capital(what)}, µs`, columns("", ...lines.map((line) => line.label)), rows);
}

/** The points of both pictures, in words. */
function distributionTable(lines) {
  const shares = [];
  const least = Math.min(...lines.map((line) => 1 / line.count));
  for (let share = 1; share >= least * 0.999; share /= 10) shares.push(...[1, 0.5, 0.2].map((step) => step * share).filter((one) => one >= least * 0.999));
  const rows = shares.map((share) => ({
    name: `${Number((100 * share).toPrecision(3))} %`,
    cells: lines.map((line) => numberCell(share * line.count < 0.999 ? "–" : formatUs(valueAtShare(line, share)))),
  }));
  return table("The slowest so many percent took at least, µs", columns("Slowest", ...lines.map((line) => line.label)), rows);
}

function barsTable(lines) {
  const rows = new Map();
  lines.forEach((line, index) =>
    line.bars.forEach(([from, to, count]) => {
      const row = rows.get(from) ?? { from, to, counts: lines.map(() => 0) };
      row.counts[index] = count;
      rows.set(from, row);
    }),
  );
  const sorted = [...rows.values()].sort((one, other) => one.from - other.from);
  return table(
    "How many took from so many µs up to so many",
    columns("From", "to", ...lines.map((line) => line.label)),
    sorted.map(({ from, to, counts }) => ({ name: formatUs(from), cells: [numberCell(formatUs(to)), ...counts.map((count) => numberCell(formatCount(count)))] })),
  );
}

function latencySection(sources) {
  const kinds = [...new Set(sources.flatMap(({ source }) => source.view.latency.map((one) => one.what)))];
  if (kinds.length === 0) return null;
  const parts = kinds.flatMap((what, index) => {
    const lines = linesOf(sources, what);
    const tables = () =>
      element("div", {}, distributionTable(lines), barsTable(lines));
    const content = [
      latencyTable(what, lines),
      element("div", { class: "pair" }, tailChart(what, lines), histogramChart(what, lines)),
      folded("Both pictures as tables", tables),
    ];
    if (index === 0) return content;
    const one = element("details", {}, element("summary", {}, `${capital(what)}: distribution`), content);
    one.addEventListener("toggle", drawCharts);
    return [one];
  });
  return section("latency", "Latency", "Untraced by the workload's own clock; traced rounds take longer, since each event costs time. Distributions are thinned to what can be seen: every point drawn was measured, and the slowest are all there.", [
    ...parts,
    ...roundsOf(sources),
  ]);
}

// Run by run

const kRoundFigures = { rtt_p50_ns: "p50", unit_ns: "time a unit", rtt_mean_ns: "mean" };

function roundLines(sources) {
  return sources.flatMap(({ source, prefix, colour }) =>
    source.variants.flatMap(({ key, label }) =>
      ["untraced", "traced"].flatMap((watched) => {
        const runs = source.view.rounds.filter((run) => run.variant === key && run.watched === watched);
        const figure = Object.keys(kRoundFigures).find((name) => runs.some((run) => run.values[name] !== undefined));
        if (figure === undefined) return [];
        const points = runs.map((run) => ({ x: run.round, y: run.values[figure] })).filter((point) => point.y !== undefined);
        return [{ label: `${prefix}${label} ${watched}, ${kRoundFigures[figure]}`, points, colour: colour ?? source.colourOf(key), isTraced: watched === "traced" }];
      }),
    ),
  );
}

function roundsOf(sources) {
  const lines = roundLines(sources);
  if (lines.every((line) => line.points.length < 2)) return [];
  const disturbed = new Set(sources.flatMap(({ source }) => (source.document.disturbed ?? []).filter((one) => !one.repeated).map((one) => `${one.watched} ${one.round}`)));
  const chart = chartFigure(
    "Round by round",
    `Each point is a run. Two levels are two modes, a slope is a drift.${disturbed.size === 0 ? "" : " Crosses: something else disturbed the round."}`,
    320,
    (theme) => ({
      type: "scatter",
      data: {
        datasets: lines.map((line) => ({
          label: line.label,
          data: line.points,
          showLine: true,
          borderWidth: 1,
          borderColor: transparent(theme.series[line.colour], 60),
          backgroundColor: line.isTraced ? theme.surface : theme.series[line.colour],
          pointBorderColor: theme.series[line.colour],
          pointRadius: line.points.length > 60 ? 2 : 4,
          pointStyle: line.points.map(({ x }) => (disturbed.has(`${line.isTraced ? "traced" : "untraced"} ${x}`) ? "crossRot" : "circle")),
          borderDash: line.isTraced ? [4, 3] : [],
        })),
      },
      options: {
        scales: { x: { title: { display: true, text: "round" }, ticks: { precision: 0 } }, y: timeAxis("time of a run") },
        plugins: {
          legend: lineLegend,
          tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: round ${raw.x}, ${formatUs(raw.y)} µs` } },
        },
      },
    }),
  );
  return [chart, folded("Every round as a table", () => roundsTable(lines))];
}

function roundsTable(lines) {
  const rounds = [...new Set(lines.flatMap((line) => line.points.map((point) => point.x)))].sort((a, b) => a - b);
  const cellOf = (line, round) => {
    const point = line.points.find((one) => one.x === round);
    return numberCell(point ? formatUs(point.y) : "–");
  };
  return table(
    "Time of each run, µs",
    columns("Round", ...lines.map((line) => line.label)),
    rounds.map((round) => ({ name: String(round), cells: lines.map((line) => cellOf(line, round)) })),
  );
}
