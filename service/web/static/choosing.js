// Lists where several rows may be chosen. data-choose-all="name": all boxes of this name; data-chosen-count="name": how many are chosen.
for (const all of document.querySelectorAll("[data-choose-all]")) {
  const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${all.dataset.chooseAll}"]`)];
  const counts = document.querySelectorAll(`[data-chosen-count="${all.dataset.chooseAll}"]`);
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = boxes.length > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    for (const count of counts) count.textContent = chosen ? `已选 ${chosen} 份` : "";
  };
  all.disabled = boxes.length === 0;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  tell();
}
