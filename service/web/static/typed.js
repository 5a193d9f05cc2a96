// What was typed in a form with data-keep survives a lost log-in session: kept in this tab until the form was carried out.
const key = (form) => `typed ${form.action}`;

export function keepTyped() {
  for (const form of document.querySelectorAll("form[data-keep]")) {
    restore(form);
    form.addEventListener("submit", () => keep(form));
    form.addEventListener("input", () => keep(form));
  }
  if (document.querySelector("#said .said-line")) forget();
}

function fields(form) {
  return [...form.elements].filter((each) => each.name && !["hidden", "password", "file", "submit", "button"].includes(each.type));
}

function keep(form) {
  const typed = fields(form).map((each) => [each.name, each.type === "checkbox" || each.type === "radio" ? [each.value, each.checked] : each.value]);
  try {
    sessionStorage.setItem(key(form), JSON.stringify(typed));
  } catch {
    // Full or forbidden: the form still works, only without its safety net.
  }
}

function restore(form) {
  const stored = sessionStorage.getItem(key(form));
  if (!stored || document.querySelector("#said .said-line")) return;
  const waiting = JSON.parse(stored);
  for (const each of fields(form)) {
    const place = waiting.findIndex(([name, value]) => name === each.name && (!Array.isArray(value) || value[0] === each.value));
    if (place < 0) continue;
    const [, value] = waiting.splice(place, 1)[0];
    if (Array.isArray(value)) each.checked = value[1];
    else each.value = value;
  }
}

function forget() {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith("typed ")) sessionStorage.removeItem(name);
}
