// Follows long work: asks every 1.5 s, draws the progress, tells a screen reader at each tenth.
const EVERY_MS = 1500;
const SLOWEST_MS = 15000;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");

function number(value) {
  return new Intl.NumberFormat(document.documentElement.lang).format(value);
}

function timeLeft(line, seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 60) return fill(line.dataset.textSeconds, { n: number(Math.ceil(seconds)) });
  return fill(line.dataset.textMinutes, { n: number(Math.round(seconds / 60)) });
}

function announce(line, job, count) {
  const tenth = job.total ? Math.floor((10 * job.done) / job.total) : 0;
  if (tenth <= Number(line.dataset.told ?? 0)) return;
  line.dataset.told = tenth;
  line.querySelector("[data-job-voice]").textContent = count;
}

function draw(line, job) {
  const bar = line.querySelector("progress");
  let count = "";
  if (job.total) {
    bar.max = job.total;
    bar.value = job.done;
    bar.setAttribute("aria-valuemax", job.total);
    bar.setAttribute("aria-valuenow", job.done);
    count = job.count;
  }
  line.querySelector("[data-job-count]").textContent = count;
  line.querySelector("[data-job-message]").textContent = job.message ?? "";
  line.querySelector("[data-job-left]").textContent = timeLeft(line, job.eta_seconds);
  announce(line, job, count);
}

async function ask(line) {
  const answer = await fetch(line.dataset.jobUrl, {
    headers: { Accept: "application/json" },
    credentials: "same-origin",
    cache: "no-store",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function follow(line) {
  let pause = EVERY_MS;
  const step = async () => {
    try {
      const job = await ask(line);
      pause = EVERY_MS;
      draw(line, job);
      if (job.is_over) {
        // The page itself says what came of it, with the way to the result; nobody is sent away unasked.
        window.location.reload();
        return;
      }
    } catch {
      pause = Math.min(2 * pause, SLOWEST_MS);
      line.querySelector("[data-job-message]").textContent = line.dataset.textLost;
    }
    setTimeout(step, document.hidden ? Math.max(pause, 5000) : pause);
  };
  setTimeout(step, pause);
}

export function followJobs() {
  for (const line of document.querySelectorAll("[data-job-url]")) {
    line.querySelector("[data-job-reload]")?.setAttribute("hidden", "");
    follow(line);
  }
}
