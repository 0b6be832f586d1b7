// The few seconds between "submit" and the sending, in which a submission can be taken back.
// Nothing has left yet, so taking back is exact; the draft is saved meanwhile, so nothing is lost either.
const BOUNCE_MS = 300;

export class Hold {
  constructor(form, { send, undone }) {
    this.form = form;
    this.box = form.querySelector("[data-hold]");
    this.words = form.querySelector("[data-hold-words]");
    this.send = send;
    this.undone = undone;
    this.active = false;
    form.querySelector("[data-undo]").addEventListener("click", () => this.undo());
    form.querySelector("[data-send-now]").addEventListener("click", () => this.now());
  }

  start() {
    this.active = true;
    this.left = Number(this.form.dataset.holdSeconds);
    this.box.hidden = false;
    this.form.querySelector(".send").classList.add("holding");
    this.since = performance.now();
    this.form.querySelector("[data-send-now]").focus({ preventScroll: true });
    this.tell();
    this.clock = setInterval(() => {
      this.left -= 1;
      if (this.left <= 0) this.now();
      else this.tell();
    }, 1000);
  }

  tell() {
    this.words.textContent = this.form.dataset.textHold.replace("{n}", this.left);
  }

  end() {
    clearInterval(this.clock);
    this.active = false;
    this.box.hidden = true;
    this.form.querySelector(".send").classList.remove("holding");
  }

  undo() {
    if (!this.active) return;
    this.end();
    this.undone();
  }

  now() {
    // A key held down, or a double click, is not a second decision.
    if (!this.active || performance.now() - this.since < BOUNCE_MS) return;
    clearInterval(this.clock);
    this.active = false;
    this.send();
  }
}
