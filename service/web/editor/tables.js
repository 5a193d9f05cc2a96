// Tables: a cell holds one paragraph, so merged cells' words are joined by line breaks; wide tables scroll in a box of their own.
import { Fragment } from "prosemirror-model"
import { NodeSelection, Selection } from "prosemirror-state"
import { deleteRow, isInTable, mergeCells } from "prosemirror-tables"
import { schema } from "./schema.js"

const { nodes } = schema

/** Merges the chosen cells and all their words. */
export function joinCells(state, dispatch) {
  if (!mergeCells(state)) return false
  if (!dispatch) return true
  const cells = []
  state.selection.forEachCell((node, position) => cells.push({ words: node.firstChild.content, at: position + 2 }))
  cells.sort((one, other) => one.at - other.at)
  const words = cells.filter((cell) => cell.words.size).reduce(joined, Fragment.empty)
  const change = state.tr
  for (const cell of cells.slice(1).reverse()) if (cell.words.size) change.delete(cell.at, cell.at + cell.words.size)
  change.replaceWith(cells[0].at, cells[0].at + cells[0].words.size, words)
  mergeCells(state.apply(change), (merging) => merging.steps.forEach((step) => change.step(step)))
  dispatch(change.scrollIntoView())
  return true
}

const joined = (all, { words }) => (all.size ? all.addToEnd(nodes.hard_break.create()) : all).append(words)

/** Deletes the chosen rows; of a table's only row nothing would be left, so the table goes. */
export function dropRow(state, dispatch) {
  if (!isInTable(state)) return false
  const { $head } = state.selection
  for (let depth = $head.depth; depth > 0; depth--) {
    if ($head.node(depth).type === nodes.table && $head.node(depth).childCount === 1) return dropTable(state, dispatch)
  }
  return deleteRow(state, dispatch)
}

/** Deletes the table around the cursor. */
export function dropTable(state, dispatch) {
  const { $anchor } = state.selection
  for (let depth = $anchor.depth; depth > 0; depth--) {
    if ($anchor.node(depth).type !== nodes.table) continue
    const start = $anchor.before(depth)
    if (dispatch) {
      const change = state.tr.delete(start, $anchor.after(depth))
      dispatch(change.setSelection(Selection.near(change.doc.resolve(Math.min(start, change.doc.content.size)))).scrollIntoView())
    }
    return true
  }
  return false
}

/** A new table; its first row is the head. */
export function newTable(rows, columns) {
  const row = (type) => nodes.table_row.create(null, Array.from({ length: columns }, () => type.createAndFill()))
  return nodes.table.create(null, [row(nodes.table_header), ...Array.from({ length: Math.max(rows - 1, 1) }, () => row(nodes.table_cell))])
}

/** Puts a block behind the one that holds the cursor, or in its place if it says nothing; the cursor goes into it, or it is chosen. */
export const insertBlock = (block) => (state, dispatch) => {
  if (!dispatch) return true
  const { $from } = state.selection
  const top = $from.depth ? $from.node(1) : state.selection.node
  const empty = top?.type === nodes.paragraph && !top.content.size
  const after = $from.depth ? $from.after(1) : state.selection.to
  const start = empty ? $from.before(1) : after
  const change = state.tr.replaceWith(start, after, block)
  if (change.doc.lastChild === change.doc.nodeAt(start)) change.insert(start + block.nodeSize, nodes.paragraph.create()) // somewhere to write on
  const chosen = block.isAtom ? NodeSelection.create(change.doc, start) : Selection.near(change.doc.resolve(start + 1))
  dispatch(change.setSelection(chosen).scrollIntoView())
  return true
}

/** A table in a box that scrolls by itself where the screen is too narrow, then by keyboard too. */
export class TableBox {
  constructor() {
    this.dom = document.createElement("div")
    this.dom.className = "table-box"
    this.contentDOM = this.dom.appendChild(document.createElement("table")).appendChild(document.createElement("tbody"))
    this.watch = new ResizeObserver(() => this.measure())
    this.watch.observe(this.dom)
    this.watch.observe(this.contentDOM.parentElement)
  }

  measure() {
    const wide = this.dom.scrollWidth > this.dom.clientWidth
    for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", "表格，可以左右滚动"]]) {
      if (wide) this.dom.setAttribute(name, value)
      else this.dom.removeAttribute(name)
    }
  }

  ignoreMutation(change) { return change.type !== "selection" && !this.contentDOM.contains(change.target) }
  destroy() { this.watch.disconnect() }
}
