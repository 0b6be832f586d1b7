// A case on the screen that was pulled meanwhile, here or elsewhere, leaves it: its words are taken out
// of the page. Asked every few seconds while the page is seen, and at once when it is seen again.
const PAUSE_MS = 10000;

export function keepVigil(report, { gone }) {
  let over = false;

  async function look() {
    if (over || document.hidden) return;
    try {
      const answer = await fetch(report.dataset.vigilUrl, { credentials: "same-origin", redirect: "manual" });
      if (answer.status !== 409) return;
      const { message } = await answer.json();
      over = true;
      for (const part of report.querySelectorAll("[data-case-words]")) part.remove();
      gone(message);
    } catch {
      // Without network nothing is known; it is asked again.
    }
  }

  setInterval(look, PAUSE_MS);
  window.addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
  // A page that the browser kept for its back button is older than it looks.
  window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  return look;
}
