// Warns before a page is left with something typed and not sent.
export function guardForms() {
  let changed = false;
  for (const form of document.querySelectorAll("form[data-watch-unsaved]")) {
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
  }
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}
