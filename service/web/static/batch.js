// Signing several documents: 已阅 can be ticked only once a text was scrolled to its end.
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
