// What each test of a page needs: a headless Chromium, and a page opened as a reader would, held against the JSON report.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * `words`: MODULES SCREENSHOTS PAGE JSON [JSON_OF_A JSON_OF_B]. MODULES is the folder with playwright-core, SCREENSHOTS
 * where pictures go, JSON what --format json prints of the same; the others are the reports on the two runs of a diff.
 * Each check adds what it finds to `faults`.
 */
export async function open_browser(words) {
  const [modules, screenshots, page_path, ...json_paths] = words;
  const { chromium } = createRequire(`${modules}/`)("playwright-core");
  const [json, ...runs] = json_paths.map((path) => JSON.parse(readFileSync(path, "utf8")));
  const faults = [];
  const fault = (text) => faults.push(text);

  // Root, as in a container, has no sandbox to go into.
  const args = process.getuid() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });

  async function open(name, options) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && fault(`${name}: console: ${message.text()}`));
    page.on("pageerror", (error) => fault(`${name}: ${error.stack}`));
    page.on("dialog", (dialog) => fault(`${name}: a dialog: ${dialog.message()}`) || dialog.dismiss());
    page.on("request", (request) => {
      if (request.url() !== pathToFileURL(page_path).href) fault(`${name}: asks for ${request.url()}`);
    });
    await page.goto(pathToFileURL(page_path).href);
    return page;
  }

  async function check_overflow(name, page) {
    const wide = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth <= clientWidth) return [];
      const sticks_out = (node) => node.getBoundingClientRect().right > clientWidth + 1 && !node.closest(".scroll, .slowest, nav, pre");
      return [...document.querySelectorAll("main *, footer *")].filter(sticks_out).map((node) => `${node.tagName}.${node.className}`);
    });
    if (wide.length !== 0) fault(`${name}: wider than the window: ${[...new Set(wide)].slice(0, 8).join(", ")}`);
  }

  const at = (document, pointer) =>
    pointer.split("/").slice(1).reduce((value, part) => value?.[part.replaceAll("~1", "/").replaceAll("~0", "~")], document);

  /** What a cell may say of a number: in microseconds if it is nanoseconds, with the digits that it shows. */
  function says(text, value, pointer) {
    const shown = text.replaceAll(",", "").replace(/ !.*$/, "").match(/^[+-]?[0-9.]+(e[+-]?[0-9]+)?( s)?/)?.[0];
    if (typeof value !== "number") return text.startsWith(String(value));
    if (text.startsWith("<")) return value < parseFloat(text.slice(1));
    if (shown === undefined) return false;
    // Quantiles have the unit in the name of what they are of: rtt_ns/p50.
    const is_time = /_ns$/.test(pointer) || (/_ns\/[a-z0-9]+$/.test(pointer) && !/\/(count|ratio)$/.test(pointer));
    const unit = shown.endsWith(" s") ? 1e9 : is_time ? 1e3 : 1;
    const digits = parseFloat(shown);
    const decimals = (shown.match(/\.([0-9]+)/)?.[1] ?? "").length;
    const exponent = Number(shown.match(/e([+-]?[0-9]+)/)?.[1] ?? 0);
    return Math.abs(digits - value / unit) <= 0.5000001 * 10 ** (exponent - decimals);
  }

  async function check_numbers(page) {
    const cells = await page.$$eval("[data-json]", (nodes) => nodes.map((node) => [node.dataset.json, node.textContent, node.dataset.run]));
    if (cells.length < 20) fault(`only ${cells.length} cells are from the JSON report`);
    for (const [pointer, text, run] of cells) {
      const value = at(run === undefined ? json : runs[Number(run)], pointer);
      if (value === undefined) fault(`the JSON report has no ${pointer}`);
      else if (!says(text, value, pointer)) fault(`${pointer} is ${value}, the page says ${text}`);
    }
    return cells.length;
  }

  /** Prints each fault and ends with status 1 if there is one. */
  async function conclude(words) {
    await browser.close();
    for (const text of faults) console.log(text);
    console.log(`${words}, ${faults.length} faults`);
    process.exit(faults.length === 0 ? 0 : 1);
  }

  /** As those see it who run no scripts. */
  async function text_without_scripts() {
    const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await plain.goto(pathToFileURL(page_path).href);
    return plain.locator("noscript pre").textContent();
  }

  return { json, screenshots, fault, open, check_overflow, check_numbers, text_without_scripts, conclude };
}
