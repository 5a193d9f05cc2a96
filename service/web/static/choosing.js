// Lists where several rows may be chosen. data-choose-all="name": all boxes of this name; data-chosen-count="name": how many are chosen;
// data-needs-chosen="name": a button for those that are chosen, which waits until there is one.
for (const all of document.querySelectorAll("[data-choose-all]")) {
  const name = all.dataset.chooseAll;
  const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${name}"]`)];
  const counts = document.querySelectorAll(`[data-chosen-count="${name}"]`);
  const buttons = document.querySelectorAll(`[data-needs-chosen="${name}"]`);
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = boxes.length > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    for (const count of counts) count.textContent = chosen ? `已选 ${chosen} 份` : "";
    for (const button of buttons) button.disabled = chosen === 0;
  };
  all.disabled = boxes.length === 0;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  addEventListener("pageshow", tell); // a browser that goes back puts the ticks as they were, later than this is read
  tell();
}
