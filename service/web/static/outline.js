// The outline: drag a document, or move it by its buttons; nothing is kept until it is saved.
import Sortable from "/assets/sortable/sortable.core.esm.js";

const form = document.querySelector("#outline");
const [state, said] = [document.querySelector("#outline-state"), document.querySelector("#outline-said")];
let isChanged = "changed" in form.dataset;

function changed() {
  isChanged = true;
  state.textContent = "有未保存的改动";
}

function tell(line) {
  const lines = [...line.parentElement.children];
  said.textContent = `《${line.dataset.title}》现为第 ${lines.indexOf(line) + 1} 份，共 ${lines.length} 份`;
  changed();
}

for (const list of document.querySelectorAll("[data-outline]")) {
  Sortable.create(list, { handle: ".grip", animation: 120, ghostClass: "is-dragged", onUpdate: (event) => tell(event.item) });
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=move]");
  if (!button) return;
  event.preventDefault();
  const line = button.closest("li");
  const other = button.value.startsWith("up:") ? line.previousElementSibling : line.nextElementSibling;
  if (!other) return;
  if (button.value.startsWith("up:")) other.before(line);
  else other.after(line);
  button.focus();
  tell(line);
});

form.addEventListener("change", (event) => {
  if (event.target.name !== "bound") return;
  event.target.closest("li").classList.toggle("is-out", !event.target.checked);
  changed();
});

form.addEventListener("submit", () => { isChanged = false; });
addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });
