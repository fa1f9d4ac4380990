"use strict";

// Tables whose cells say where in the JSON document their figure is: data-json holds the pointer, data-run of which run.

/** The cell of a figure. `text` is for figures that the program has put in words. */
function figureCell(source, pointer, format, { doubtful = false, text } = {}) {
  const value = source.at(pointer);
  if (value === undefined) return element("td", { class: "number" }, "–");
  return element(
    "td",
    { class: doubtful ? "number doubtful" : "number", "data-json": pointer, "data-run": source.run },
    text ?? format(value),
    doubtful ? " !" : null,
    doubtful ? unseen("not to be trusted") : null,
  );
}

function numberCell(text) {
  return element("td", { class: "number" }, text);
}

function wordCell(text) {
  return element("td", {}, text);
}

/** Of a sentence: wide enough to be read where the table is wider than the window. */
function proseCell(text) {
  return element("td", { class: "prose" }, text);
}

/** A table with a heading row; columns are {text, number}, rows arrays of cells that begin with the row's name. */
function table(caption, columns, rows) {
  const heading = columns.map(({ text, number }) =>
    element("th", { scope: "col", class: number ? "number" : null }, text),
  );
  const body = rows.map(({ name, cells, strong }) =>
    element("tr", { class: strong ? "strong" : null }, element("th", { scope: "row" }, name), cells),
  );
  return element(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, heading)),
      element("tbody", {}, body),
    ),
  );
}

function columns(first, ...others) {
  return [{ text: first }, ...others.map((text) => ({ text, number: true }))];
}

/** A list of names and values. */
function pairs(facts) {
  return element(
    "dl",
    { class: "pairs" },
    Object.entries(facts).flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, String(value))]),
  );
}
