// The decision under the fingers: digits and letters score, Enter settles, z takes back, ? lists keys.
import { Hold } from "./hold.js";
import { KeyMap } from "./keymap.js";
import { setUpPalette } from "./palette.js";
import { countActiveSeconds } from "./timer.js";

const SHORTEST_COMMENT = 10;
const form = document.querySelector("form[data-settling]");
const pad = form.querySelector("[data-score-pad]");
const types = form.querySelector("[data-error-types]");
const comment = form.elements.comment;
const scores = [...pad.querySelectorAll('input[name="score"]')];
const typeInputs = [...types.querySelectorAll('input[name="error_type"]')];

const chosen = () => scores.find((one) => one.checked);
const say = (words) => { form.querySelector("[data-voice]").textContent = words; };
const seconds = countActiveSeconds(Number(form.elements.seconds.value), () => {});
let changed = false;

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
  form.querySelector(`[data-error-for="${name}"]`).textContent = words;
  if (words) target.focus();
  return Boolean(words);
}

function complete() {
  const score = chosen();
  const bad = score && "discrepant" in score.dataset;
  const typed = typeInputs.some((one) => one.checked);
  const wordless = score && "needsComment" in score.dataset
    && comment.value.trim().length < SHORTEST_COMMENT;
  const faults = [
    ["score", score ? "" : form.dataset.textNoScore, pad],
    ["error_type", bad && !typed ? form.dataset.textNoType : "", types],
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
  send: () => {
    changed = false;
    form.elements.seconds.value = seconds();
    HTMLFormElement.prototype.submit.call(form);
  },
  undone: () => {
    say(form.dataset.textUndone);
    (chosen() ?? pad).focus({ preventScroll: true });
  },
});

function trySettle() {
  if (hold.active) hold.now();
  else if (complete()) hold.start();
}

function pressScore(key) {
  const input = key && scores.find((one) => one.dataset.key === key);
  if (input) choose(input);
  return Boolean(input);
}

const acts = {
  urgent: () => {},
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

// A review, or the contested outcome, may be where the decision starts from; words typed are kept.
for (const one of form.querySelectorAll("[data-opinion]")) {
  const button = one.querySelector("[data-adopt]");
  button.hidden = false;
  button.addEventListener("click", () => {
    choose(scores.find((input) => input.value === one.dataset.score));
    for (const input of typeInputs) input.checked = input.value === one.dataset.errorType;
    const words = one.querySelector("[data-words]")?.textContent ?? "";
    if (!comment.value.includes(words)) comment.value = [comment.value, words].filter(Boolean).join("\n\n");
    comment.focus();
  });
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
    trySettle();
    return;
  }
  if (!keymap.on || event.key.length !== 1) return;
  const key = event.key.toLowerCase();
  const held = hold.active && keymap.actionOf(key) !== "undo";
  if (!held && (pressScore(key) || pressAction(key) || pressScore(digit(event)))) event.preventDefault();
});

comment.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) trySettle();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  trySettle();
});
form.addEventListener("input", () => {
  changed = true;
  if (hold.active) hold.undo();
  settleTypes();
});
for (const id of ["pull", "decline"]) {
  document.getElementById(id).addEventListener("submit", () => { changed = false; });
}
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

settleTypes();
showKeys();
