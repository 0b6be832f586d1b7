// Reading first: the reviewer's own findings, kept while they are written; locking asks once, by one key.
import { Draft } from "./draft.js";
import { showSaveState } from "./save_state.js";
import { offerSelection } from "./seen.js";
import { countActiveSeconds } from "./timer.js";
import { keepVigil } from "./vigil.js";

const FEWEST_LETTERS = 3;
const form = document.querySelector("form[data-blind-read]");
const report = document.querySelector("[data-report]");
const findings = form.elements.findings;
const final = form.elements.final;
const dialog = form.querySelector("[data-lock-dialog]");
const error = form.querySelector("[data-findings-error]");

const seconds = countActiveSeconds(Number(form.elements.seconds.value), (text) => {
  for (const place of document.querySelectorAll("[data-timer]")) place.textContent = text;
});

const draft = new Draft(form, {
  show: (state, words) => {
    showSaveState(state, words);
    // What is not kept any more may be a case that must leave the screen.
    if (state === "gone") look();
  },
  read: () => ({ findings: findings.value, seconds: seconds() }),
});

function ask() {
  const empty = findings.value.trim().length < FEWEST_LETTERS;
  error.textContent = empty ? form.dataset.textEmpty : "";
  if (empty) {
    findings.focus();
    return;
  }
  draft.save();
  dialog.showModal();
  dialog.querySelector("[data-lock-now]").focus();
}

async function lock() {
  dialog.close();
  if (!(await draft.saveForSure())) return;
  draft.close();
  final.checked = true;
  form.elements.seconds.value = seconds();
  HTMLFormElement.prototype.submit.call(form);
}

// The dialog asks what the box asks where there are no scripts.
form.querySelector("[data-final]").hidden = true;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
dialog.querySelector("[data-lock-now]").addEventListener("click", lock);
dialog.querySelector("[data-lock-not]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => findings.focus());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.repeat || dialog.open || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  ask();
});
for (const id of ["pull", "decline"]) {
  document.getElementById(id).addEventListener("submit", () => draft.close());
}

const look = keepVigil(report, { gone: (message) => draft.stop({ error: "NotReadable", message }) });
offerSelection(report, document.getElementById("seen"));
