// What is not saved yet outlives a reload, a sign-in and a closed browser: it is kept on this device until the server has it.
export class Unsaved {
  constructor({ message, user }, storage = () => window.localStorage) {
    this.key = `earshot.unsaved.${user}.${message}`;
    this.storage = storage;
  }

  keep(draft, revision) {
    this.mine = JSON.stringify({ draft, revision });
    this.tried((storage) => storage.setItem(this.key, this.mine));
  }

  /** `{draft, revision}`: the edits, and the saved draft that they were made from; or nothing. */
  found() {
    const kept = this.tried((storage) => JSON.parse(storage.getItem(this.key)));
    return kept?.draft && kept.revision ? kept : null;
  }

  /** Unless another tab has put its own edits there since. */
  forget() {
    this.tried((storage) => storage.getItem(this.key) === this.mine && storage.removeItem(this.key));
  }

  drop() {
    this.tried((storage) => storage.removeItem(this.key));
  }

  /** Storage may be full, forbidden or broken: then edits last as long as the page. */
  tried(work) {
    try {
      return work(this.storage());
    } catch {
      return null;
    }
  }
}
