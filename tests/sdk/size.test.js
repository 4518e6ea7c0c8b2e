import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const source = fileURLToPath(new URL("../../static/sdk/src/", import.meta.url));
const scripts = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url))).scripts;

test("the SDK is under 8 KB gzipped, in one file, with no dependency", async () => {
  const [, target] = /--target=(\w+)/.exec(scripts["build:sdk"]);
  const { outputFiles, metafile } = await build({
    entryPoints: [`${source}index.js`], bundle: true, minify: true, format: "iife", target, write: false, metafile: true,
  });
  const size = gzipSync(outputFiles[0].contents, { level: 9 }).length;
  assert.ok(size < 8192, `${size} bytes`);
  assert.deepEqual(Object.keys(metafile.inputs).filter((path) => path.includes("node_modules")), []);
});

test("no module of the SDK has more than 120 lines", () => {
  for (const name of readdirSync(source, { recursive: true }).filter((name) => name.endsWith(".js"))) {
    const lines = readFileSync(source + name, "utf8").trimEnd().split("\n").length;
    assert.ok(lines <= 120, `${name} has ${lines}`);
  }
});
