// The editor's buttons: a toolbar as ARIA has it, one stop for Tab, arrows inside.
import { setBlockType, toggleMark } from "prosemirror-commands"
import { redo, undo } from "prosemirror-history"
import { wrapInList } from "prosemirror-schema-list"
import { addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, splitCell, toggleHeaderRow } from "prosemirror-tables"
import { liftItem, sinkItem } from "./lists.js"
import { schema } from "./schema.js"
import { dropRow, dropTable, insertBlock, joinCells, newTable } from "./tables.js"

const { nodes, marks } = schema
const MAC = /Mac|iP(hone|ad)/.test(navigator.platform)

const newFlow = () => nodes.fence.create({ language: "flow" }, schema.text("begin([开始]) --> step[步骤]\nstep --> done([结束])"))
const inside = (type) => (state) => { const { $from } = state.selection; for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type === type) return true; return false }
const marked = (mark) => ({ selection: { from, to, empty, $from }, storedMarks, doc }) =>
  Boolean(empty ? mark.isInSet(storedMarks || $from.marks()) : doc.rangeHasMark(from, to, mark))

/** [words, command, keys as ProseMirror names them, whether it holds where the cursor is, what it does in full]. */
const WRITING = [
  ["撤销", undo, "Mod-z"],
  ["重做", redo, "Mod-y"],
  ["加粗", toggleMark(marks.strong), "Mod-b", marked(marks.strong)],
  ["正文", setBlockType(nodes.paragraph), "Mod-Alt-0"],
  ["注", setBlockType(nodes.note), "Mod-Shift-9", inside(nodes.note), "注：不作规定的说明"],
  ["编号", wrapInList(nodes.ordered_list), "Mod-Shift-7", inside(nodes.ordered_list), "编号列表 a) b) c)"],
  ["列项", wrapInList(nodes.bullet_list), "Mod-Shift-8", inside(nodes.bullet_list), "不编号的列项"],
  ["降一级", sinkItem, "Mod-]", null, "列项降一级"],
  ["升一级", liftItem, "Mod-[", null, "列项升一级，最上一级成为正文"],
]
const TABLE = [
  ["上方加行", addRowBefore],
  ["下方加行", addRowAfter, "Mod-Enter"],
  ["左侧加列", addColumnBefore],
  ["右侧加列", addColumnAfter],
  ["删行", dropRow],
  ["删列", deleteColumn],
  ["合并单元格", joinCells],
  ["拆分单元格", splitCell],
  ["表头行", toggleHeaderRow],
  ["删除表格", dropTable],
]

export const shortcuts = Object.fromEntries([...WRITING, ...TABLE].filter(([, , keys]) => keys).map(([, command, keys]) => [keys, command]))

const pressed = (keys) => keys.replace("Mod", MAC ? "⌘" : "Ctrl").replaceAll("-", "+")
const aria = (keys) => keys.replace("Mod", MAC ? "Meta" : "Control").replaceAll("-", "+")

function button(view, [words, command, keys, holds, help]) {
  const dom = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: words, tabIndex: -1 })
  dom.title = (help ?? words) + (keys ? `（${pressed(keys)}）` : "")
  if (keys) dom.setAttribute("aria-keyshortcuts", aria(keys))
  dom.addEventListener("mousedown", (event) => event.preventDefault())
  dom.addEventListener("click", () => {
    if (dom.getAttribute("aria-disabled") === "true") return
    command(view.state, view.dispatch, view)
    view.focus()
  })
  return {
    dom,
    update() {
      dom.setAttribute("aria-disabled", String(!command(view.state)))
      if (holds) dom.setAttribute("aria-pressed", String(Boolean(holds(view.state))))
    },
  }
}

/** What can be inserted; `ways`: the editor's own functions, of which reference, variable and picture ask the page. */
function insertions(view, variables, ways) {
  const found = [
    ["《》", ways.reference, null, null, "引用文件或记录：输入“《”后按名称选择"],
    ["表格", insertBlockWith(() => newTable(3, 3))],
    ["流程图", insertBlockWith(newFlow)],
    ...(ways.picture ? [["图片", ways.picture]] : []),
  ].map((row) => button(view, row))
  return variables.length ? [...found, picker(variables, ways.variable)] : found
}

const insertBlockWith = (make) => (state, dispatch) => insertBlock(make())(state, dispatch)

function picker(variables, insert) {
  const dom = Object.assign(document.createElement("select"), { className: "form-select form-select-sm", tabIndex: -1 })
  dom.setAttribute("aria-label", "插入变量")
  dom.append(new Option("变量…", ""))
  const groups = new Map()
  for (const { key, label, value, group } of variables) {
    const name = group ?? "变量"
    if (!groups.has(name)) groups.set(name, dom.appendChild(Object.assign(document.createElement("optgroup"), { label: name })))
    groups.get(name).append(new Option(value ? `${label}：${String(value).slice(0, 30)}` : label, key))
  }
  dom.addEventListener("change", () => { if (dom.value) insert(dom.value); dom.value = "" })
  return { dom, update() {} }
}

export function toolbar(view, variables, ways) {
  const dom = Object.assign(document.createElement("div"), { className: "editor-bar" })
  dom.setAttribute("role", "toolbar")
  dom.setAttribute("aria-label", "编辑工具")
  const rows = [WRITING.map((row) => button(view, row)), insertions(view, variables, ways), TABLE.map((row) => button(view, row))]
  const groups = rows.map((row) => {
    const group = dom.appendChild(Object.assign(document.createElement("div"), { className: "editor-group" }))
    group.append(...row.map((entry) => entry.dom))
    return group
  })
  for (const [place, name] of ["文字", "插入", "表格"].entries()) {
    groups[place].setAttribute("role", "group")
    groups[place].setAttribute("aria-label", name)
  }
  const stops = rows.flat().map((entry) => entry.dom)
  const stop = (chosen) => { for (const each of stops) each.tabIndex = each === chosen ? 0 : -1 }
  stop(stops[0])
  dom.addEventListener("focusin", (event) => stop(event.target))
  dom.addEventListener("keydown", (event) => {
    const at = stops.indexOf(document.activeElement)
    const next = { ArrowRight: stops[(at + 1) % stops.length], ArrowLeft: stops.at(at - 1), Home: stops[0], End: stops.at(-1) }[event.key]
    if (event.key === "Escape") view.focus()
    if (!next || (event.target.tagName === "SELECT" && /Home|End/.test(event.key))) return
    event.preventDefault()
    next.focus()
  })
  return {
    dom,
    focus: () => dom.querySelector("[tabindex='0']").focus(),
    update() { for (const entry of rows.flat()) entry.update() },
  }
}
