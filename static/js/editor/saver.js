// Saves the draft a moment after the last change, one request at a time; says what became of it.
import { h } from "../lib/dom.js";

const PAUSE = 600; // milliseconds without a change
const RETRY = 5000;

export class Saver {
  constructor(setup, csrf, state, said) {
    Object.assign(this, { setup, csrf, state, said, revision: setup.revision, draft: null, timer: 0, busy: null });
    window.addEventListener("beforeunload", (event) => {
      if (this.draft) event.preventDefault();
    });
  }

  later(draft) {
    this.draft = draft;
    this.say("Saving…");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  /** Save what is not saved yet. True when the server has it all. */
  async flush() {
    clearTimeout(this.timer);
    if (this.busy) await this.busy;
    if (!this.draft) return true;
    this.busy = this.send();
    const saved = await this.busy;
    this.busy = null;
    return saved && (this.draft ? this.flush() : true);
  }

  async send() {
    const draft = this.draft;
    const answer = await this.post(this.setup.save, { draft, revision: this.revision });
    if (answer.ok) {
      this.revision = answer.body.revision;
      if (this.draft === draft) {
        this.draft = null;
        this.say("Saved");
      }
      return true;
    }
    if (answer.status === 409) this.conflict(answer.body.revision);
    else if (answer.status === 422) this.say(`Not saved: ${answer.body.errors[0].text}`, true);
    else if (answer.status === 403 || answer.status === 404) this.say("Not saved: you may not change this message any more.", true);
    else {
      this.say("Not saved: Earshot cannot be reached. It is tried again.", true);
      this.timer = setTimeout(() => this.flush(), RETRY);
    }
    return false;
  }

  conflict(revision) {
    this.say("Not saved: somebody else saved this message.", true);
    this.said.replaceChildren(h("div", { class: "wrong" },
      "Somebody else saved this message while you were editing. Your draft is still here. ",
      h("button", { class: "btn btn-sm", type: "button", onclick: () => {
        this.revision = revision;
        this.said.replaceChildren();
        this.flush();
      } }, "Save mine over theirs"), " ",
      h("button", { class: "btn btn-sm", type: "button", onclick: () => {
        this.draft = null;
        window.location.reload();
      } }, "Drop mine and load theirs")));
  }

  async publish(editor) {
    if (!(await this.flush())) return;
    const answer = await this.post(this.setup.publish, { revision: this.revision });
    this.said.replaceChildren();
    if (answer.ok) {
      this.say(`Published v${answer.body.version}`);
      this.said.replaceChildren(h("div", { class: "right", "data-test": "published" }, `Version ${answer.body.version} is published. Send it in a broadcast, or with a campaign.`));
      return;
    }
    if (answer.status === 409) {
      this.draft = editor.draft; // all of it is saved, but not on top: it is the author's to choose
      return this.conflict(answer.body.revision);
    }
    const errors = answer.body?.errors ?? [{ where: "", text: "Earshot cannot be reached; try again." }];
    this.say("Not published", true);
    this.said.replaceChildren(h("div", { class: "wrong", "data-test": "publish-errors" }, "Not published yet. Mend this first:",
      h("ul", {}, errors.map((error) => h("li", {}, h("button", { class: "btn-plain", type: "button", onclick: () => (editor.select(error.where), editor.enter()) }, error.text))))));
    this.said.scrollIntoView({ block: "nearest" });
  }

  async post(url, body) {
    try {
      const headers = { "Content-Type": "application/json", "X-CSRFToken": this.csrf };
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
      const json = (response.headers.get("Content-Type") ?? "").includes("json");
      return { ok: response.ok && json, status: response.status, body: json ? await response.json() : null };
    } catch {
      return { ok: false, status: 0, body: null };
    }
  }

  say(text, bad = false) {
    this.state.textContent = text;
    this.state.classList.toggle("bad", bad);
  }
}
