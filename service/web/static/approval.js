// Reading a revision: from change to change, and a comment on the section that one reads.
for (const bar of document.querySelectorAll("[data-change-steps]")) {
  const { changeSteps: changes, total } = bar.dataset;
  let here = 0;
  const go = (step) => {
    document.getElementById(`${changes}-${here}`)?.classList.remove("here-now");
    here = here + step > Number(total) ? 1 : here + step < 1 ? Number(total) : here + step;
    const change = document.getElementById(`${changes}-${here}`);
    change?.classList.add("here-now");
    change?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    bar.querySelector("[data-here]").textContent = here;
  };
  for (const button of bar.querySelectorAll("[data-step]")) button.addEventListener("click", () => go(Number(button.dataset.step)));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    if (event.key === "n" || event.key === "p") go(event.key === "n" ? 1 : -1);
  });
}

const form = document.querySelector("#form-comment");
if (form) {
  const anchors = new Map([...form.section.options].filter((each) => each.value).map((each) => [each.value, each.textContent.trim()]));
  for (const heading of document.querySelectorAll("article.document :is(h2, h3, h4, h5)[id]")) {
    const section = heading.id.slice(heading.id.indexOf(".") + 1);
    if (!anchors.has(section)) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-ghost-secondary comment-here d-print-none";
    button.textContent = "提意见";
    button.setAttribute("aria-label", `对 ${anchors.get(section)} 提意见`);
    button.addEventListener("click", () => {
      form.section.value = section;
      form.elements.text.focus();
    });
    heading.append(button);
  }
}
