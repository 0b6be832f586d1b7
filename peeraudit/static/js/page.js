// What every page loads: theme, menus, tables, jobs, unsaved forms. Each does nothing without its mark.
import { watchTheme } from "./theme.js";
import { openRows } from "./tables.js";
import { followJobs } from "./jobs.js";
import { guardForms } from "./dirty.js";

function closeMenus() {
  const menus = [...document.querySelectorAll("details[data-menu]")];
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && menus.find((one) => one.open);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

watchTheme();
openRows();
followJobs();
guardForms();
closeMenus();
document.querySelector("[data-error-summary]")?.focus();
