// Narrows a long list while one types; the form beside it does the same without this.
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function narrow(wanted, items, count) {
  const words = plain(wanted).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const { element, text } of items) {
    const holds = words.every((word) => text.includes(word));
    element.hidden = !holds;
    shown += holds ? 1 : 0;
  }
  for (const group of document.querySelectorAll("[data-look-up-group]")) {
    group.hidden = !group.querySelector("[data-look-up-item]:not([hidden])");
  }
  for (const link of document.querySelectorAll(".contents a")) {
    const target = document.getElementById(link.hash.slice(1));
    link.parentElement.hidden = Boolean(target?.closest("[hidden]"));
  }
  if (count) count.textContent = String(shown);
}

const form = document.querySelector("[data-look-up]");
if (form) {
  const field = form.querySelector("input[type=search]");
  const count = form.querySelector("[data-look-up-count]");
  const items = [...document.querySelectorAll("[data-look-up-item]")].map((element) => {
    const copy = element.cloneNode(true);
    for (const part of copy.querySelectorAll("details")) part.remove();
    return { element, text: plain(copy.textContent) };
  });
  field.addEventListener("input", () => narrow(field.value, items, count));
  // A link to an entry shows it, whatever was being looked for.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    if (!target?.closest("[hidden]")) return;
    field.value = "";
    narrow("", items, count);
    target.scrollIntoView();
  });
}
