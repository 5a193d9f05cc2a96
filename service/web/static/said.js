// One sentence about what was done, brought by a cookie from the page before: shown once, then forgotten.
const NAME = "said=";

export function showSaid() {
  const found = document.cookie.split("; ").find((each) => each.startsWith(NAME));
  if (!found) return;
  document.cookie = `${NAME}; max-age=0; path=/`;
  say(decodeURIComponent(found.slice(NAME.length).replace(/^"|"$/g, "")));
}

export function say(words) {
  const place = document.querySelector("#said");
  const line = document.createElement("div");
  line.className = "said-line";
  line.textContent = words;
  place.replaceChildren(line);
  setTimeout(() => line.remove(), 8000);
}
