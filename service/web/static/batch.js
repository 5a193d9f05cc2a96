// Choosing documents for a batch, and ticking 已阅 only once a text was scrolled to its end.
for (const form of document.querySelectorAll("[data-choose]")) {
  const all = form.querySelector("[data-choose-all]");
  const boxes = [...form.querySelectorAll("input[name=number]")];
  const submit = form.querySelector("button[type=submit]");
  const tell = () => {
    const chosen = boxes.filter((each) => each.checked).length;
    if (all) {
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
    if (submit) submit.disabled = chosen === 0;
  };
  all?.addEventListener("change", () => {
    for (const each of boxes) each.checked = all.checked;
  });
  form.addEventListener("change", tell);
  addEventListener("pageshow", tell);
  tell();
}

for (const mark of document.querySelectorAll("[data-batch] input[name=read]")) {
  if (mark.checked) continue;
  const sheet = mark.closest("section");
  const hint = sheet.querySelector("[data-hint]");
  mark.disabled = true;
  hint.textContent = "请先把正文读到末尾";
  const end = new IntersectionObserver((seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    mark.disabled = false;
    hint.textContent = "";
    end.disconnect();
  }, { threshold: 0 });
  end.observe(sheet.querySelector("[data-end]"));
}
