"use strict";

// The page of `sockscope functions` from its data: {json, flame, words} (report/html/functions_page.cc). `json` is the
// document that --format json prints.

function section(id, title, note, content) {
  return element("section", { id, "aria-labelledby": `${id}-title` }, element("h2", { id: `${id}-title` }, title), element("p", { class: "note" }, note), content);
}

function listOf(texts) {
  return element("ul", {}, texts.map((text) => element("li", {}, text)));
}

function noteBox(kind, title, texts) {
  return texts.length === 0 ? null : element("div", { class: `box ${kind}`, role: "note" }, element("h2", {}, title), listOf(texts));
}

function headerOf({ json, words }) {
  const amounts = ["a", "b"].map((side) => {
    const { label, description, rounds, messages, samples } = json[side];
    const what = description ? ` (${description})` : "";
    return `${label}${what}: ${rounds} rounds, ${formatCount(messages)} ${json.unit}s, ${formatCount(samples)} ${words.samples}`;
  });
  return element(
    "header",
    {},
    element("p", { class: "command" }, `sockscope functions: ${json.title}`),
    element("h1", {}, words.answer),
    element("p", { class: "note" }, amounts.join(". "), "."),
    words.doubts.length === 0
      ? noteBox("good", "Nothing speaks against these figures", ["No event was lost."])
      : noteBox("bad", "Not to be trusted as it stands", words.doubts),
  );
}

function verdictWords(one, { a, b }) {
  return one.differs ? `more in ${one.difference > 0 ? a.label : b.label}` : "";
}

/** Rows of one of the document's lists. */
function functionRows(source, list, withRatio) {
  const { document } = source;
  const doubtful = !document.data_quality.complete;
  return document[list].map((one, at) => {
    const cell = (key, format, options) => figureCell(source, `/${list}/${at}/${key}`, format, options);
    const ratio = one.ratio === null ? numberCell("–") : cell("ratio", formatRatio);
    const floor = one.floor === null ? numberCell("–") : cell("floor", formatRate);
    const rates = [cell("a", formatRate, { doubtful }), cell("b", formatRate, { doubtful })];
    return { name: element("code", {}, one.function), cells: withRatio ? [...rates, ratio, floor, wordCell(verdictWords(one, document))] : [...rates, floor], strong: withRatio && one.differs };
  });
}

function listSection({ source, words }, id, list, title, withRatio) {
  const { a, b, unit } = source.document;
  const rows = functionRows(source, list, withRatio);
  const ratios = withRatio ? [`${a.label} / ${b.label}`] : [];
  const heading = [...columns("Function", a.label, b.label, ...ratios, "A/A floor"), ...(withRatio ? [{ text: "Verdict" }] : [])];
  const content = rows.length === 0 ? element("p", {}, "None.") : table(`Hits a ${unit}`, heading, rows);
  return section(id, `${title}: ${rows.length}`, `Hits: ${words.hits}. A/A floor: half as much again as two rounds of the same variant differ by at most.`, content);
}

function facts(title, values) {
  return Object.keys(values).length === 0 ? [] : [element("h3", {}, title), pairs(values)];
}

function evidenceSection({ json, words }) {
  return section("evidence", "What speaks for it", words.rule, [
    element("h3", {}, "Left out"),
    listOf(words.notes),
    ...facts("Plan", json.plan),
    ...facts("Environment", json.environment),
  ]);
}

function navigation(nodes) {
  const links = nodes
    .filter((node) => node.tagName === "SECTION")
    .map((node) => element("a", { href: `#${node.id}` }, node.querySelector("h2").textContent));
  return element("nav", { "aria-label": "Sections" }, links);
}

function showPage() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const source = new Source(data.json, { base: "" });
  const { a, b, unit, hits } = data.json;
  const flame = flameFigure(data.flame.tree, { labels: [a.label, b.label], unit, ofCalls: hits === "calls" });
  const lists = { source, words: data.words };
  const nodes = [
    headerOf(data),
    section("flame", "Call chains", `Frames with less than ${data.flame.least} samples a ${unit} in both are not drawn.`, flame),
    listSection(lists, "only-a", "only_in_a", `Only in ${a.label}`, false),
    listSection(lists, "only-b", "only_in_b", `Only in ${b.label}`, false),
    listSection(lists, "both", "in_both", "In both", true),
    evidenceSection(data),
  ];
  const [first, ...others] = nodes;
  document.getElementById("main").append(first, navigation(nodes), ...others);
  flame.drawn();
  const { name, version } = data.program;
  document.getElementById("program").textContent = `Made by ${name} ${version}. Flame graph by d3-flame-graph (Apache licence 2.0) and D3 (ISC licence). This page asks nothing of any network.`;
}

showPage();
