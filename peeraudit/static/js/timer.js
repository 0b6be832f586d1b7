// Counts the seconds a person really works: stops after a minute without a sign, or in a hidden tab.
const IDLE_MS = 60000;

export function countActiveSeconds(startAt, show) {
  let seconds = startAt;
  let lastSign = performance.now();
  const sign = () => { lastSign = performance.now(); };
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "scroll", "touchstart"]) {
    window.addEventListener(kind, sign, { passive: true });
  }
  document.addEventListener("visibilitychange", sign);
  const write = () => show(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  write();
  setInterval(() => {
    if (document.hidden || performance.now() - lastSign > IDLE_MS) return;
    seconds += 1;
    write();
  }, 1000);
  return () => seconds;
}
