// Takes the pictures of docs/reading-the-report.md from a page: make -f Makefile.perf pictures.
//
//   node screenshots.mjs MODULES PAGE FOLDER
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, page_path, folder] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)("playwright-core");
const args = process.getuid() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
const page = await browser.newPage({ viewport: { width: 900, height: 900 }, colorScheme: "light" });
await page.goto(pathToFileURL(page_path).href);
// The links to the sections would lie over them.
await page.addStyleTag({ content: "nav { position: static !important; } header, section { padding: 0.5rem; }" });

const shoot = (name, locator) => locator.screenshot({ path: `${folder}/${name}.png` });
const figure = (title) => page.locator("figure", { hasText: title }).first();

await shoot("answer", page.locator("header"));
await shoot("compared", figure("TCP over UDP"));
await shoot("latency", page.locator("#latency .pair").first());
await shoot("rounds", figure("Round by round"));
await shoot("waterfall", figure("From TCP to UDP"));
await shoot("made-of", figure("What the mean is made of"));
await shoot("stages", figure("Each stage's distribution"));
await shoot("counts", page.locator("#counts .pair").first());
await shoot("switches", figure("Context switches"));
await shoot("median-path", page.locator("#path .scroll").first());
await page.locator(".slowest button").first().click();
await shoot("slow-path", page.locator("#path .scroll").first());
await shoot("slowest", page.locator(".slowest"));
await browser.close();
