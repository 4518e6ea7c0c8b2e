// Prints all mutants of JavaScript modules as JSON: Stryker's instrumenter says what to put where.
import { readFile } from "node:fs/promises";
import { Instrumenter } from "@stryker-mutator/instrumenter";

const silent = { debug() {}, info() {}, warn() {}, isDebugEnabled: () => false };
const options = { plugins: null, excludedMutations: [], ignorers: [] };

async function mutantsOf(name) {
  const content = await readFile(name, "utf8");
  const starts = [0];
  for (const { index } of content.matchAll(/\n/g)) starts.push(index + 1);
  const at = ({ line, column }) => starts[line] + column;
  const { mutants } = await new Instrumenter(silent).instrument([{ name, content, mutate: true }], options);
  return mutants.map(({ location: { start, end }, replacement, mutatorName }) => {
    const before = content.slice(at(start), at(end));
    const after = content.slice(0, at(start)) + replacement + content.slice(at(end));
    return { path: name, line: start.line + 1, operator: mutatorName, before, after };
  });
}

const found = await Promise.all(process.argv.slice(2).map(mutantsOf));
process.stdout.write(JSON.stringify(found.flat()));
