// Before the page is painted: the colours that were chosen, else those of the system.
const chosen = localStorage.getItem("theme");
const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
