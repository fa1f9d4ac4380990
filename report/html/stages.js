"use strict";

// Where the time goes: stage by stage, from one variant to the other, and each stage's distribution.

function stageName(stage) {
  return `${stage.direction} ${stage.name}`;
}

/** The stages of the report in path order, with what each variant has of them. */
function stageRows(source) {
  const rows = new Map();
  for (const stage of source.view.stages) {
    const name = stageName(stage);
    if (!rows.has(name)) rows.set(name, { name, stage: stage.name, of: {} });
    rows.get(name).of[stage.variant] = { ...stage, ...source.at(stage.json) };
  }
  return [...rows.values()];
}

/** What a stage adds to the mean of all messages: nothing to those that have not got it, so that stages add up. */
function meanShare(stage) {
  return stage?.sum_ns === undefined ? 0 : stage.sum_ns / (stage.count + stage.absent);
}

function stagesTable(source, rows) {
  const withStages = source.variants.filter(({ key }) => rows.some((row) => row.of[key]));
  const heading = withStages.flatMap(({ label }) => [`${label} p50`, "adds", "absent"]);
  const body = rows.map((row) => ({
    name: row.name,
    cells: withStages.flatMap(({ key }) => {
      const stage = row.of[key];
      if (!stage) return [numberCell("–"), numberCell("–"), numberCell("–")];
      const doubtful = source.isDoubtful(key, "stages");
      return [
        figureCell(source, `${stage.json}/p50_ns`, formatUs, { doubtful }),
        numberCell(formatUs(meanShare(stage))),
        figureCell(source, `${stage.json}/absent`, formatCount),
      ];
    }),
  }));
  const sums = withStages.flatMap(({ key }) => [numberCell(""), numberCell(formatUs(rows.reduce((sum, row) => sum + meanShare(row.of[key]), 0))), numberCell("")]);
  body.push({ name: "sum of the stages", cells: sums, strong: true });
  return table(
    "µs, traced. p50: of the messages that have the stage. Adds: to the mean of all. Absent: messages without it",
    columns("Stage", ...heading),
    body,
  );
}

function stackChart(source, rows) {
  const variants = source.variants.filter(({ key }) => rows.some((row) => row.of[key]));
  return chartFigure(
    "What the mean is made of",
    "From left to right in the order of the path, traced.",
    70 + 46 * variants.length,
    (theme) => ({
      type: "bar",
      data: {
        labels: variants.map(({ label }) => label),
        datasets: rows.map((row) => ({
          label: row.name,
          data: variants.map(({ key }) => meanShare(row.of[key])),
          backgroundColor: theme.stage(row.stage),
          borderColor: theme.surface,
          borderWidth: 1,
        })),
      },
      options: {
        indexAxis: "y",
        interaction: { mode: "nearest", intersect: true },
        scales: { x: timeAxis("mean", { stacked: true }), y: { stacked: true, grid: { display: false } } },
        plugins: {
          legend: { display: false },
          tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${formatUs(raw)} µs` } },
        },
      },
    }),
  );
}

function legendOf(names) {
  return element(
    "ul",
    { class: "legend", "aria-label": "Colours" },
    names.map((name) => element("li", {}, element("i", { style: `background:var(--${name})` }), name.replaceAll("-", " "))),
  );
}

function distributionChart(source, rows) {
  const shown = rows.filter((row) => Object.values(row.of).some((stage) => stage.quantiles));
  const variants = source.variants.filter(({ key }) => shown.some((row) => row.of[key]?.quantiles));
  const quantile = (stage, share) => Math.max(1, stage.quantiles.find(([one]) => one === share)[1]);
  const all = shown.flatMap((row) => Object.values(row.of).filter((stage) => stage.quantiles));
  const min = Math.min(...all.map((stage) => quantile(stage, 0.01))) * 0.9;
  const max = Math.max(...all.map((stage) => quantile(stage, 0.99))) * 1.1;
  return chartFigure(
    "Each stage's distribution",
    "Box: the middle half; mark: median; line: from 1 % to 99 %. Logarithmic, of the messages that have the stage.",
    60 + shown.length * (variants.length > 1 ? 34 : 24),
    (theme) => ({
      type: "bar",
      plugins: [whiskers],
      data: {
        labels: shown.map((row) => row.name),
        datasets: variants.map(({ key, label }) => ({
          label,
          data: shown.map((row) => (row.of[key]?.quantiles ? [quantile(row.of[key], 0.25), quantile(row.of[key], 0.75)] : null)),
          backgroundColor: transparent(theme.series[source.colourOf(key)], 45),
          borderColor: theme.series[source.colourOf(key)],
          borderWidth: 1,
          borderSkipped: false,
          minBarLength: 2,
          barPercentage: 0.8,
          categoryPercentage: 0.75,
          whiskerColour: theme.series[source.colourOf(key)],
          whiskers: shown.map((row) =>
            row.of[key]?.quantiles ? { low: quantile(row.of[key], 0.01), mid: quantile(row.of[key], 0.5), high: quantile(row.of[key], 0.99) } : null,
          ),
        })),
      },
      options: {
        indexAxis: "y",
        scales: { x: logTimeAxis("time in the stage", min, max), y: { grid: { display: false } } },
        plugins: {
          legend: { display: variants.length > 1 },
          tooltip: { callbacks: { label: ({ dataset, dataIndex }) => `${dataset.label}: median ${formatUs(dataset.whiskers[dataIndex].mid)} µs` } },
        },
      },
    }),
  );
}

function quantilesTable(source, rows) {
  const shares = rows.flatMap((row) => Object.values(row.of)).find((stage) => stage.quantiles).quantiles.map(([share]) => share);
  const body = rows.flatMap((row) =>
    source.variants
      .filter(({ key }) => row.of[key]?.quantiles)
      .map(({ key, label }) => ({ name: `${row.name}, ${label}`, cells: row.of[key].quantiles.map(([, ns]) => numberCell(formatUs(ns))) })),
  );
  return table("Quantiles of each stage, µs", columns("Stage", ...shares.map((share) => (share === 1 ? "max" : `p${Number((100 * share).toPrecision(4))}`))), body);
}

// From one to the other

function stepName(name) {
  return name.replace(/^stage\./, "").replace(/_ns$/, "").replace(".", " ");
}

function waterfallChart(source, waterfall, a, b) {
  const steps = waterfall.steps;
  const labels = [`${a}, mean`, ...steps.map((step) => stepName(step.name)), `${b}, mean`];
  let sum = waterfall.from_ns;
  const floats = steps.map((step) => {
    const from = sum;
    sum += step.difference_ns;
    return [from, sum];
  });
  const edges = [waterfall.from_ns, waterfall.to_ns, ...floats.flat()];
  const low = Math.min(...edges);
  const high = Math.max(...edges);
  const margin = Math.max((high - low) / 8, high / 200);
  const start = Math.max(0, low - margin);
  const bars = [[start, waterfall.from_ns], ...floats, [start, waterfall.to_ns]];
  const intervals = [null, ...steps.map((step, at) => step.ci95_ns && { low: floats[at][0] + step.ci95_ns[0], high: floats[at][0] + step.ci95_ns[1] }), null];
  return chartFigure(
    `From ${a} to ${b}`,
    `What each stage saves (green) or adds (red) on the way from ${a}'s mean to ${b}'s, with 95 % intervals. The axis does not begin at 0.`,
    70 + 24 * labels.length,
    (theme) => ({
      type: "bar",
      plugins: [whiskers],
      data: {
        labels,
        datasets: [
          {
            data: bars,
            backgroundColor: bars.map(([from, to], at) => (at === 0 ? theme.series[0] : at === bars.length - 1 ? theme.series[1] : to <= from ? theme.good : theme.bad)),
            barPercentage: 0.7,
            categoryPercentage: 1,
            minBarLength: 2,
            whiskers: intervals,
            whiskerColour: theme.ink,
          },
        ],
      },
      options: {
        indexAxis: "y",
        scales: { x: timeAxis("mean round trip, traced", { min: start, max: high + margin }), y: { grid: { display: false } } },
        plugins: {
          legend: { display: false },
          tooltip: { callbacks: { label: ({ dataIndex, raw }) => (dataIndex === 0 || dataIndex === bars.length - 1 ? `${formatUs(raw[1])} µs` : `${withSign(formatUs(raw[1] - raw[0]))} µs`) } },
        },
      },
    }),
  );
}

function waterfallTable(source, waterfall, a, b) {
  const base = `${source.view.base}/comparison/waterfall`;
  const interval = (at) => (source.at(`${base}/steps/${at}/ci95_ns`) ?? []).map((bound) => formatUs(bound)).join(", ");
  const rows = waterfall.steps.map((step, at) => ({
    name: stepName(step.name),
    cells: [figureCell(source, `${base}/steps/${at}/difference_ns`, (ns) => withSign(formatUs(ns))), numberCell(interval(at) && `[${interval(at)}]`)],
  }));
  return table("Means over the pairs of traced runs, µs; they add up", columns("Stage", "adds", "95 % interval"), [
    { name: `${a}, mean round trip`, cells: [figureCell(source, `${base}/from_ns`, formatUs), numberCell("")], strong: true },
    ...rows,
    { name: `${b}, mean round trip`, cells: [figureCell(source, `${base}/to_ns`, formatUs), numberCell("")], strong: true },
  ]);
}

// Without what tracing adds

function correctedTable(source) {
  const variants = source.variants.filter(({ key }) => source.at(`${source.pointerOf(key)}/probe_effect/parts`));
  const [first] = variants;
  const parts = source.at(`${source.pointerOf(first.key)}/probe_effect/parts`);
  const cellsOf = (key, at) => {
    const base = `${source.pointerOf(key)}/probe_effect/parts/${at}`;
    const interval = source.at(`${base}/corrected_ci95_ns`);
    const value = source.at(`${base}/corrected_ns`);
    return [
      figureCell(source, `${base}/traced_ns`, formatUs),
      figureCell(source, `${base}/events`, formatRatio),
      figureCell(source, `${base}/corrected_ns`, formatUs, { text: value === undefined ? "–" : `${formatUs(value)}${interval ? ` [${interval.map(formatUs).join(", ")}]` : ""}` }),
    ];
  };
  const rows = parts.map((part, at) => ({ name: stageName(part), cells: variants.flatMap(({ key }) => cellsOf(key, at)) }));
  return table(
    "Means of the middle half, µs: as traced, the events in it, and without their time",
    columns("Stage", ...variants.flatMap(({ label }) => [`${label} traced`, "events", "corrected"])),
    rows,
  );
}

// Several devices between the ends

/** Where the stages device and backlog go; null where there is one device. */
function devicesTable(source) {
  const devicesOf = (key) => source.at(`${source.pointerOf(key)}/devices`) ?? [];
  const variants = source.variants.filter(({ key }) => devicesOf(key).length !== 0);
  if (variants.length === 0) return null;
  const names = [...new Set(variants.flatMap(({ key }) => devicesOf(key).map(stageName)))];
  const cellsOf = (name, key) => {
    const at = devicesOf(key).findIndex((step) => stageName(step) === name);
    const doubtful = source.isDoubtful(key, "stages");
    return ["p50_ns", "mean_ns"].map((figure) => figureCell(source, `${source.pointerOf(key)}/devices/${at}/${figure}`, formatUs, { doubtful }));
  };
  return table(
    "Device by device, µs, traced: where the stages device and backlog go, of the messages that went the usual way",
    columns("Step", ...variants.flatMap(({ label }) => [`${label} p50`, "mean"])),
    names.map((name) => ({ name, cells: variants.flatMap(({ key }) => cellsOf(name, key)) })),
  );
}

function stagesSection(source) {
  const rows = stageRows(source);
  if (!rows.some((row) => Object.values(row.of).some((stage) => stage.quantiles))) return null;
  const waterfall = source.document.comparison?.waterfall;
  const [a, b] = source.variants.map((variant) => variant.label);
  const isCorrected = source.variants.some(({ key }) => source.at(`${source.pointerOf(key)}/probe_effect/parts`));
  const stages = [...new Set(rows.map((row) => row.stage))];
  return section(
    "stages",
    "Where the time goes",
    "The way of a message through the kernel, from one tracepoint to the next. Of each message the stages add up to its time, to the nanosecond.",
    [
      ...(waterfall ? [waterfallChart(source, waterfall, a, b), folded("From one to the other as a table", () => waterfallTable(source, waterfall, a, b))] : []),
      stackChart(source, rows),
      legendOf(stages),
      stagesTable(source, rows),
      devicesTable(source),
      distributionChart(source, rows),
      folded("The distributions as a table", () => quantilesTable(source, rows)),
      isCorrected ? folded("The stages without the time of the events in them", () => correctedTable(source)) : null,
    ],
  );
}
