// The reviewer's sheet: kept while it is filled in.
import { Draft } from "./draft.js";
import { showSaveState } from "./save_state.js";
import { offerSelection } from "./seen.js";
import { setUpSheet } from "./sheet.js";
import { keepVigil } from "./vigil.js";

const form = document.querySelector("form[data-scoring]");
const report = document.querySelector("[data-report]");

function showState(state, words) {
  showSaveState(state, words);
  // What is not kept any more may be a case that must leave the screen.
  if (state === "gone") look();
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
