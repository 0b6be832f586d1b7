// The line that says whether what was typed is kept, and the note where it is not any more.
export function showSaveState(state, words) {
  const line = document.querySelector("[data-save-state]");
  const key = `text${state[0].toUpperCase()}${state.slice(1)}`;
  const stop = document.querySelector("[data-stop]");
  stop.hidden = !["conflict", "gone", "signedout"].includes(state);
  for (const one of stop.querySelectorAll("[data-when]")) one.hidden = one.dataset.when !== state;
  if (words) stop.querySelector("[data-stop-words]").textContent = words;
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short", hourCycle: "h23" });
  line.dataset.state = state;
  line.querySelector("[data-save-words]").textContent =
    line.dataset[key].replace("{time}", time.format(new Date()));
}
