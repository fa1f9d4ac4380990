"use strict";

// Elements of the page. What is in a recording comes into the page as text alone, never as markup: nothing here, and
// nothing that uses it, sets innerHTML.

/** An element with attributes and children. A child is an element, or text; null and undefined are none. */
function element(name, attributes = {}, ...children) {
  return dressed(document.createElement(name), attributes, children);
}

function svgElement(name, attributes = {}, ...children) {
  return dressed(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function dressed(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a reader of the screen hears and nobody sees. */
function unseen(text) {
  return element("span", { class: "unseen" }, text);
}

/** Folded up; its content is made when it is first opened. */
function folded(title, contentOf) {
  const details = element("details", {}, element("summary", {}, title));
  details.addEventListener("toggle", () => details.children.length > 1 || details.append(contentOf()));
  return details;
}
