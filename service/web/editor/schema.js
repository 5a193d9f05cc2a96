// The procedure text as ProseMirror sees it (service/text/editable.py says the same): one node for each kind of block, chips for what is not filled yet.
import { Schema } from "prosemirror-model"
import { tableNodes } from "prosemirror-tables"

const LINE = /^(?:\{%[^{}\n]{0,300}%\}[ \t]*)+$/
const CHIPS = { variable: /^\{\{[^{}\n]{0,300}\}\}$/, branch: LINE }

function listed(value) {
  try {
    return JSON.parse(value || "[]").filter((text) => LINE.test(text))
  } catch {
    return [] // somebody else's attribute of this name
  }
}

// {% … %} lines above and below an item or a row are its attributes, so that a merged cell never has to count them.
const conditional = (tag) => ({
  attrs: { above: { default: [] }, below: { default: [] } },
  parseDOM: [{ tag, getAttrs: (dom) => ({ above: listed(dom.dataset.above), below: listed(dom.dataset.below) }) }],
  toDOM: ({ attrs: { above, below } }) => [
    tag,
    { ...(above.length && { "data-above": JSON.stringify(above) }), ...(below.length && { "data-below": JSON.stringify(below) }) },
    0,
  ],
})

const chip = (kind, attrs = {}) => ({
  group: "inline",
  inline: true,
  atom: true,
  attrs: { text: {}, ...attrs },
  leafText: (node) => node.attrs.text,
  parseDOM: [{
    tag: `span[data-${kind}]`,
    getAttrs(dom) {
      const text = dom.getAttribute(`data-${kind}`)
      return CHIPS[kind].test(text) && { text, ...(attrs.line && { line: dom.dataset.line === "true" }) }
    },
  }],
  toDOM: (node) => ["span", { [`data-${kind}`]: node.attrs.text, ...(attrs.line && { "data-line": String(node.attrs.line) }) }, node.attrs.text],
})

const ALIGNS = ["left", "center", "right"]
const tables = tableNodes({
  tableGroup: "block",
  cellContent: "paragraph",
  cellAttributes: {
    align: {
      default: "",
      getFromDOM: (dom) => (ALIGNS.includes(dom.dataset.align) ? dom.dataset.align : ""),
      setDOMAttr: (value, attrs) => value && (attrs["data-align"] = value),
    },
  },
})
const within = (value, most) => Math.min(Math.max(value, 1), most)
for (const kind of ["table_cell", "table_header"]) {
  const [rule] = tables[kind].parseDOM
  tables[kind].parseDOM = [{
    ...rule,
    getAttrs(dom) {
      const attrs = rule.getAttrs(dom)
      return { ...attrs, colspan: within(attrs.colspan, 60), rowspan: within(attrs.rowspan, 500), colwidth: null } // widths are the printed page's affair
    },
  }]
}
tables.table_row = { ...tables.table_row, ...conditional("tr") }

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { group: "block", content: "inline*", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    bullet_list: { group: "block list", content: "list_item+", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    ordered_list: {
      group: "block list",
      content: "list_item+",
      attrs: { start: { default: 1 } },
      parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ start: dom.start > 0 && dom.start < 1e9 ? dom.start : 1 }) }],
      toDOM: (node) => ["ol", node.attrs.start === 1 ? {} : { start: node.attrs.start }, 0],
    },
    list_item: { content: "(paragraph | list)+", defining: true, ...conditional("li") },
    ...tables,
    note: { group: "block", content: "inline*", parseDOM: [{ tag: "blockquote" }, { tag: "aside" }], toDOM: () => ["aside", { class: "note" }, 0] },
    picture: {
      group: "block",
      atom: true,
      draggable: true,
      attrs: { source: {}, alt: { default: "" } },
      // Only what was copied from here; no <img>, which would be loaded from wherever it says.
      parseDOM: [{ tag: "figure[data-picture^='picture:']", getAttrs: (dom) => ({ source: dom.dataset.picture, alt: dom.dataset.alt ?? "" }) }],
      toDOM: ({ attrs: { source, alt } }) => ["figure", { "data-picture": source, "data-alt": alt }],
    },
    fence: {
      group: "block",
      content: "text*",
      marks: "",
      code: true,
      atom: true,
      defining: true,
      isolating: true,
      attrs: { language: {} },
      parseDOM: [{
        tag: "pre[data-language]",
        preserveWhitespace: "full",
        getAttrs: (dom) => ["flow", "form"].includes(dom.dataset.language) && { language: dom.dataset.language },
      }],
      toDOM: (node) => ["pre", { "data-language": node.attrs.language }, ["code", 0]],
    },
    condition: {
      group: "block",
      atom: true,
      attrs: { text: {} },
      parseDOM: [{ tag: "div[data-condition]", getAttrs: (dom) => LINE.test(dom.dataset.condition) && { text: dom.dataset.condition } }],
      toDOM: (node) => ["div", { "data-condition": node.attrs.text }, node.attrs.text],
    },
    text: { group: "inline" },
    hard_break: { group: "inline", inline: true, selectable: false, leafText: () => "\n", parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
    soft_break: { group: "inline", inline: true, selectable: false, leafText: () => "", parseDOM: [{ tag: "wbr[data-soft]" }], toDOM: () => ["wbr", { "data-soft": "" }] },
    variable: chip("variable"),
    branch: chip("branch", { line: { default: false } }),
  },
  marks: {
    link: {
      attrs: { href: {} },
      inclusive: false,
      parseDOM: [{ tag: "a[href]", getAttrs: (dom) => (/^(https?:|mailto:|tel:)\S+$/i.test(dom.getAttribute("href")) ? { href: dom.getAttribute("href") } : false) }],
      toDOM: (mark) => ["a", { href: mark.attrs.href, rel: "noreferrer" }, 0],
    },
    strong: { parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong", 0] },
    em: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
    code: { parseDOM: [{ tag: "code" }], toDOM: () => ["code", 0], excludes: "em link", code: true },
  },
})
