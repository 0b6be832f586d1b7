// The check of the masks: words selected in the original go into the field; Enter masks them, or,
// without a selection, approves. Enter is no character key, so it needs no switch (WCAG 2.1.4).
const original = document.querySelector("[data-original]");
const hide = document.querySelector("form[data-hide]");
const approve = document.querySelector("form[data-approve]");
const LONGEST = 200;

function selected() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !original.contains(selection.anchorNode)) return "";
  return selection.toString().replace(/\s+/g, " ").trim().slice(0, LONGEST);
}

let sent = false;

function send(form) {
  // A second press while the answer is on its way is not a second decision.
  if (sent) return;
  sent = true;
  form.requestSubmit();
}

// The page may come back from the browser's memory.
window.addEventListener("pageshow", () => { sent = false; });

if (hide && approve && original) {
  for (const line of document.querySelectorAll("[data-keys]")) line.hidden = false;
  document.addEventListener("selectionchange", () => {
    const words = selected();
    if (words) hide.elements.words.value = words;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.repeat || event.altKey || event.ctrlKey || event.metaKey) return;
    const active = document.activeElement;
    if (active && active !== document.body && active.id !== "main") return;
    event.preventDefault();
    send(selected() ? hide : approve);
  });
}
