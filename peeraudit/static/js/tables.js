// A click anywhere on a row opens what its first link opens; the link itself works without this.
export function openRows() {
  for (const table of document.querySelectorAll("table[data-open-rows]")) {
    table.addEventListener("click", (event) => {
      const row = event.target.closest("tr[data-href]");
      if (!row || event.target.closest("a, button, input, label, select, summary")) return;
      if (String(window.getSelection())) return;
      if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
      else window.location.assign(row.dataset.href);
    });
  }
}
