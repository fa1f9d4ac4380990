"use strict";

// Call chains of two variants as one flame graph, by d3-flame-graph: a frame is as wide as it has samples in both variants
// together, and has the colour of the one that has more.

/** Rates as the tables have them. */
function formatRate(rate) {
  if (rate === 0) return "0";
  if (rate < 0.0005) return "<0.001";
  return fixed(rate, rate < 10 ? 3 : 2);
}

/** What a frame's width is: d3-flame-graph reads it as `v`. */
function widened(node) {
  node.v = node.a + node.b;
  node.c?.forEach(widened);
  return node;
}

/** From all of A (1) over as much in both (0) to all of B (-1). */
function leaning({ a, b }) {
  return a + b === 0 ? 0 : (a - b) / (a + b);
}

/** Black text is readable on each: the darkest is the series' colour, mixed with as much white. */
function frameColour(node) {
  const share = leaning(node);
  const of = [[86, 160, 211], [230, 140, 60]][share > 0 ? 0 : 1];
  const weight = Math.abs(share);
  return `rgb(${of.map((part) => Math.round(226 + (part - 226) * weight)).join(",")})`;
}

function frameWords(node, { labels, unit }) {
  const share = leaning(node);
  const more = share === 1 ? `only ${labels[0]}` : share === -1 ? `only ${labels[1]}` : `${labels[0]} / ${labels[1]} ${formatRatio(node.a / node.b)}`;
  return `${node.n}: ${formatRate(node.a)} samples a ${unit} in ${labels[0]}, ${formatRate(node.b)} in ${labels[1]} (${more})`;
}

function legendEntry(node, text) {
  return element("span", { class: "flame-legend" }, element("span", { class: "flame-colour", style: `background:${frameColour(node)}` }), text);
}

/** The figure; it draws itself once it is in the page. */
function flameFigure(tree, names) {
  const details = element("p", { class: "flame-details", "aria-live": "polite" });
  const place = element("div", { class: "flame", role: "group", "aria-label": "Flame graph of the call chains; the figures of the functions are in the tables" });
  const search = element("input", { type: "search", "aria-label": "Mark a function", placeholder: "Mark a function" });
  const reset = element("button", { type: "button" }, "Show all");
  const figure = element(
    "figure",
    {},
    element(
      "figcaption",
      {},
      "Where in the kernel",
      element(
        "span",
        { class: "note" },
        `${names.ofCalls ? "From the outermost call, below, to the innermost, above" : "From the threads, below, to the recorded events, above"}. A frame is as wide as its samples in ${names.labels.join(" and ")} together; a click on it shows what lies above it.`,
      ),
    ),
    element("p", { class: "flame-tools" }, legendEntry({ a: 1, b: 0 }, `only ${names.labels[0]}`), legendEntry({ a: 1, b: 1 }, "as much in both"), legendEntry({ a: 0, b: 1 }, `only ${names.labels[1]}`), search, reset),
    place,
    details,
  );
  figure.drawn = () => drawFlame(place, { details, search, reset }, widened(tree), names);
  return figure;
}

function drawFlame(place, { details, search, reset }, tree, names) {
  const say = (text) => (details.textContent = text ?? "\u00a0");
  const chart = flamegraph
    .default()
    .width(place.clientWidth)
    .cellHeight(18)
    .minFrameSize(1)
    .transitionDuration(matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250)
    .sort(true)
    .setColorMapper((frame) => (frame.highlight ? "#f5e663" : frameColour(frame.data)))
    .setLabelHandler((frame) => frameWords(frame.data, names))
    .setDetailsHandler(say)
    .onClick((frame) => say(frameWords(frame.data, names)));
  d3.select(place).datum(tree).call(chart);
  nameForReaders(place, names);
  say(null);
  chart.setSearchHandler((results, sum, total) => say(`${search.value} is in ${formatPercent(sum, total)} of all samples`));
  chart.setSearchMatch((frame, term) => frame.data.n.includes(term));
  search.addEventListener("input", () => (search.value === "" ? (chart.clear(), say(null)) : chart.search(search.value)));
  reset.addEventListener("click", () => chart.resetZoom());
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth === width || place.clientWidth === 0) return;
    width = place.clientWidth;
    chart.width(width).update();
  }).observe(place);
}

function nameForReaders(place, { labels }) {
  const svg = place.querySelector("svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `Flame graph: the call chains of ${labels.join(" and ")}. The figures are in the tables.`);
}
