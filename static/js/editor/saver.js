// Saves the draft a moment after the last change, one request at a time; says what became of it.
import { h } from "../lib/dom.js";
import { csrfToken } from "../lib/session.js";
import { Unsaved } from "./unsaved.js";

const PAUSE = 600; // milliseconds without a change
const RETRY = 5000;

export class Saver {
  constructor(setup, csrf, state, said) {
    Object.assign(this, { setup, csrf, state, said, revision: setup.revision, draft: null, timer: 0, busy: null });
    this.unsaved = new Unsaved(setup);
    window.addEventListener("beforeunload", (event) => {
      if (this.draft) event.preventDefault();
    });
  }

  later(draft) {
    this.draft = draft;
    this.unsaved.keep(draft, this.revision);
    this.say("Saving…");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  /** Edits of an earlier page that never reached the server: told to `use`, or, where the message has changed since, offered. */
  recover(use) {
    const found = this.setup.readonly ? null : this.unsaved.found();
    if (!found) return;
    const recovered = () => {
      try {
        use(found.draft);
      } catch {
        this.unsaved.drop(); // no draft at all
        window.location.reload();
      }
    };
    if (found.revision === this.revision) return recovered();
    this.said.replaceChildren(h("div", { class: "wrong", "data-test": "unsaved" },
      "Edits that you made here were not saved, and the message has been saved by somebody since. ",
      this.button("Use my edits", recovered), " ",
      this.button("Drop my edits", () => this.unsaved.drop())));
  }

  /** A button of a notice, which goes with it. */
  button(label, act) {
    return h("button", { class: "btn btn-sm", type: "button", onclick: () => (this.said.replaceChildren(), act()) }, label);
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
        this.unsaved.forget();
        this.say(saved(answer.body.published));
      } else this.unsaved.keep(this.draft, this.revision);
      return true;
    }
    if (answer.status === 401) this.signIn();
    else if (answer.status === 409) this.conflict(answer.body.revision);
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
      this.button("Save mine over theirs", () => {
        this.revision = revision;
        this.flush();
      }), " ",
      this.button("Drop mine and load theirs", () => {
        this.draft = null;
        this.unsaved.forget();
        window.location.reload();
      })));
  }

  /** In another tab, so that this one keeps all that it holds. */
  signIn() {
    this.say("Not saved: your session has ended.", true);
    this.said.replaceChildren(h("div", { class: "wrong", "data-test": "signed-out" },
      "Your session has ended. Your edits are kept on this device. ",
      h("a", { class: "btn btn-sm", href: this.setup.sign_in, target: "_blank", rel: "opener" }, "Sign in again"), " ",
      this.button("I have signed in: save", () => this.flush())));
  }

  async publish(editor) {
    if (!(await this.flush())) return;
    const answer = await this.post(this.setup.publish, { revision: this.revision });
    this.said.replaceChildren();
    if (answer.status === 401) return this.signIn();
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
      const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken(this.csrf) };
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

const saved = ({ version, changed }) => {
  if (!version) return "Saved. Not published yet";
  return changed ? `Saved. Published is v${version}, without the later edits` : `Saved. Published v${version} is the same`;
};
