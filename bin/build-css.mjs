// Tabler's stylesheet, cut down to what our pages use: static/css/tabler.css. Any word of a template, a script or a Python
// file counts as a class that may be used, so nothing that a page asks for is lost.
import { writeFile } from "node:fs/promises";
import { PurgeCSS } from "purgecss";

const TABLER = "node_modules/@tabler/core/dist/css/tabler.min.css";
const APPS = ["console", "messaging", "tracking"];

const found = await new PurgeCSS().purge({
  css: [TABLER, "static/css/{base,editor,metrics,pages,tokens}.css"], // whose variables are used, too
  content: ["templates/**/*.html", "static/js/**/*.js", ...APPS.map((app) => `${app}/**/*.py`)],
  fontFace: true,
  keyframes: true,
  variables: true,
});
await writeFile("static/css/tabler.css", found.find(({ file }) => file === TABLER).css);
