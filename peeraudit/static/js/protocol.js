// Asks what the rules being typed would give, a moment after each change; the button does it without this.
const PAUSE_MS = 350;
const form = document.querySelector("form[data-consequences]");
const box = document.querySelector("[data-consequences-box]");

let timer;
let asked = 0;

async function ask() {
  const number = ++asked;
  box.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.dataset.consequences, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      credentials: "same-origin",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    // An older answer that comes late must not hide a newer one.
    if (number !== asked) return;
    box.querySelector("[data-consequences-panel]").innerHTML = told.panel;
  } catch {
    // The last known consequences stay, and the button still works.
    box.querySelector("[data-recalculate]").hidden = false;
  } finally {
    if (number === asked) box.removeAttribute("aria-busy");
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE_MS);
}

if (form && box) {
  box.querySelector("[data-recalculate]").hidden = true;
  form.addEventListener("input", later);
  box.addEventListener("input", later);
}
