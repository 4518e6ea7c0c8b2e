// What every page does: dialogs that ask before a form is sent, buttons that copy text, menus that close.
import { csrfToken } from "./lib/session.js";

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  label.textContent = (await copied(source)) ? "Copied" : "Press Ctrl+C to copy";
  setTimeout(() => (label.textContent = before), 2000);
});

async function copied(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    window.getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  }
}

// A form field that sends its form as soon as it changes: <select data-autosubmit>.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
});

// A menu closes when something else is chosen, by the Escape key, and when the keyboard leaves it.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("focusin", ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const [menu] = event.key === "Escape" ? openMenus() : [];
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A session that ended: said where it is noticed, with a way back that loses nothing of the page.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.headers["X-CSRFToken"] = csrfToken(detail.headers["X-CSRFToken"]);
});
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status !== 401) return;
  const link = Object.assign(document.createElement("a"), { href: "/accounts/login/", target: "_blank", textContent: "Sign in again" });
  const note = Object.assign(document.createElement("div"), { className: "flash flash-warning" });
  note.append("Your session has ended. ", link, " in another tab, then go on here.");
  document.getElementById("flashes")?.replaceChildren(note);
});
