// Reading aids of the HTML manual: search in the page's own text, a link to each clause, contents that fold away on a phone.
// The page reads without them. Everything shown is put in as text, never as markup, and nothing is fetched.
(() => {
  "use strict";
  const MOST_LISTED = 200, AROUND = 18, PAUSE = 120;
  const main = document.querySelector("main"), side = document.querySelector(".contents");
  const box = side.querySelector(".find"), field = box.querySelector("input"), count = box.querySelector(".count");
  const list = side.querySelector(".hits"), fold = side.querySelector(".fold"), said = document.querySelector(".said");
  const [before, after] = box.querySelectorAll("button");
  if (matchMedia("(hover:hover)").matches) field.placeholder = "搜索，按 / 键";  // a phone has no keys
  let blocks = null, hits = [], at = -1, timer = 0, sought = null;

  // Full-width letters and digits are found by half-width ones; no character changes its place.
  const folded = (text) => text.replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00a0]/g, " ").replace(/[A-Z]/g, (char) => char.toLowerCase());

  // Every block with words: its text, and the document and clause that it stands in.
  function index() {
    let part = "", clause = "";
    const found = [];
    for (const element of main.querySelectorAll("h2,h3,h4,h5,p,td,th,caption,figcaption,svg text")) {
      const text = element.textContent;
      if (!text.trim()) continue;
      if (element.localName === "h2") [part, clause] = [title(element), ""];
      else if (/^h[345]$/.test(element.localName)) clause = title(element);
      found.push({ element, text, words: folded(text), part, clause });
    }
    return found;
  }

  const title = (heading) => [...heading.querySelectorAll(":scope > span")].map((each) => each.textContent).join(" ");

  // Blocks that hold all the words; each place of each word is a hit, in the order of the page.
  function search(query) {
    const words = [...new Set(folded(query).split(/\s+/).filter(Boolean))];
    if (!words.length) return [];
    const found = [];
    for (const block of blocks) {
      if (!words.every((word) => block.words.includes(word))) continue;
      const places = [];
      for (const word of words) {
        for (let start = block.words.indexOf(word); start >= 0; start = block.words.indexOf(word, start + word.length)) {
          places.push({ block, start, end: start + word.length });
        }
      }
      found.push(...places.sort((one, other) => one.start - other.start));
    }
    return found;
  }

  // The place as a range over the block's own text nodes.
  function range(hit) {
    const walker = document.createTreeWalker(hit.block.element, NodeFilter.SHOW_TEXT), made = document.createRange();
    let passed = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const length = node.data.length;
      if (hit.start >= passed && hit.start < passed + length) made.setStart(node, hit.start - passed);
      if (hit.end <= passed + length) {
        made.setEnd(node, hit.end - passed);
        break;
      }
      passed += length;
    }
    return made;
  }

  // Painted over the text, which stays as it is; where a browser cannot, the current place is selected.
  function paint() {
    if (!window.Highlight || !CSS.highlights) {
      const chosen = getSelection();
      chosen.removeAllRanges();
      if (hits[at]) chosen.addRange(range(hits[at]));
      return;
    }
    CSS.highlights.set("found", new Highlight(...hits.map((hit) => (hit.range ??= range(hit)))));
    CSS.highlights.set("current", new Highlight(...(hits[at] ? [hits[at].range] : [])));
    CSS.highlights.get("current").priority = 1;
  }

  // Documents get their height when they come near the window: until it rests, what is wanted is brought there again.
  function bring(element, block) {
    let frames = 30, still = 0, top = NaN;
    const wanted = (sought = element);
    const again = () => {
      if (wanted !== sought || !frames--) return;
      element.scrollIntoView({ block, inline: "nearest" });
      const now = element.getBoundingClientRect().top;
      still = Math.abs(now - top) < 1 ? still + 1 : 0;
      top = now;
      if (still < 4) requestAnimationFrame(again);
    };
    again();
  }

  const stop = () => (sought = null); // whoever scrolls has seen enough of it
  for (const kind of ["wheel", "touchmove", "pointerdown"]) addEventListener(kind, stop, { passive: true });

  function bringNamed() {
    const element = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (element) bring(element, "start");
  }

  const made = (tag, kind, text) => {
    const element = document.createElement(tag);
    if (kind) element.className = kind;
    element.textContent = text;
    return element;
  };

  function line(hit, number) {
    const { text, part, clause } = hit.block, item = document.createElement("li"), button = document.createElement("button");
    const from = Math.max(0, hit.start - AROUND), to = Math.min(text.length, hit.end + AROUND);
    const words = document.createElement("span");
    words.append((from ? "…" : "") + text.slice(from, hit.start), made("b", "", text.slice(hit.start, hit.end)),
      text.slice(hit.end, to) + (to < text.length ? "…" : ""));
    button.type = "button";
    button.append(made("small", "", clause && clause !== part ? `${part} · ${clause}` : part), words);
    button.addEventListener("click", () => go(number, true));
    item.append(button);
    return item;
  }

  function show() {
    const asked = field.value.trim() !== "";
    list.replaceChildren(...hits.slice(0, MOST_LISTED).map(line));
    if (hits.length > MOST_LISTED) list.append(made("li", "more", `另有 ${hits.length - MOST_LISTED} 处，可按“下一处”逐处查看`));
    if (asked && !hits.length) list.append(made("li", "more", "没有找到，请换一个说法"));
    list.hidden = !asked;
    side.toggleAttribute("data-finding", asked);
    before.disabled = after.disabled = !hits.length;
    tell();
  }

  function tell() {
    if (!field.value.trim()) count.textContent = "";
    else if (!hits.length) count.textContent = "0 处";
    else count.textContent = at < 0 ? `${hits.length} 处` : `${at + 1}/${hits.length}`;
  }

  function ask() {
    clearTimeout(timer);
    timer = 0;
    blocks ??= index();
    hits = search(field.value);
    at = -1;
    fold.checked = false;
    show();
    paint();
  }

  function go(number, chosen) {
    if (!hits.length) return;
    at = (number + hits.length) % hits.length;
    for (const marked of list.querySelectorAll("[aria-current]")) marked.removeAttribute("aria-current");
    const button = list.children[at]?.querySelector("button");
    button?.setAttribute("aria-current", "true");
    if (!chosen) button?.scrollIntoView({ block: "nearest" });
    if (getComputedStyle(fold).display !== "none") list.hidden = true; // on a phone the list would cover the place
    tell();
    paint();
    bring(hits[at].block.element, "center");
  }

  function back() {
    go(at < 0 ? -1 : at - 1);
  }

  function clear() {
    field.value = "";
    ask();
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  field.addEventListener("focus", () => {
    blocks ??= index();
    if (field.value.trim()) list.hidden = false;
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (timer) ask();
      if (event.shiftKey) back();
      else go(at + 1);
    } else if (event.key === "Escape") {
      clear();
      field.blur();
    }
  });
  before.addEventListener("click", back);
  after.addEventListener("click", () => go(at + 1));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input,textarea")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  fold.addEventListener("change", () => {
    if (fold.checked) list.hidden = true;
  });
  side.querySelector("nav").addEventListener("click", (event) => {
    if (event.target.closest("a")) fold.checked = false;
  });

  // The sign after a heading: its address goes to the clipboard.
  async function copied(address) {
    try {
      await navigator.clipboard.writeText(address);
      return "已复制本条的链接";
    } catch {
      return "本条的链接已在地址栏中";
    }
  }

  main.addEventListener("click", async (event) => {
    const sign = event.target.closest("a.here");
    if (!sign) return;
    said.textContent = await copied(sign.href);
    setTimeout(() => (said.textContent = ""), 2500);
  });

  if (matchMedia("(hover: none)").matches) field.placeholder = "搜索";
  box.hidden = false;
  addEventListener("hashchange", bringNamed);
  bringNamed();
})();
