"use strict";

// Two runs of different days or machines, side by side.

function diffHeader(data) {
  const { a, b } = data.json;
  const lone = [["A", data.json.only_in_a], ["B", data.json.only_in_b]].filter(([, labels]) => labels.length !== 0);
  return element(
    "header",
    {},
    element("p", { class: "command" }, "sockscope diff"),
    element("h1", {}, "What lies between two runs"),
    pairs({ A: `${a.path}: ${a.title}`, B: `${b.path}: ${b.title}` }),
    lone.length === 0 ? null : box("warn", "Not in both", listOf(lone.map(([side, labels]) => `Only in ${side}: ${labels.join(", ")}`))),
    ...data.views.flatMap((view, at) => (view.warnings.length === 0 ? [] : [box("bad", `${"AB"[at]} is not to be trusted as it stands`, listOf(view.warnings))])),
    differentFacts("Environment", data.json.environment),
    differentFacts("Plan", data.json.plan),
  );
}

function differentFacts(title, facts) {
  if (facts.length === 0) return box("good", `${title}: the same`);
  const rows = facts.map((fact) => ({ name: fact.name, cells: [wordCell(fact.a ?? "–"), wordCell(fact.b ?? "–")] }));
  return box("warn", `${title}: what is not the same`, table(`${title}, where A and B differ`, [{ text: "" }, { text: "A" }, { text: "B" }], rows));
}

function diffSections(data) {
  const whole = new Source(data.json, { base: "", doubtful: {}, variants: [] });
  const compared = data.diff.map(({ key, label, compared: figures }) =>
    section(`diff-${key}`, label, "Times of the fast runs, counts by mean. The runs of A and B are no pairs.", [
      comparedTable(whole, figures, "A", "B"),
      comparedChart(whole, figures, "A", "B", data.json.smallest_effect),
    ]),
  );
  const sources = sourcesOf(data);
  const latencies = data.diff.map(({ key, label }) => {
    const ofVariant = sources.map((source, at) => ({ source: onlyVariant(source, key), prefix: `${"AB"[at]} `, colour: at }));
    const part = latencySection(ofVariant);
    if (part === null) return null;
    part.id = `latency-${key}`;
    part.querySelector("h2").textContent = `Latency, ${label}`;
    return part;
  });
  return [...compared, ...latencies];
}

/** The same run with one variant alone. */
function onlyVariant(source, key) {
  const { view } = source;
  return new Source(source.root, {
    ...view,
    variants: view.variants.filter((variant) => variant.key === key),
    latency: view.latency.map((group) => ({ ...group, series: group.series.filter((one) => one.variant === key) })).filter((group) => group.series.length !== 0),
    rounds: view.rounds.filter((run) => run.variant === key),
  }, source.run);
}
