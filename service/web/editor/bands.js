// Conditions on items and rows, which are attributes in the document, drawn as bands between them.
import { Plugin } from "prosemirror-state"
import { Decoration, DecorationSet } from "prosemirror-view"
import { conditionChip } from "./chips.js"
import { decorated } from "./decorated.js"

export function conditionBands(labels) {
  const drawn = (texts, inTable) => {
    const dom = document.createElement(inTable ? "tr" : "li")
    const into = inTable ? dom.appendChild(document.createElement("td")) : dom
    if (inTable) into.colSpan = 99
    dom.className = "condition-band"
    dom.contentEditable = "false"
    for (const text of texts) into.append(conditionChip(text, labels).dom)
    return dom
  }
  const band = (position, texts, node, side) =>
    Decoration.widget(position, () => drawn(texts, node.type.name === "table_row"), { side, key: `${side} ${texts.join()}`, ignoreSelection: true })
  return decorated((block, offset) => {
    const found = []
    let depth = 0
    block.descendants((node, position) => {
      const { above = [], below = [] } = node.attrs
      const start = offset + 1 + position
      depth += opened(above.join(""))
      if (above.length) found.push(band(start, above, node, -1))
      if (depth > 0 && node.attrs.above) found.push(Decoration.node(start, start + node.nodeSize, { class: "conditional" }))
      if (below.length) found.push(band(start + node.nodeSize, below, node, 1))
      depth += opened(below.join(""))
      return !node.isTextblock
    })
    return found
  })
}

/** Blocks between the halves of a condition are marked at their edge. */
export const conditionalBlocks = new Plugin({
  props: {
    decorations({ doc }) {
      const found = []
      let depth = 0
      doc.forEach((block, offset) => {
        if (block.type.name === "condition") depth += opened(block.attrs.text)
        else if (depth > 0) found.push(Decoration.node(offset, offset + block.nodeSize, { class: "conditional" }))
      })
      return found.length ? DecorationSet.create(doc, found) : null
    },
  },
})

/** How many more conditions begin than end in a text. */
const opened = (text) => [...text.matchAll(/\{%-?\s*(if|for|endif|endfor)\b/g)].reduce((depth, [, tag]) => depth + (tag.startsWith("end") ? -1 : 1), 0)
