// What is selected in the report is offered as the words that give a person away.
export function offerSelection(report, field) {
  let words = "";
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed || !report.contains(selection.anchorNode)) return;
    const copy = selection.getRangeAt(0).cloneContents();
    // A mask is no word of the report.
    for (const mask of copy.querySelectorAll(".mask")) mask.remove();
    words = copy.textContent.replace(/\s+/g, " ").trim().slice(0, field.maxLength);
  });
  field.closest("details").addEventListener("toggle", (event) => {
    if (event.target.open && !field.value) field.value = words;
  });
}
