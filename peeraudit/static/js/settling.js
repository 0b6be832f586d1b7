// The adjudicator's sheet: a review may be where the decision starts from.
import { offerSelection } from "./seen.js";
import { setUpSheet } from "./sheet.js";
import { keepVigil } from "./vigil.js";

const form = document.querySelector("form[data-settling]");
const report = document.querySelector("[data-report]");
let changed = false;
const unchanged = () => { changed = false; };

const sheet = setUpSheet(form, {
  ready: () => {
    unchanged();
    return true;
  },
  left: unchanged,
});

// A review, or the contested outcome, may be taken over; words typed are kept.
for (const one of form.querySelectorAll("[data-opinion]")) {
  const button = one.querySelector("[data-adopt]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const { choose, comment, scores, typeInputs } = sheet;
    choose(scores.find((input) => input.value === one.dataset.score));
    for (const input of typeInputs) input.checked = input.value === one.dataset.errorType;
    const words = one.querySelector("[data-words]")?.textContent ?? "";
    if (!comment.value.includes(words)) comment.value = [comment.value, words].filter(Boolean).join("\n\n");
    comment.focus();
  });
}

form.addEventListener("input", () => { changed = true; });
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

keepVigil(report, {
  gone: (message) => {
    unchanged();
    for (const one of form.querySelectorAll("[data-opinion]")) one.remove();
    const stop = report.querySelector("[data-stop]");
    stop.querySelector("[data-stop-words]").textContent = message;
    stop.hidden = false;
  },
});
offerSelection(report, document.getElementById("seen"));
