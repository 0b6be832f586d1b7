// Light, dark or as the system: applied at once, and told to the server, which writes it next time.
export function watchTheme() {
  const form = document.querySelector('form[data-preference="theme"]');
  if (!form) return;
  form.addEventListener("submit", (event) => {
    const theme = event.submitter?.value;
    if (!["auto", "light", "dark"].includes(theme)) return;
    event.preventDefault();
    if (theme === "auto") delete document.documentElement.dataset.bsTheme;
    else document.documentElement.dataset.bsTheme = theme;
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
    const body = new FormData(form);
    body.set("theme", theme);
    // Not followed: the answer leads back to this very page.
    fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
  });
}
