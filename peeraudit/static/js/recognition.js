// The question that follows a review: a digit answers, and chooses what was recognised.
const form = document.querySelector("form[data-recognition]");
const about = [...form.querySelectorAll('input[name="about"]')];
const name = form.querySelector("[data-for=author]");

// Whoever recognised the department alone is not asked for a name.
function settle() {
  const chosen = about.find((one) => one.checked);
  if (name) name.hidden = chosen?.value !== "author";
}

const digit = (event) => /^Digit(\d)$/.exec(event.code)?.[1] ?? event.key;

function press(number) {
  const answer = form.querySelector(`[data-key="${number}"]`);
  if (answer) {
    answer.click();
    return true;
  }
  const choice = about[Number(number) - 1];
  if (!choice) return false;
  choice.checked = true;
  settle();
  form.querySelector(choice.value === "author" ? "#name" : "#department_id")?.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.matches("select, textarea, input:not([type=radio])")) return;
  if (press(digit(event))) event.preventDefault();
});
form.addEventListener("change", settle);
// One answer: a second click while the first is on its way is none.
form.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
settle();
about.find((one) => one.checked)?.focus();
form.dataset.ready = "yes";
