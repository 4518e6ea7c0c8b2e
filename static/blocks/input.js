import { h } from "../renderer/dom.js";

const LINES = [["one", "One line"], ["several", "Several lines"]];
const EMPTY = "Write something first.";

function fieldOf({ id, placeholder, lines, limit, optional }) {
  const several = lines === "several";
  return h(several ? "textarea" : "input", {
    class: "field",
    maxlength: limit,
    placeholder: placeholder || undefined,
    rows: several && 3,
    autocomplete: "off",
    "aria-required": String(!optional),
    "aria-describedby": `missing-${id}`,
  });
}

export default {
  label: "Text question",
  order: 5.5,

  make: ({ action }) => ({
    placeholder: "", lines: "one", limit: 300, optional: false,
    action: { ...action("Send", "submit"), name: "Written answer", follows: false },
  }),

  summary: ({ action }) => action.name,

  inspect: (block, fields) => [
    fields.note("Ask in a text above it. What people write is kept as the answer's value, beside the Action Name."),
    fields.text("Hint in the empty field", "placeholder"),
    fields.select("Room to write", "lines", LINES, { test: "lines" }),
    fields.number("Longest answer, in characters", "limit", { hint: "At most 1,000.", remarks: true }),
    fields.toggle("May be left empty", "optional", { test: "optional" }),
    ...fields.action({ label: "Text of the button", hint: "What the metrics show for this answer." }),
  ],

  answers: () => [["written", "Something was written"], ["empty", "Left empty"]],

  answerOf: (block, { value }) => (value ? "written" : "empty"),

  draw(block, { tap }) {
    const { id, action, optional } = block;
    const field = fieldOf(block);
    const missing = h("p", { class: "missing", id: `missing-${id}`, role: "alert" });
    const send = () => {
      const value = field.value.trim();
      if (value || optional) return tap({ ...action, value });
      missing.textContent = EMPTY;
      field.setAttribute("aria-invalid", "true");
      field.focus();
    };
    const button = h(
      "button",
      { type: "button", class: "button is-primary", "data-action": action.id, onclick: send },
      h("span", {}, action.text || action.name),
    );
    field.addEventListener("input", () => {
      missing.textContent = "";
      field.removeAttribute("aria-invalid");
    });
    // The page may submit no form. In several lines Enter begins the next one.
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || field.localName === "textarea") return;
      event.preventDefault();
      button.click();
    });
    return h("div", { class: "written" }, field, missing, button);
  },
};
