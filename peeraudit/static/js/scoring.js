// The reviewer's sheet: kept while it is filled in.
import { Draft } from "./draft.js";
import { offerSelection } from "./seen.js";
import { setUpSheet } from "./sheet.js";
import { keepVigil } from "./vigil.js";

const form = document.querySelector("form[data-scoring]");
const report = document.querySelector("[data-report]");

function showState(state, words) {
  const line = document.querySelector("[data-save-state]");
  const key = `text${state[0].toUpperCase()}${state.slice(1)}`;
  const stop = document.querySelector("[data-stop]");
  stop.hidden = !["conflict", "gone", "signedout"].includes(state);
  for (const one of stop.querySelectorAll("[data-when]")) one.hidden = one.dataset.when !== state;
  // What is not kept any more may be a case that must leave the screen.
  if (state === "gone") look();
  if (words) stop.querySelector("[data-stop-words]").textContent = words;
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short", hourCycle: "h23" });
  line.dataset.state = state;
  line.querySelector("[data-save-words]").textContent =
    line.dataset[key].replace("{time}", time.format(new Date()));
}

const sheet = setUpSheet(form, {
  isAsked: () => form.elements.urgent.checked,
  begun: () => draft.save(),
  ready: async () => {
    const kept = await draft.saveForSure();
    if (kept) draft.close();
    return kept;
  },
  left: () => draft.close(),
});

const draft = new Draft(form, {
  show: showState,
  read: () => ({
    score: sheet.chosen()?.value ?? null,
    error_type: sheet.typeInputs.find((one) => one.checked)?.value ?? null,
    comment: sheet.comment.value,
    urgent: form.elements.urgent.checked,
    seconds: sheet.seconds(),
  }),
});

const look = keepVigil(report, { gone: (message) => draft.stop({ error: "NotReadable", message }) });
offerSelection(report, document.getElementById("seen"));
