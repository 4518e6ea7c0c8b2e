import { h } from "../renderer/dom.js";

const LINES = [["one", "One line"], ["several", "Several lines"]];
const FORMATS = [["text", "Any text"], ["email", "An e-mail address"], ["number", "A number"], ["date", "A date"]];
const EMPTY = "Write something first.";
const WRONG = { email: "Write an e-mail address, such as ada@example.org.", number: "Write a number.", date: "Choose a date." };

function fieldOf({ id, placeholder, lines, format = "text", limit, optional }) {
  const several = lines === "several" && format === "text";
  return h(several ? "textarea" : "input", {
    class: "field",
    type: several ? undefined : format,
    step: format === "number" ? "any" : undefined,
    maxlength: format === "number" || format === "date" ? undefined : limit,
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
    placeholder: "", lines: "one", format: "text", limit: 300, optional: false,
    action: { ...action("Send", "submit"), name: "Written answer", follows: false },
  }),

  summary: ({ action }) => action.name,

  inspect: (block, fields) => [
    fields.note("Ask in a text above it. What people write is kept as the answer's value, beside the Action Name."),
    fields.text("Hint in the empty field", "placeholder"),
    fields.select("What is written", "format", FORMATS, { test: "format" }),
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
      const wrong = field.validity?.valid === false; // of a number that is none the value is empty
      if (!wrong && (value || optional)) return tap({ ...action, value });
      missing.textContent = wrong ? WRONG[block.format] || EMPTY : EMPTY;
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
