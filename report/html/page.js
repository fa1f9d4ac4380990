"use strict";

// The page from its data: {kind, json, views, ...} (report/html/html_page.cc). `json` is the document that --format json
// prints.

function section(id, title, note, content) {
  return element("section", { id, "aria-labelledby": `${id}-title` }, element("h2", { id: `${id}-title` }, title), element("p", { class: "note" }, note), content);
}

/** What a report has, the answer first. */
function reportNodes(source) {
  return [
    answerOf(source),
    comparedSection(source),
    latencySection([{ source, prefix: "" }]),
    stagesSection(source),
    countsSection(source),
    pathsSection(source),
    evidenceSection(source),
  ].filter((node) => node !== null);
}

function sourcesOf(data) {
  return data.views.map((view, at) => (data.runs ? new Source(data.runs[at], view, at) : new Source(data.json, view)));
}

function navigation(nodes) {
  const links = nodes
    .filter((node) => node.tagName === "SECTION")
    .map((node) => element("a", { href: `#${node.id}` }, node.querySelector("h2").textContent));
  return element("nav", { "aria-label": "Sections" }, links);
}

/** Puts the nodes in place of those that are there, the links to the sections behind the first. */
function place(container, nodes) {
  const [first, ...others] = nodes;
  container.replaceChildren(first, navigation(nodes), ...others);
  drawCharts();
  for (const node of nodes) node.drawn?.();
}

function showSweep(main, data) {
  const sources = sourcesOf(data);
  const report = element("div");
  const head = sweepSection(data);
  main.append(
    element("header", {}, element("p", { class: "command" }, "sockscope compare"), element("h1", {}, `By ${data.json.swept}: ${data.json.values.map(sweptText).join("; ")}`)),
    head,
    sweepChoice(data, (at) => place(report, reportNodes(sources[at]))),
    report,
  );
  place(report, reportNodes(sources[0]));
}

function showPage() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const main = document.getElementById("main");
  if (data.kind === "sweep") showSweep(main, data);
  else if (data.kind === "diff") place(main, [diffHeader(data), ...diffSections(data).filter((node) => node !== null)]);
  else place(main, reportNodes(sourcesOf(data)[0]));
  const { name, version } = data.program;
  document.getElementById("program").textContent = `Made by ${name} ${version}. Charts by Chart.js ${Chart.version} (MIT licence). This page asks nothing of any network.`;
  followTheme();
}

showPage();
