// Pasted HTML: only what the schema knows comes through; Word's lists (paragraphs with mso-list) become lists first.
const LEVEL = /mso-list:\s*\S+\s+level(\d)/i
const ORDERED = /^\s*[(（]?(\d+|[a-z]|[ivx]+|[一二三四五六七八九十]+)[.)）、．]/i
const BOLD = /font-weight:\s*(bold|[6-9]00)/i
const HIDDEN = /display:\s*none|mso-hide:\s*all|mso-element:\s*comment/i
const STYLES = /<style\b[\s\S]*?(?:<\/style\s*>|$)/gi
const TAGS = /<[a-z][^>]*>/gi
const HANDLERS = /([\s"'/])on(?=[a-z]+\s*=)/gi
const FOREIGN = "script,style,link,meta,base,object,embed,iframe,frame,svg,math,template,noscript,title,img,picture,video,audio,source,canvas,input,select,button,textarea,xml,o\\:p,del"
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ue000-\ue0ff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Characters of a section (service/text/editable_checks.py), and of the HTML that is looked at: Word writes ten times the words. */
export const MOST = 200_000
const MOST_HTML = 20 * MOST

/** Whether more is pasted or dropped than a section can hold. */
export const tooMuch = (data) => data.getData("text/plain").length > MOST || data.getData("text/html").length > MOST_HTML

/** Words without characters that cannot be seen or printed. */
export const visible = (text) => text.replace(CONTROL, "").replace(/\u00a0/g, " ")

export function cleanedHTML(html) {
  const page = new DOMParser().parseFromString(quiet(html), "text/html") // an inert document: nothing in it runs or loads
  for (const dom of page.querySelectorAll(FOREIGN)) dom.remove()
  for (const dom of page.querySelectorAll("[style]")) if (HIDDEN.test(dom.getAttribute("style"))) dom.remove()
  for (const dom of [...page.querySelectorAll("p")].filter((p) => LEVEL.test(p.getAttribute("style") ?? ""))) listed(dom)
  for (const dom of page.querySelectorAll("h1,h2,h3,h4,h5,h6,caption,dt,dd")) renamed(dom, "p")
  for (const dom of page.querySelectorAll("span[style],p[style]")) if (BOLD.test(dom.getAttribute("style"))) emboldened(dom)
  for (const dom of page.querySelectorAll("td,th")) flat(dom)
  for (const dom of page.querySelectorAll("*")) bare(dom)
  for (const dom of page.querySelectorAll("[data-pm-slice]")) dom.dataset.pmSlice = plainContext(dom.dataset.pmSlice)
  for (const words of texts(page)) if (CONTROL.test(words.data)) words.data = visible(words.data)
  return page.body.innerHTML
}

/** HTML without what an inert document ignores too, but a browser reports as a breach of the page's policy. */
const quiet = (html) => html.replace(STYLES, "").replace(TAGS, (tag) => tag.replace(HANDLERS, "$1data-"))

/** Lines of plain text as paragraphs. */
export const linesOf = (text) => visible(text).split(/\r\n?|\n/).map((line) => line.trim()).filter(Boolean)

function* texts(page) {
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) yield walker.currentNode
}

/** Nothing of how it looked: a column has one alignment, so that of Word's single cells would spread. */
function bare(dom) {
  for (const { name } of [...dom.attributes]) if (!/^(colspan|rowspan|start|href|data-[a-z-]+)$/.test(name)) dom.removeAttribute(name)
}

/** Where a copy from an editor was taken (depths and names of nodes), without any attributes of them. */
function plainContext(value) {
  const found = /^(\d+ \d+(?: -\d+)?) (\[.*\])$/.exec(value)
  try {
    return found ? `${found[1]} ${JSON.stringify(JSON.parse(found[2]).map((part, at) => (at % 2 ? null : part)))}` : "0 0 []"
  } catch {
    return "0 0 []"
  }
}

function renamed(dom, tag) {
  const other = dom.ownerDocument.createElement(tag)
  other.append(...dom.childNodes)
  dom.replaceWith(other)
}

function emboldened(dom) {
  const strong = dom.ownerDocument.createElement("b")
  strong.append(...dom.childNodes)
  dom.append(strong)
}

/** A cell holds one paragraph; of a table inside it only the words stay. */
function flat(cell) {
  for (const dom of cell.querySelectorAll("p,div,li,tr")) dom.append(cell.ownerDocument.createElement("br"))
  for (const dom of cell.querySelectorAll("td,th")) dom.append(" ")
  for (const dom of [...cell.querySelectorAll("p,div,ul,ol,li,table,thead,tbody,tfoot,tr,td,th,blockquote,aside,pre,figure")]) dom.replaceWith(...dom.childNodes)
  while (cell.lastChild && (cell.lastChild.nodeName === "BR" || !cell.lastChild.textContent.trim())) cell.lastChild.remove()
}

function listed(p) {
  const level = Math.min(Number(LEVEL.exec(p.getAttribute("style"))[1]), 4)
  const marker = p.querySelector('[style*="mso-list:Ignore"],[style*="mso-list: Ignore"]')
  const tag = ORDERED.test(marker?.textContent ?? "") ? "ol" : "ul"
  marker?.remove()
  let into = p.previousElementSibling?.dataset.word ? p.previousElementSibling : null
  if (!into) p.before((into = made(p, tag)))
  for (let depth = 1; depth < level; depth++) {
    const item = into.lastElementChild ?? into.appendChild(p.ownerDocument.createElement("li"))
    into = [...item.children].find((child) => /^(UL|OL)$/.test(child.tagName)) ?? item.appendChild(made(p, tag))
  }
  const item = p.ownerDocument.createElement("li")
  into.append(item)
  item.append(p)
  p.removeAttribute("style")
}

function made(p, tag) {
  const dom = p.ownerDocument.createElement(tag)
  dom.dataset.word = "1"
  return dom
}
