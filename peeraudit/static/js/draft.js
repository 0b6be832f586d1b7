// Keeps the score sheet on the server while it is filled in. Clinical words never go to the browser's
// own storage: what could not be sent waits in memory, is tried again, and is named before leaving.
const PAUSE_MS = 800;
const LONGEST_RETRY_MS = 30000;

export class Draft {
  constructor(form, { read, show }) {
    this.form = form;
    this.read = read;
    this.show = show;
    this.revision = Number(form.elements.revision.value);
    this.changed = false;
    this.sending = null;
    this.closed = false;
    this.retry = 1000;
    form.addEventListener("input", () => this.touch());
    form.addEventListener("focusout", () => { if (this.changed) this.save(); });
    window.addEventListener("online", () => { if (this.changed) this.save(); });
    document.addEventListener("visibilitychange", () => { if (document.hidden && this.changed) this.save(); });
    window.addEventListener("beforeunload", (event) => {
      if (this.changed && !this.closed) event.preventDefault();
    });
  }

  touch() {
    this.changed = true;
    this.show("unsaved");
    this.later(PAUSE_MS);
  }

  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), ms);
  }

  // One request at a time: a change made meanwhile is sent right after.
  async save() {
    clearTimeout(this.timer);
    if (this.sending) {
      await this.sending;
      return this.changed ? this.save() : true;
    }
    if (!this.changed || this.closed) return true;
    this.sending = this.send();
    const kept = await this.sending;
    this.sending = null;
    if (kept && this.changed) return this.save();
    return kept;
  }

  async send() {
    this.changed = false;
    this.show("saving");
    try {
      const answer = await fetch(this.form.dataset.draftUrl, {
        method: "PUT",
        credentials: "same-origin",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "X-CSRFToken": this.form.elements.csrf_token.value,
        },
        body: JSON.stringify({ ...this.read(), revision: this.revision }),
      });
      if (answer.status === 409) return this.stop();
      if (!answer.ok) throw new Error(String(answer.status));
      const kept = await answer.json();
      this.revision = kept.revision;
      this.form.elements.revision.value = kept.revision;
      this.retry = 1000;
      if (!this.changed) this.show("saved");
      return true;
    } catch {
      this.changed = true;
      this.show("offline");
      this.later(this.retry);
      this.retry = Math.min(2 * this.retry, LONGEST_RETRY_MS);
      return false;
    }
  }

  // Another window wrote since: this one stops rather than overwrite it.
  stop() {
    this.changed = true;
    this.show("conflict");
    return false;
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
  }

  reopen() {
    this.closed = false;
  }
}
