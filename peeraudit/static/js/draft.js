// Keeps the score sheet on the server while it is filled in. Clinical words never go to the browser's
// own storage: what could not be sent waits in memory, is tried again, and is named before leaving.
const PAUSE_MS = 800;
const LONGEST_RETRY_MS = 30000;
const PATIENCE_MS = 15000;
// The server counts the steps of a window: an answer that was lost on the way costs nothing.
const WINDOW = crypto.getRandomValues(new Uint32Array(4)).join("-");

export class Draft {
  constructor(form, { read, show }) {
    this.form = form;
    this.read = read;
    this.show = show;
    this.revision = Number(form.elements.revision.value);
    this.step = 0;
    this.changed = false;
    this.sending = null;
    this.closed = false;
    this.stopped = false;
    this.retry = 1000;
    form.addEventListener("input", () => this.touch());
    form.addEventListener("focusout", () => this.saveIfChanged());
    for (const kind of ["online", "focus"]) window.addEventListener(kind, () => this.saveIfChanged());
    document.addEventListener("visibilitychange", () => this.saveIfChanged());
    window.addEventListener("beforeunload", (event) => {
      if (this.changed && !this.closed) event.preventDefault();
    });
  }

  touch() {
    this.changed = true;
    if (this.stopped) return;
    this.show("unsaved");
    this.later(PAUSE_MS);
  }

  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), ms);
  }

  saveIfChanged() {
    if (this.changed) this.save();
  }

  // Asks the server even if nothing changed: a sheet is handed in only where it answers.
  saveForSure() {
    this.changed = true;
    return this.save();
  }

  // One request at a time: a change made meanwhile is sent right after.
  async save() {
    clearTimeout(this.timer);
    // Whoever waited longer may have begun the next one already: only then is everything kept.
    while (this.sending) await this.sending;
    if (!this.changed || this.closed || this.stopped) return true;
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
      let answer = await this.put();
      if (answer.type === "opaqueredirect") {
        if (!(await this.renewToken())) return this.wait("signedout");
        answer = await this.put();
      }
      if (answer.status === 409 || answer.status === 422) return this.stop(await answer.json());
      if (!answer.ok) throw new Error(String(answer.status));
      this.revision = (await answer.json()).revision;
      this.form.elements.revision.value = this.revision;
      this.retry = 1000;
      if (!this.changed) this.show("saved");
      return true;
    } catch {
      return this.wait("offline");
    }
  }

  put() {
    this.step += 1;
    return fetch(this.form.dataset.draftUrl, {
      method: "PUT",
      credentials: "same-origin",
      redirect: "manual",
      // What was typed last still goes out when the tab is closed.
      keepalive: document.hidden,
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": this.form.elements.csrf_token.value,
      },
      body: JSON.stringify({
        ...this.read(), revision: this.revision, window: WINDOW, step: this.step,
      }),
    });
  }

  // After signing in again elsewhere this page's token is an old one: the page itself has a new one.
  async renewToken() {
    const page = await fetch(this.form.dataset.pageUrl ?? location.pathname, { credentials: "same-origin", redirect: "manual" });
    if (!page.ok) return false;
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html")
      .querySelector('#sheet [name="csrf_token"]');
    if (!fresh) return false;
    for (const field of document.querySelectorAll('[name="csrf_token"]')) field.value = fresh.value;
    return true;
  }

  // Not kept, through nobody's fault: it is tried again, less and less often.
  wait(state) {
    this.changed = true;
    this.show(state);
    this.later(this.retry);
    this.retry = Math.min(2 * this.retry, LONGEST_RETRY_MS);
    return false;
  }

  // Another window wrote since, or the case is no longer here: this one stops rather than overwrite.
  stop({ error, message }) {
    this.changed = error === "ChangedElsewhere";
    this.stopped = true;
    this.show(this.changed ? "conflict" : "gone", message);
    return false;
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
  }
}
