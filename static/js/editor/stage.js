// The preview: the server resolves the draft, the real renderer draws it.
import { find } from "../lib/draft.js";
import { h } from "../lib/dom.js";

const PAUSE = 250;

/** Sample values outlive a reload where the browser lets them; where it does not, they last as long as the page. */
function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function keep(key, values) {
  try {
    localStorage.setItem(key, JSON.stringify(values));
  } catch {
    // full or forbidden
  }
}

export class Stage {
  constructor(editor, setup, saver, parts) {
    Object.assign(this, { editor, setup, saver, ...parts, timer: 0, asked: 0, properties: [] });
    this.key = `earshot.samples.${setup.message}`;
    this.values = kept(this.key);
    this.frame.addEventListener("load", () => this.later());
    this.person.addEventListener("input", () => this.later());
    window.addEventListener("message", (event) => event.source === this.frame.contentWindow && this.heard(event.data?.gist));
    for (const button of document.querySelectorAll("[data-width]")) button.addEventListener("click", () => this.width(button));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), PAUSE);
  }

  async draw() {
    const turn = (this.asked += 1);
    const samples = Object.fromEntries(this.properties.map((name) => [name, this.values[name] || `[${name}]`]));
    const answer = await this.saver.post(this.setup.preview, { draft: this.editor.draft, properties: samples, person: this.person.value.trim() });
    if (turn !== this.asked) return;
    if (!answer.ok) return this.failed(answer);
    const { content, properties, warnings, errors, person } = answer.body;
    if (this.behind) this.said.textContent = "";
    this.behind = false;
    const found = find(this.editor.draft, this.editor.selected);
    this.frame.contentWindow.postMessage({ preview: content, step: found?.step?.id }, "*");
    this.unknown(person ? "" : this.person.value.trim());
    this.ask(properties);
    this.editor.remark([...errors.map((one) => ({ ...one, kind: "bad" })), ...warnings.map((one) => ({ ...one, kind: "warn" }))]);
  }

  failed({ status, body }) {
    const why = body?.errors?.[0]?.text ?? (status ? "Earshot refused to draw it." : "Earshot cannot be reached.");
    this.said.textContent = `This preview is not up to date: ${why}`;
    this.behind = true;
  }

  /** The person whose id was asked for is not here. */
  unknown(id) {
    this.person.classList.toggle("is-invalid", id !== "");
    this.person.setAttribute("aria-invalid", String(id !== ""));
    this.notFound.hidden = !id;
    this.notFound.textContent = id ? `Nobody here has the id “${id}”. The preview is for somebody of whom nothing is known.` : "";
  }

  /** A field for each property that the message exposes, to try values in. */
  ask(properties) {
    if (properties.join() === this.properties.join()) return;
    this.properties = properties;
    this.later();
    this.samples.replaceChildren(...(properties.length ? [
      h("p", { class: "soft" }, "A campaign or broadcast fills these in. Try values here:"),
      ...properties.map((name) => h("label", { class: "sample" }, h("code", {}, name),
        h("input", { class: "form-control form-control-sm", value: this.values[name] ?? "", oninput: (event) => {
          this.values[name] = event.target.value;
          keep(this.key, this.values);
          this.later();
        } }))),
    ] : []));
  }

  heard(said) {
    if (said?.method === "sizeChanged") {
      this.frame.style.height = `${Math.min(900, Math.max(80, said.parameters.height))}px`;
    } else if (said?.method === "tap") {
      const { name, tracked } = said.parameters;
      this.said.textContent = tracked ? `This tap is reported as “${name}”.` : `Track clicks is off: nothing is counted, your app hears “${name}”.`;
    }
  }

  width(button) {
    for (const one of document.querySelectorAll("[data-width]")) one.setAttribute("aria-pressed", String(one === button));
    this.box.className = `stage ${button.dataset.width}`;
  }
}
