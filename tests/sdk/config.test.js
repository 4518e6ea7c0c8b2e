import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { readConfig, schemeOf } from "../../static/sdk/src/config.js";
import { makePage } from "../page.js";

let page;
beforeEach(() => (page = makePage()));

const script = (dataset, src = "https://e.example/sdk/earshot.js") => ({ dataset, src });

test("the script tag says who the page is, and its address where Earshot is", () =>
  assert.deepEqual(readConfig(script({ writeKey: "wk" })), {
    writeKey: "wk", src: "https://e.example/sdk/earshot.js", host: "https://e.example", scheme: "auto",
  }));

test("a host that is named comes before the script's, without slashes at its end", () => {
  assert.equal(readConfig(script({ writeKey: "wk", host: "https://proxy.example/earshot//" })).host, "https://proxy.example/earshot");
});

test("a scheme that is named is kept", () => assert.equal(readConfig(script({ colorScheme: "dark" })).scheme, "dark"));

test("without a script tag there is no key", () =>
  assert.deepEqual(readConfig(null), { writeKey: undefined, src: undefined, host: "", scheme: "auto" }));

const given = (body, html = "") => {
  page.document.body.style.backgroundColor = body;
  page.document.documentElement.style.backgroundColor = html;
  return schemeOf("auto");
};

for (const scheme of ["light", "dark"]) test(`"${scheme}" is what the page says, whatever it looks like`, () => assert.equal(schemeOf(scheme), scheme));

for (const [body, html, scheme] of [
  ["rgb(0, 0, 0)", "", "dark"],
  ["rgb(255, 255, 255)", "", "light"],
  ["rgb(109, 110, 110)", "", "dark"],
  ["rgb(110, 110, 110)", "", "light"],
  ["rgb(200, 20, 20)", "", "dark"],
  ["rgb(20, 200, 20)", "", "dark"],
  ["rgb(20, 200, 120)", "", "light"],
  ["", "", "light"],
  ["", "rgb(10, 10, 10)", "dark"],
  ["rgba(0, 0, 0, 0.5)", "rgb(255, 255, 255)", "light"],
  ["rgba(0, 0, 0, 0.6)", "rgb(255, 255, 255)", "dark"],
  ["rgb(255, 255, 255)", "rgb(0, 0, 0)", "light"],
])
  test(`a page of ${body || "no colour"} on ${html || "no colour"} is ${scheme}`, () => assert.equal(given(body, html), scheme));
