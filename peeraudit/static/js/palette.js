// The list of keys behind "?": shows them, lets them be changed, and switches single keys off.
export function setUpPalette(dialog, keymap, refresh) {
  const fields = [...dialog.querySelectorAll("[data-key-field]")];
  const switchOn = dialog.querySelector("[data-keys-on]");
  const error = dialog.querySelector("[data-keys-error]");
  const fill = (keys) => {
    for (const field of fields) field.value = keys[field.dataset.keyField] ?? "";
  };
  const open = () => {
    fill(keymap.keys);
    switchOn.checked = keymap.on;
    error.textContent = "";
    dialog.showModal();
  };
  dialog.querySelector("[data-keys-reset]").addEventListener("click", () => fill(keymap.defaults));
  dialog.querySelector("form").addEventListener("submit", (event) => {
    const keys = Object.fromEntries(fields.map((field) => [field.dataset.keyField, field.value.trim()]));
    if (keymap.change(keys, switchOn.checked)) refresh();
    else {
      event.preventDefault();
      error.textContent = error.dataset.textClash;
    }
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  for (const button of document.querySelectorAll("[data-open-palette]")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
  return open;
}
