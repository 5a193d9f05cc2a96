// What every page does beside the server: each behaviour hangs on a data attribute, and each page works without it.
import { showSaid } from "/assets/said.js";
import { keepTyped } from "/assets/typed.js";
import { showPasswords } from "/assets/passwords.js";

showSaid();
keepTyped();
showPasswords();

// data-theme-toggle: dark or light.
for (const button of document.querySelectorAll("[data-theme-toggle]")) {
  button.addEventListener("click", () => {
    const theme = document.documentElement.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    document.documentElement.setAttribute("data-bs-theme", theme);
    localStorage.setItem("theme", theme);
    document.dispatchEvent(new CustomEvent("theme"));
  });
}

// data-submit-on-change: choosing is enough.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// data-confirm: ask before it is done.
const dialog = document.querySelector("#confirm");
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (!question || event.target.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  dialog.querySelector("#confirm-words").textContent = question;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    event.target.dataset.confirmed = "yes";
    event.target.requestSubmit(event.submitter);
    delete event.target.dataset.confirmed;
  }, { once: true });
  dialog.showModal();
}, { capture: true });

// A form is sent once; its button says that it is under way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  event.submitter?.classList.add("btn-loading");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll(".btn-loading")) button.classList.remove("btn-loading");
});

// “/” leads to the search box, unless one is typing.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping) return;
  const box = document.querySelector("#q") ?? document.querySelector("#find");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// data-back: the page before, with what was typed there; without one, where the link leads.
for (const link of document.querySelectorAll("a[data-back]")) {
  link.addEventListener("click", (event) => {
    if (history.length < 2) return;
    event.preventDefault();
    history.back();
  });
}
