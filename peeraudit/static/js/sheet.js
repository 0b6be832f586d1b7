// The sheet under the fingers, the reviewer's and the adjudicator's: digits and letters score, Enter
// hands in, z takes back, ? lists keys.
import { Hold } from "./hold.js";
import { KeyMap } from "./keymap.js";
import { setUpPalette } from "./palette.js";
import { countActiveSeconds } from "./timer.js";

const SHORTEST_COMMENT = 10;
const nothing = () => {};

// isAsked: a comment is asked for, whatever the score. begun: the hold begins. ready: all is kept and
// the form may leave. left: the case was given back or pulled.
export function setUpSheet(form, { isAsked = () => false, begun = nothing, ready, left }) {
  const pad = form.querySelector("[data-score-pad]");
  const types = form.querySelector("[data-error-types]");
  const comment = form.elements.comment;
  const scores = [...pad.querySelectorAll('input[name="score"]')];
  const typeInputs = [...types.querySelectorAll('input[name="error_type"]')];

  const chosen = () => scores.find((one) => one.checked);
  const say = (words) => { form.querySelector("[data-voice]").textContent = words; };
  const seconds = countActiveSeconds(Number(form.elements.seconds.value), (text) => {
    for (const place of document.querySelectorAll("[data-timer]")) place.textContent = text;
  });

  const keymap = new KeyMap(
    {
      urgent: "u", undo: "z", comment: "n", palette: "?",
      ...Object.fromEntries(typeInputs.map((one) => [`type-${one.value}`, one.dataset.key])),
    },
    scores.map((one) => one.dataset.key),
  );

  function showKeys() {
    document.body.classList.toggle("no-keys", !keymap.on);
    for (const cap of document.querySelectorAll("[data-key-of]")) {
      cap.textContent = keymap.keys[cap.dataset.keyOf];
    }
    for (const input of typeInputs) {
      input.parentElement.querySelector("kbd").textContent = keymap.keys[`type-${input.value}`];
    }
  }

  // A concordant score has no error type: the list rests, and keeps its place.
  function settleTypes() {
    types.disabled = Boolean(chosen()) && !("discrepant" in chosen().dataset);
  }

  function complain(name, words, target) {
    const place = form.querySelector(`[data-error-for="${name}"]`);
    place.textContent = words;
    if (words) target.focus();
    return Boolean(words);
  }

  function complete() {
    const score = chosen();
    const bad = score && "discrepant" in score.dataset;
    const typed = typeInputs.some((one) => one.checked);
    const asked = isAsked() || (score && "needsComment" in score.dataset);
    const wordless = asked && comment.value.trim().length < SHORTEST_COMMENT;
    const faults = [
      ["score", score ? "" : form.dataset.textNoScore, pad],
      ["error_type", bad && !typed && typeInputs.length ? form.dataset.textNoType : "", types],
      ["comment", wordless ? form.dataset.textNoComment : "", comment],
    ];
    for (const [name] of faults) complain(name, "", null);
    return !faults.some((fault) => complain(...fault));
  }

  function choose(input) {
    input.checked = true;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    say(input.closest("label").textContent.replace(/\s+/g, " ").trim());
  }

  const hold = new Hold(form, {
    send: async () => {
      if (!(await ready())) {
        hold.end();
        return;
      }
      form.elements.seconds.value = seconds();
      HTMLFormElement.prototype.submit.call(form);
    },
    undone: () => {
      say(form.dataset.textUndone);
      (chosen() ?? pad).focus({ preventScroll: true });
    },
  });

  function trySubmit() {
    if (hold.active) hold.now();
    else if (complete()) {
      begun();
      hold.start();
    }
  }

  function pressScore(key) {
    const input = key && scores.find((one) => one.dataset.key === key);
    if (input) choose(input);
    return Boolean(input);
  }

  const acts = {
    urgent: () => form.elements.urgent?.click(),
    undo: () => hold.undo(),
    comment: () => comment.focus(),
    palette: setUpPalette(document.querySelector("[data-palette]"), keymap, showKeys),
  };

  function pressAction(key) {
    const action = keymap.actionOf(key);
    if (!action) return false;
    if (acts[action]) acts[action]();
    else if (!types.disabled) choose(typeInputs.find((one) => `type-${one.value}` === action));
    return true;
  }

  // The report scrolls under the keys that scroll a page, wherever the focus rests.
  function scrollReport(event) {
    const report = document.querySelector("[data-report]");
    const step = { PageDown: 0.85, PageUp: -0.85 }[event.key];
    const line = event.target === document.body && { ArrowDown: 0.1, ArrowUp: -0.1, " ": 0.85 }[event.key];
    if (!(step || line) || report.scrollHeight <= report.clientHeight) return false;
    event.preventDefault();
    report.scrollBy({ top: (step || line) * report.clientHeight });
    return true;
  }

  // On a French keyboard the digits of the top row need Shift: the place of the key counts as well.
  const digit = (event) => /^Digit(\d)$/.exec(event.code)?.[1] ?? "";

  const typing = (target) => target.matches("textarea, select, dialog *")
    || (target.matches("input") && !["radio", "checkbox"].includes(target.type));

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Escape") {
      if (hold.active) hold.undo();
      else if (event.target === comment) comment.blur();
      return;
    }
    if (typing(event.target)) return;
    if (event.key === "Enter") {
      if (event.target.matches("a, button, summary, [form]")) return;
      event.preventDefault();
      trySubmit();
      return;
    }
    if (scrollReport(event)) return;
    if (!keymap.on || event.key.length !== 1) return;
    const key = event.key.toLowerCase();
    const held = hold.active && keymap.actionOf(key) !== "undo";
    if (!held && (pressScore(key) || pressAction(key) || pressScore(digit(event)))) event.preventDefault();
  });

  comment.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) trySubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    trySubmit();
  });
  // A change during the hold means the person is not done: the submission is taken back.
  form.addEventListener("input", () => {
    if (hold.active) hold.undo();
    settleTypes();
  });
  // A case given back or pulled leaves its sheet behind; nobody need be warned of that.
  for (const id of ["pull", "decline"]) {
    document.getElementById(id).addEventListener("submit", () => left());
  }

  // On a tablet the rest of the sheet lies below the report: a touch on the pad brings it into sight.
  const stacked = window.matchMedia("(max-width: 64rem)");
  pad.addEventListener("click", (event) => {
    if (stacked.matches && event.pointerType && event.target.name === "score") {
      form.querySelector(".sheet-rest").scrollIntoView({ behavior: "smooth", block: "start" });
    }
  });

  settleTypes();
  showKeys();

  return { chosen, choose, comment, scores, typeInputs, seconds };
}
