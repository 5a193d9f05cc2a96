// Conditions keep both their halves: a change that would break one is mended where that is plain, else refused in words.
import { Fragment, Slice } from "prosemirror-model"

const TAG = /\{%-?\s*(\w+)/g
const PAIRS = { endif: "if", endfor: "for" }
export const BROKEN = "这样会拆散一个条件，未作改动。要删除或移动，请连同条件的开头和结尾一起选中。"
export const CROSSED = "合并的单元格跨过了条件的边界，请只合并同一条件之内的行。"
const known = new WeakMap() // block → its fault; blocks that a change does not touch stay the same objects

const tagsOf = (text) => [...text.matchAll(TAG)].map((found) => found[1])

/** What text closes of what stands before it, and what it leaves open: "endif|if"; null if its halves do not fit. */
function loose(text) {
  const before = [], open = []
  for (const tag of tagsOf(text)) {
    if (tag === "if" || tag === "for") open.push(tag)
    else if (PAIRS[tag]) {
      if (!open.length) before.push(tag)
      else if (open.pop() !== PAIRS[tag]) return null
    } else if (!open.length) before.push(tag)
  }
  return `${before}|${open}`
}

/** What a document closes and leaves open as a whole: it may begin or end inside a condition of its neighbours. */
export function balance(doc) {
  let outer = ""
  doc.forEach((block) => { if (block.type.name === "condition") outer += block.attrs.text })
  return loose(outer)
}

/** Why a document's conditions are broken, or "". `wanted`: its balance when it was opened. */
export function fault(doc, wanted) {
  let found = balance(doc) === wanted ? "" : BROKEN
  doc.forEach((block) => { found = found || blockFault(block) })
  return found
}

function blockFault(block) {
  if (!known.has(block)) known.set(block, foundIn(block))
  return known.get(block)
}

function foundIn(block) {
  if (block.type.spec.code || block.type.name === "condition") return "" // a fence's own conditions are checked when it is saved
  if (block.isTextblock) return loose(branches(block)) === "|" ? "" : BROKEN
  let lines = "", broken = false
  const walk = (node) => {
    lines += (node.attrs.above ?? []).join("")
    if (node.isTextblock) broken = broken || loose(branches(node)) !== "|"
    else node.forEach(walk)
    lines += (node.attrs.below ?? []).join("")
  }
  walk(block)
  if (broken || loose(lines) !== "|") return BROKEN
  return lines && block.type.name === "table" && crossed(block) ? CROSSED : ""
}

function branches(block) {
  let text = ""
  block.forEach((node) => { if (node.type.name === "branch") text += node.attrs.text })
  return text
}

/** Whether a merged cell of a table reaches over a condition's line. */
function crossed(table) {
  for (let row = 0; row < table.childCount; row++) {
    for (const cell of table.child(row).children) {
      for (let under = 1; under < cell.attrs.rowspan && row + under < table.childCount; under++) {
        if (table.child(row + under).attrs.above.length || table.child(row + under - 1).attrs.below.length) return true
      }
    }
  }
  return false
}

/** Gives the conditions of items and rows that a change deletes with all their words to their neighbours; adds steps to the change. */
export function mend(change, before) {
  const homeless = new Map() // position after the change → texts
  before.descendants((node, position) => {
    const { above, below } = node.attrs
    if (above?.length || below?.length) {
      if (change.mapping.mapResult(position).deletedAfter && wordless(node, position, change.mapping)) {
        const at = change.mapping.map(position)
        homeless.set(at, [...(homeless.get(at) ?? []), ...above, ...below])
      }
    }
    return !node.isTextblock
  })
  for (const [at, texts] of [...homeless].sort((one, other) => other[0] - one[0])) house(change, at, texts)
}

function wordless(node, position, mapping) {
  let gone = true
  node.descendants((inner, offset) => {
    if (!inner.isTextblock || !inner.content.size) return true
    const start = position + 1 + offset + 1
    gone = gone && mapping.map(start, 1) >= mapping.map(start + inner.content.size, -1)
    return false
  })
  return gone
}

function house(change, at, texts) {
  const place = change.doc.resolve(at)
  const next = place.nodeAfter, last = place.nodeBefore
  if (next?.attrs.above) change.setNodeMarkup(at, null, { ...next.attrs, above: shortened([...texts, ...next.attrs.above]) })
  else if (last?.attrs.below) change.setNodeMarkup(at - last.nodeSize, null, { ...last.attrs, below: shortened([...last.attrs.below, ...texts]) })
}

/** Lines without conditions that hold nothing any more. */
function shortened(lines) {
  for (let at = 0; at < lines.length; at++) {
    const opening = tagsOf(lines[at]).join()
    if (opening !== "if" && opening !== "for") continue
    let end = at + 1
    while (end < lines.length && ["else", "elif"].includes(tagsOf(lines[end]).join())) end++
    if (end < lines.length && PAIRS[tagsOf(lines[end]).join()] === opening) return shortened([...lines.slice(0, at), ...lines.slice(end + 1)])
  }
  return lines
}

/** A slice from the clipboard: its conditions come along only if both halves of each are in it. */
export function settled(slice) {
  let blocks = "", running = "", attached = false
  slice.content.descendants(({ type, attrs }) => {
    if (type.name === "condition") blocks += attrs.text
    if (type.name === "branch") running += attrs.text
    attached = attached || [attrs.above ?? [], attrs.below ?? []].some((lines) => !Array.isArray(lines) || lines.length)
  })
  if (!attached && loose(blocks) === "|" && loose(running) === "|") return slice
  return new Slice(bare(slice.content), slice.openStart, slice.openEnd)
}

function bare(fragment) {
  const kept = []
  fragment.forEach((node) => {
    if (node.type.name === "condition" || node.type.name === "branch") return
    const attrs = node.attrs.above ? { ...node.attrs, above: [], below: [] } : node.attrs
    kept.push(node.isText ? node : node.type.create(attrs, bare(node.content), node.marks))
  })
  return Fragment.from(kept)
}
