// A file can be dropped on the form; how far its sending is is shown. Without it the form works as it is.
const box = document.querySelector("[data-drop]");
const form = box?.closest("form");
const field = box?.querySelector("input[type=file]");
const name = box?.querySelector("[data-drop-name]");
const sending = form?.querySelector("[data-sending]");

const number = (value) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(value);
const share = (value) => new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(value);

function tellName() {
  const file = field.files[0];
  name.textContent = file ? `${file.name} (${number(file.size / 1048576)} ${box.dataset.unit})` : "";
}

function letDrop() {
  for (const kind of ["dragenter", "dragover"]) {
    box.addEventListener(kind, (event) => {
      event.preventDefault();
      box.classList.add("over");
    });
  }
  box.addEventListener("dragleave", (event) => {
    if (!box.contains(event.relatedTarget)) box.classList.remove("over");
  });
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    field.files = one.files;
    tellName();
  });
  field.addEventListener("change", tellName);
}

function show(loaded, total) {
  const bar = sending.querySelector("progress");
  bar.max = total;
  bar.value = loaded;
  sending.querySelector("[data-sending-words]").textContent = sending.dataset.text.replace("{share}", share(loaded / total));
}

function finish(request) {
  // A page that shows the form again keeps its words; another page is gone to.
  if (request.status < 300) {
    window.location.assign(request.responseURL);
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main) {
    form.submit();
    return;
  }
  document.querySelector("main").replaceWith(main);
  main.querySelector("[data-error-summary]")?.focus();
}

function send(event) {
  if (!field.files.length) return;
  event.preventDefault();
  const request = new XMLHttpRequest();
  sending.hidden = false;
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  request.upload.addEventListener("progress", (at) => at.lengthComputable && show(at.loaded, at.total));
  request.addEventListener("load", () => finish(request));
  request.addEventListener("error", () => {
    sending.querySelector("[data-sending-words]").textContent = sending.dataset.lost;
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  });
  request.open("POST", form.action || window.location.href);
  request.send(new FormData(form));
}

if (box && field && name && sending) {
  letDrop();
  form.addEventListener("submit", send);
}
