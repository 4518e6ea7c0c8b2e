// What an app developer needs of this message: the names to listen for.
import { allActions } from "../lib/draft.js";
import { h } from "../lib/dom.js";

export function developer(root, draft) {
  const actions = allActions(draft);
  const name = actions.find((one) => one.name && !/[{$]/.test(one.name))?.name ?? "Action Name";
  root.replaceChildren(
    h("p", {}, "Your app hears every action, tracked or not:"),
    h("pre", { id: "listener", tabindex: "0" }, `earshot.onAction(${JSON.stringify(name)}, ({ name, value, delivery }) => {\n  // your code\n});`),
    h("button", { class: "btn btn-sm mb-3", type: "button", "data-copy": "#listener", "data-test": "copy-listener" }, "Copy"),
    h("table", { class: "table" },
      h("thead", {}, h("tr", {}, ["Action Name", "Tracked", "When tapped"].map((one) => h("th", { scope: "col" }, one)))),
      h("tbody", {}, actions.map((one) => h("tr", {}, h("td", {}, one.name || "—"), h("td", {}, one.track ? "yes" : "no"), h("td", {}, [one.behaviour.kind ?? "dismiss", one.behaviour.value].filter(Boolean).join(": ")))))));
}
