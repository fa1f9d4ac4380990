// Opens a page of `sockscope functions --format html` in headless Chromium as a reader would, and holds it against the JSON
// report.
//
//   node functions_test.mjs MODULES SCREENSHOTS PAGE JSON
//
// Prints each fault; status 1 if there is one.
import { open_browser } from "./browser.mjs";

const { json, screenshots, fault, open, check_overflow, check_numbers, text_without_scripts, conclude } = await open_browser(process.argv.slice(2));

const kZoom = 600; // ms: longer than the page takes to zoom

/** Each list of the document is a table, row by row. */
async function check_lists(page) {
  const rows = [...json.only_in_a, ...json.only_in_b, ...json.in_both].map((one) => one.function);
  const shown = await page.$$eval("main tbody th code", (nodes) => nodes.map((node) => node.textContent));
  if (JSON.stringify(rows) !== JSON.stringify(shown)) fault(`the tables have ${shown.join(" ")} and the JSON report ${rows.join(" ")}`);
  const verdicts = await page.$$eval("#both tbody tr", (nodes) => nodes.map((node) => node.lastElementChild.textContent !== ""));
  const differs = json.in_both.map((one) => one.differs);
  if (JSON.stringify(verdicts) !== JSON.stringify(differs)) fault("the verdicts are not the JSON report's");
}

const width_of = (page, name) =>
  page.$$eval(".frame", (nodes, wanted) => Math.max(0, ...nodes.filter((node) => node.getAttribute("name") === wanted).map((node) => node.querySelector("rect").getBoundingClientRect().width)), name);

/** Which frame can be seen and is not as wide as the graph, and its name. */
const narrow_frame = (page) =>
  page.$$eval(".frame", (nodes) => {
    const of = (node) => node.querySelector("rect").getBoundingClientRect();
    const whole = Math.max(...nodes.map((node) => of(node).width));
    const at = nodes.findIndex((node) => of(node).width > 40 && of(node).width < whole * 0.7);
    return [at, nodes[at]?.getAttribute("name")];
  });

/** A click makes a frame as wide as the graph, a button shows all again; hovering says the figures. */
async function check_flame(page) {
  await page.waitForTimeout(kZoom);
  const frames = await page.locator(".frame").count();
  if (frames < 2) return fault("there is no flame graph");
  const whole = await width_of(page, "all");
  const place = await page.$eval(".flame", (node) => node.clientWidth);
  if (Math.abs(whole - place) > 1.5) fault(`the graph is ${whole} px wide in a place of ${place} px`);
  const [at, name] = await narrow_frame(page);
  if (at < 0) return fault("no frame is narrow enough to be clicked");
  const frame = page.locator(".frame").nth(at);
  const before = await width_of(page, name);
  await frame.hover();
  const said = await page.locator(".flame-details").textContent();
  if (!said.startsWith(`${name}: `) || !said.includes(` in ${json.a.label}, `)) fault(`hovering over ${name} says "${said}"`);
  await frame.click();
  await page.waitForTimeout(kZoom);
  const after = await width_of(page, name);
  if (Math.abs(after - place) > 1.5) fault(`a click on ${name} makes it ${after} px wide, from ${before}, of ${place} px`);
  await page.locator("#flame").screenshot({ path: `${screenshots}/zoomed.png` });
  await page.getByRole("button", { name: "Show all" }).click();
  await page.waitForTimeout(kZoom);
  if (Math.abs((await width_of(page, name)) - before) > 1.5) fault(`"Show all" does not bring ${name} back to ${before} px`);
  await page.getByPlaceholder("Mark a function").fill(name);
  const marked = await page.$$eval(".frame rect", (nodes) => nodes.filter((node) => node.getAttribute("fill") === "#f5e663").length);
  if (marked === 0) fault(`nothing is marked for ${name}`);
  if (!(await page.locator(".flame-details").textContent()).startsWith(`${name} is in `)) fault("marking does not say how much it is");
  await page.getByPlaceholder("Mark a function").fill("");
  return frames;
}

const light = await open("light", { viewport: { width: 1200, height: 900 }, colorScheme: "light" });
const frames = await check_flame(light);
await light.screenshot({ path: `${screenshots}/light.png`, fullPage: true });
await check_overflow("light", light);
const cells = await check_numbers(light);
await check_lists(light);
const unnamed = await light.$$eval("main svg", (nodes) => nodes.filter((node) => !node.getAttribute("aria-label")).length);
if (unnamed !== 0) fault(`${unnamed} pictures have no name for those who do not see them`);
await light.setViewportSize({ width: 700, height: 900 });
await light.waitForTimeout(kZoom);
await check_overflow("made narrower", light);

const dark = await open("dark", { viewport: { width: 1200, height: 900 }, colorScheme: "dark" });
await dark.waitForTimeout(kZoom);
await dark.screenshot({ path: `${screenshots}/dark.png`, fullPage: true });
if ((await dark.evaluate(() => getComputedStyle(document.body).backgroundColor)) === "rgb(255, 255, 255)") fault("dark: the page is white");
await check_overflow("dark", dark);

const narrow = await open("narrow", { viewport: { width: 400, height: 800 }, colorScheme: "light" });
await narrow.waitForTimeout(kZoom);
await check_overflow("narrow", narrow);
await narrow.screenshot({ path: `${screenshots}/narrow.png`, fullPage: true });
await light.pdf({ path: `${screenshots}/print.pdf`, format: "A4" });

if (!(await text_without_scripts()).includes("HOW IT COUNTS")) fault("without scripts there is no text");
await conclude(`${cells} figures are those of the JSON report, ${frames} frames`);
