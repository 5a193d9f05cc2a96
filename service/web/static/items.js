// data-items: a form whose items come from its <template data-item-new>; without this script its button asks the server for one more.
for (const form of document.querySelectorAll("form[data-items]")) {
  const place = form.querySelector("[data-items-here]");
  const template = form.querySelector("template[data-item-new]");
  form.querySelector("[data-item-add]").addEventListener("click", (event) => {
    event.preventDefault();
    place.append(made(template, next(place)));
    focus(place.lastElementChild);
    watch(place);
  });
  watch(place);
}

function focus(item) {
  item?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

// One more than the highest number that a name in this place has.
function next(place) {
  const numbers = [...place.querySelectorAll("[name]")].map((each) => Number(each.name.match(/\d+/)?.[0] ?? 0));
  return Math.max(0, ...numbers) + 1;
}

function made(template, number) {
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__n__", number);
  return holder.content;
}

// An item may go as long as another stays.
function watch(place) {
  const items = [...place.children];
  for (const item of items) {
    const button = item.querySelector("[data-item-remove]");
    button.hidden = items.length < 2;
    button.onclick = () => {
      item.remove();
      watch(place);
      focus(place.lastElementChild);
    };
  }
}
