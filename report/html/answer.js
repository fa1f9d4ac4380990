"use strict";

// What comes first: the verdict, how it was come by, and what is not to be trusted.

function answerOf(source) {
  const { title, plan, environment } = source.document;
  const command = source.document.schema.startsWith("sockscope.compare") ? "sockscope compare" : "sockscope report";
  return element(
    "header",
    {},
    element("p", { class: "command" }, `${command}: ${title}`),
    element("h1", {}, capital(source.view.headline ?? title)),
    element("p", { class: "note" }, capital(`${source.view.mode}.`)),
    keyFacts(source, plan, environment),
    trustOf(source),
    findingsOf(source),
    missingOf(source),
  );
}

function keyFacts(source, plan, environment) {
  const facts = [];
  const placements = Object.entries(plan).filter(([name]) => name.startsWith("placement"));
  for (const [name, value] of placements) facts.push([capital(name), wordFact(value)]);
  for (const { key, label } of source.variants) {
    const pointer = `${source.pointerOf(key)}/tracing_cost`;
    const cost = source.at(pointer);
    if (cost === undefined) continue;
    const doubtful = source.isDoubtful(key, "any");
    const text = `${formatRatio(cost)} times the time`;
    facts.push([
      `What tracing cost ${label}`,
      element("dd", { "data-json": pointer, class: doubtful ? "doubtful" : null }, text, doubtful ? " !" : null),
    ]);
  }
  for (const [name, key] of [["Kernel", "kernel"], ["CPU", "cpu"], ["CPU", "CPU"]]) {
    if (environment[key]) facts.push([name, wordFact(environment[key])]);
  }
  return element(
    "dl",
    { class: "facts" },
    facts.map(([name, value]) => element("div", {}, element("dt", {}, name), value)),
  );
}

function wordFact(text) {
  return element("dd", {}, text);
}

function box(kind, title, ...content) {
  return element("div", { class: `box ${kind}`, role: "note" }, element("h2", {}, title), content);
}

function listOf(texts) {
  return element("ul", {}, texts.map((text) => element("li", {}, text)));
}

/** In colour and in words, that there is nothing to warn of as well. */
function trustOf(source) {
  const { laws, data_quality: quality } = source.document;
  const { warnings } = source.view;
  if (warnings.length !== 0) {
    const marked = Object.keys(source.view.doubtful).length !== 0;
    return box(
      "bad",
      "Not to be trusted as it stands",
      listOf(warnings),
      marked ? element("p", {}, "Figures marked ! depend on what is named here: do not take them at their word.") : null,
    );
  }
  if (laws.length === 0) {
    return box("warn", "Nothing vouches for these figures", element("p", {}, "No conservation law could be checked: that takes a trace."));
  }
  const complete = quality.complete ? "No event was lost, and" : "";
  return box("good", "Nothing speaks against these figures", element("p", {}, `${complete} all ${laws.length} laws that were checked hold.`));
}

function findingsOf(source) {
  const findings = source.document.findings ?? [];
  if (findings.length === 0) return null;
  return box("warn", "What is well known and shows here", listOf(findings.map((one) => `${source.labelOf(one.protocol)}: ${one.detail}`)));
}

function missingOf(source) {
  const missing = source.document.missing ?? [];
  if (missing.length === 0) return null;
  const items = missing.map((one) => element("li", {}, `${one.what}. `, element("code", {}, one.fix)));
  return box("warn", "Not measured, each with what would enable it", element("ul", {}, items));
}
