// A build under way: its events move the bar and say the step; when it ends, its page says how.
const card = document.querySelector("#building");
const [bar, words] = [document.querySelector("#bar"), document.querySelector("#words")];

function show({ percent, step, words: said }) {
  bar.setAttribute("aria-valuenow", percent);
  bar.firstElementChild.value = percent;
  words.textContent = `${said}（${percent}%）`;
  for (const line of card.querySelectorAll("[data-step]")) {
    if (line.dataset.step === step) line.setAttribute("aria-current", "step");
    else line.removeAttribute("aria-current");
  }
}

const events = new EventSource(card.dataset.events);
events.addEventListener("progress", (event) => show(JSON.parse(event.data)));
events.addEventListener("end", (event) => {
  events.close();
  location.replace(JSON.parse(event.data).address);
});
// What the server no longer knows (it was started anew) is told by the page itself.
events.addEventListener("error", () => {
  if (events.readyState === EventSource.CLOSED) location.reload();
});
addEventListener("pagehide", () => events.close());
