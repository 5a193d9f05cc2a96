// The table of contents of a text: says which section is being read; folded on a small screen, where it would push the text away.
const box = document.querySelector("[data-contents]");
if (box) {
  if (matchMedia("(max-width: 62rem)").matches) box.open = false;
  const links = new Map([...box.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const heads = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);

  const mark = () => {
    const read = heads.findLast((head) => head.getBoundingClientRect().top < innerHeight / 4) ?? heads[0];
    for (const [id, link] of links) {
      if (id === read?.id) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  }, { passive: true });
  mark();
}
