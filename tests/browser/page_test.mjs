// Opens a page of `sockscope --format html` in headless Chromium as a reader would, and holds it against the JSON report.
//
//   node page_test.mjs MODULES SCREENSHOTS PAGE JSON [JSON_OF_A JSON_OF_B]
//
// Prints each fault; status 1 if there is one.
import { open_browser } from "./browser.mjs";

const { json, screenshots, fault, open, check_overflow, check_numbers, text_without_scripts, conclude } = await open_browser(process.argv.slice(2));

async function unfold(page) {
  for (const summary of await page.locator("main summary").all()) await summary.click();
  await page.waitForTimeout(300);
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

if (!(await text_without_scripts()).includes("LAWS") && json.laws?.length) fault("without scripts there is no text");

await conclude(`${cells} figures are those of the JSON report, ${paths} slow messages`);

function CSS_escape(id) {
  return id.replace(/[^a-zA-Z0-9_-]/g, (character) => `\\${character}`);
}
