// Opens a page of `sockscope --format html` in headless Chromium as a reader would, and holds it against the JSON report.
//
//   node page_test.mjs MODULES SCREENSHOTS PAGE JSON [JSON_OF_A JSON_OF_B]
//
// MODULES is the folder with playwright-core, SCREENSHOTS where pictures go, JSON what --format json prints of the same;
// the others are the reports on the two runs of a diff.
// Prints each fault; status 1 if there is one.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, screenshots, page_path, ...json_paths] = process.argv.slice(2);
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

async function unfold(page) {
  for (const summary of await page.locator("main summary").all()) await summary.click();
  await page.waitForTimeout(300);
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

/** A click on a slow message, and the arrow keys, change the path that is shown. */
async function check_paths(page) {
  const slow = page.locator(".slowest tbody button");
  const count = await slow.count();
  if (count === 0) return 0;
  const shown = () => page.locator("#path-shown").textContent();
  const drawn = () => page.locator(".lanes").first().getAttribute("aria-label");
  const before = [await shown(), await drawn()];
  await slow.first().click();
  const first = [await shown(), await drawn()];
  if (first[0] === before[0] || first[1] === before[1]) fault("a click on the slowest message changes nothing");
  const duration = await page.locator(".slowest tbody tr").first().locator("td").first().textContent();
  if (!first[0].includes(`${duration} µs`)) fault(`the path says "${first[0]}", the list ${duration} µs`);
  if (count > 1) {
    await page.keyboard.press("ArrowDown");
    const second = await shown();
    if (second === first[0]) fault("the arrow key changes nothing");
  }
  return count;
}

const light = await open("light", { viewport: { width: 1200, height: 900 }, colorScheme: "light" });
await light.screenshot({ path: `${screenshots}/light.png`, fullPage: true });
await unfold(light);
await check_overflow("light", light);
const cells = await check_numbers(light);
const paths = await check_paths(light);
const section = light.locator("#path");
if (paths !== 0) await section.screenshot({ path: `${screenshots}/slowest-message.png` });
for (const id of await light.$$eval("main section", (nodes) => nodes.map((node) => node.id))) {
  const charts = await light.$$eval(`#${CSS_escape(id)} figure`, (nodes) => nodes.length);
  const tables = await light.$$eval(`#${CSS_escape(id)} table`, (nodes) => nodes.length);
  if (charts !== 0 && tables === 0) fault(`#${id} has pictures and no table`);
}
const unnamed = await light.$$eval("canvas, svg", (nodes) => nodes.filter((node) => !node.getAttribute("aria-label")).length);
if (unnamed !== 0) fault(`${unnamed} pictures have no name for those who do not see them`);

const dark = await open("dark", { viewport: { width: 1200, height: 900 }, colorScheme: "dark" });
await dark.screenshot({ path: `${screenshots}/dark.png`, fullPage: true });
const background = await dark.evaluate(() => getComputedStyle(document.body).backgroundColor);
if (background === "rgb(255, 255, 255)") fault("dark: the page is white");
await check_overflow("dark", dark);
await dark.emulateMedia({ colorScheme: "light" });
if ((await dark.evaluate(() => getComputedStyle(document.body).backgroundColor)) === background) fault("the page does not follow the screen to light");

const narrow = await open("narrow", { viewport: { width: 400, height: 800 }, colorScheme: "light" });
await check_overflow("narrow", narrow);
await narrow.screenshot({ path: `${screenshots}/narrow.png`, fullPage: true });
await unfold(narrow);
await check_overflow("narrow, unfolded", narrow);

await light.pdf({ path: `${screenshots}/print.pdf`, format: "A4" });

const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
await plain.goto(pathToFileURL(page_path).href);
if (!(await plain.locator("noscript pre").textContent()).includes("LAWS") && json.laws?.length) fault("without scripts there is no text");

await browser.close();
for (const text of faults) console.log(text);
console.log(`${cells} figures are those of the JSON report, ${paths} slow messages, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);

function CSS_escape(id) {
  return id.replace(/[^a-zA-Z0-9_-]/g, (character) => `\\${character}`);
}
