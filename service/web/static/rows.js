// Tables whose rows people add and take away, and empty fields filled with the usual values.
let added = 0;

function place(name) {
  return document.querySelector(`[data-rows="${name}"]`);
}

function add(name) {
  const row = document.querySelector(`template[data-row-of="${name}"]`).content.firstElementChild.cloneNode(true);
  const ref = row.querySelector(`[name="${name}.ref"]`);
  if (ref) ref.value = `new-${++added}-${Date.now()}`;
  for (const select of row.querySelectorAll("select[data-places]")) refill(select);
  place(name).append(row);
  row.querySelector("input:not([type=hidden])").focus();
}

function remove(row) {
  const rows = row.parentElement;
  const next = row.nextElementSibling;
  if (next?.classList.contains("row-fault")) next.remove();
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  refillAll();
  (neighbour?.querySelector("input:not([type=hidden])") ?? document.querySelector(`[data-row-add="${rows.dataset.rows}"]`))?.focus();
}

// Rows that others may choose: those with a name that stand for themselves.
function chosen(name) {
  return [...(place(name)?.querySelectorAll("tr:not(.row-fault)") ?? [])]
    .map((row) => ({
      ref: row.querySelector(`[name="${name}.ref"]`).value,
      words: row.querySelector(`[name="${name}.name"]`).value.trim(),
      place: row.querySelector(`[name="${name}.place"]`).value,
    }))
    .filter((row) => row.words && !row.place.startsWith("with:"));
}

const WORDS = {
  "department below:": (words) => `上级：${words}`,
  "department with:": (words) => `由${words}承担`,
  "post in:": (words) => words,
  "post with:": (words) => `由${words}兼任`,
};

function refill(select) {
  const name = select.dataset.places;
  const value = select.value;
  const own = select.closest("tr")?.querySelector(`[name="${name}.ref"]`)?.value;
  if (name === "holder") fill(select, chosen("post"), "", (words) => words, 1);
  for (const group of select.querySelectorAll("optgroup")) {
    const from = group.dataset.group === "with:" ? name : "department";
    const rows = chosen(from).filter((row) => from !== name || row.ref !== own);
    fill(group, rows, group.dataset.group, WORDS[`${name} ${group.dataset.group}`], 0);
  }
  select.value = [...select.options].some((option) => option.value === value) ? value : "";
}

function fill(parent, rows, prefix, words, keep) {
  while (parent.children.length > keep) parent.lastElementChild.remove();
  parent.append(...rows.map((row) => new Option(words(row.words), prefix + row.ref)));
}

function refillAll() {
  for (const select of document.querySelectorAll("tbody select[data-places]")) refill(select);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.rowAdd) add(button.dataset.rowAdd);
  if ("rowRemove" in button.dataset) remove(button.closest("tr"));
  if ("fillUsual" in button.dataset) fillUsual(button.closest("section"));
});

document.addEventListener("change", (event) => {
  if (/^(department|post)\.(name|place)$/.test(event.target.name ?? "")) refillAll();
});

function fillUsual(section) {
  for (const field of section.querySelectorAll("input[data-usual]")) {
    if (field.value.trim()) continue;
    field.value = field.dataset.usual;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

for (const button of document.querySelectorAll("[data-fill-usual]")) button.hidden = false;
