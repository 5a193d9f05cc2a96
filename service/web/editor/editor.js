// The editor of a section's body: our document in, our document out; the server turns both into text (service/text/editing.py).
import { baseKeymap, chainCommands, exitCode, toggleMark } from "prosemirror-commands"
import { gapCursor } from "prosemirror-gapcursor"
import { history, redo } from "prosemirror-history"
import { inputRules, wrappingInputRule } from "prosemirror-inputrules"
import { keymap } from "prosemirror-keymap"
import { DOMParser as ModelParser, Node } from "prosemirror-model"
import { EditorState, NodeSelection, Plugin, TextSelection } from "prosemirror-state"
import { goToNextCell, isInTable, tableEditing } from "prosemirror-tables"
import { Decoration, DecorationSet, EditorView } from "prosemirror-view"
import { conditionalBlocks, conditionBands } from "./bands.js"
import { FenceCard, PictureCard } from "./cards.js"
import { chipViews } from "./chips.js"
import { balance, fault, mend, settled } from "./conditions.js"
import { labeller, loops } from "./labels.js"
import { liftItem, sinkItem, splitItem } from "./lists.js"
import { cleanedHTML, linesOf, MOST, tooMuch, visible } from "./paste.js"
import { referenceCompletion, referenceMarks, titleList } from "./references.js"
import { schema } from "./schema.js"
import { insertBlock, newTable, TableBox } from "./tables.js"
import { shortcuts, toolbar } from "./toolbar.js"

const { nodes, marks } = schema
const TOO_MUCH = `一次粘贴的内容太多：一节正文最多 ${MOST.toLocaleString("zh-CN")} 个字符。请分成几节，分次粘贴。`
const NO_FILES = "请用工具栏的“图片”按钮上传图片；其他文件不能放进正文。"

const lineBreak = (state, dispatch) => { dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView()); return true }
const inCell = (state, dispatch) => isInTable(state) && lineBreak(state, dispatch)

const keys = {
  ...shortcuts,
  "Shift-Mod-z": redo,
  "Mod-i": toggleMark(marks.em),
  Enter: chainCommands(inCell, splitItem),
  "Shift-Enter": chainCommands(exitCode, lineBreak),
  Tab: chainCommands(goToNextCell(1), sinkItem),
  "Shift-Tab": chainCommands(goToNextCell(-1), liftItem),
}
const rules = [wrappingInputRule(/^\s*(?:1[.、)）]|a[)）])\s$/, nodes.ordered_list), wrappingInputRule(/^\s*(?:[-*]|——?)\s$/, nodes.bullet_list)]

/** What an empty text shows until somebody writes. */
const placeholder = new Plugin({
  props: {
    decorations({ doc }) {
      const empty = doc.childCount === 1 && doc.firstChild.type === nodes.paragraph && !doc.firstChild.content.size
      return empty ? DecorationSet.create(doc, [Decoration.node(0, 2, { class: "placeholder-line", "data-placeholder": "在这里输入正文。输入“《”可以引用文件和记录。" })]) : null
    },
  },
})

/**
 * An editor inside `element`, with
 *   document         the section's document (see service/text/editable.py)
 *   label            the name of the text for screen readers, such as “4.1 受理”
 *   titles           titles of the master list: a list, or a function that promises one
 *   variables        [{key, label, value, group}]: what {{ key }} is called and says today; "" is not filled yet
 *   pictureAddress   function: a picture's source (picture:…) → the address where it is shown
 *   choosePicture    function: promises {source, alt} of a picture that the user has chosen, or null; without it there is no button
 *   preview          function: (flow or form, its source) → promises HTML of what is printed
 *   notice           function: a sentence for the user; without it the editor shows it itself
 */
export function mount(element, { document: given, label = "正文", titles, variables = [], pictureAddress, choosePicture, preview, notice } = {}) {
  const root = element.appendChild(Object.assign(document.createElement("div"), { className: "editor" }))
  const head = root.appendChild(Object.assign(document.createElement("div"), { className: "editor-head" }))
  const message = head.appendChild(Object.assign(document.createElement("div"), { className: "editor-message" }))
  message.setAttribute("role", "status")
  const listeners = new Set()
  const list = titleList(titles)
  let view, bar, bound = {}, wanted = "|", leaving = false
  const labels = labeller(variables, () => bound)
  const tell = notice ?? ((words) => { message.textContent = words })

  const state = (json) => {
    const doc = Node.fromJSON(schema, json ?? { type: "doc", content: [{ type: "paragraph" }] })
    doc.check()
    bound = loops(doc)
    wanted = balance(doc)
    const plugins = [referenceCompletion(list, root), referenceMarks(list), conditionBands(labels), conditionalBlocks, inputRules({ rules })]
    return EditorState.create({ doc, plugins: [...plugins, keymap(keys), keymap(baseKeymap), history(), gapCursor(), tableEditing(), placeholder] })
  }

  const dispatch = (change) => {
    if (change.docChanged) {
      if (fault(change.doc, wanted)) mend(change, view.state.doc)
      const broken = fault(change.doc, wanted)
      if (broken) {
        tell(broken)
        return view.updateState(view.state) // the DOM may already show what is refused
      }
      if (message.textContent) tell("")
    }
    view.updateState(view.state.apply(change))
    bar?.update()
    if (change.docChanged) for (const listener of listeners) listener()
  }

  const refused = (event, data) => {
    if (data?.files.length && !data.types.includes("text/html")) tell(NO_FILES)
    else if (data && tooMuch(data)) tell(TOO_MUCH)
    else return false
    event.preventDefault()
    return true
  }

  view = new EditorView({ mount: root.appendChild(Object.assign(document.createElement("div"), { className: "editor-text" })) }, {
    state: state(given),
    dispatchTransaction: dispatch,
    nodeViews: {
      ...chipViews(labels),
      table: () => new TableBox(),
      fence: (node, within, position) => new FenceCard(node, within, position, preview),
      picture: (node, within, position) => new PictureCard(node, within, position, pictureAddress),
    },
    transformPastedHTML: cleanedHTML,
    transformPastedText: visible,
    transformPasted: settled,
    clipboardTextParser: pastedLines,
    handleTextInput(_, _from, _to, text) { // a chosen picture or chart is not written over
      if (view.state.selection instanceof TextSelection) return false
      const change = writable(view.state)
      if (!change.docChanged) return false
      view.dispatch(change.insertText(text).scrollIntoView())
      return true
    },
    attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label, "aria-autocomplete": "list", spellcheck: "false" },
    handleDOMEvents: {
      paste: (_, event) => refused(event, event.clipboardData),
      drop: (_, event) => refused(event, event.dataTransfer),
      // Tab is taken in lists and cells; Escape gives it back once, so that the keyboard is never trapped (WCAG 2.1.2).
      keydown(_, event) {
        if (event.altKey && event.key === "F10") bar.focus()
        const out = leaving && event.key === "Tab"
        const completing = view.dom.hasAttribute("aria-activedescendant") // there Escape closes the list
        leaving = (event.key === "Escape" && !completing) || (leaving && event.key === "Shift")
        return out // true: the editor keeps out of it, and the browser moves the focus
      },
      beforeinput() { leaving = false; return false },
      mousedown() {
        leaving = false
        message.textContent = "" // it has been read, and lies over the first lines
        return false
      },
    },
  })

  const run = (command) => { command(view.state, view.dispatch, view); view.focus() }
  const insertVariable = (key) => run((now, done) => done(writable(now).replaceSelectionWith(nodes.variable.create({ text: `{{ ${key} }}` })).scrollIntoView()))
  const insertReference = (title) => run((now, done) => done(writable(now).insertText(`《${title}》`).scrollIntoView()))
  const insertTable = (rows, columns) => run(insertBlock(newTable(rows, columns)))
  const insertPicture = (source, alt = "") => run(insertBlock(nodes.picture.create({ source, alt })))
  const emptyReference = (now, done) => {
    if (!done) return true
    const change = writable(now).insertText("《》")
    done(change.setSelection(TextSelection.create(change.doc, change.selection.from - 1)).scrollIntoView())
    return true
  }
  const picture = choosePicture && ((_, done) => {
    if (done) Promise.resolve(choosePicture()).then((chosen) => { if (chosen) insertPicture(chosen.source, chosen.alt) })
    return true
  })
  bar = toolbar(view, variables, { reference: emptyReference, variable: insertVariable, picture })
  head.prepend(bar.dom)
  bar.update()

  return {
    getDocument: () => view.state.doc.toJSON(),
    setDocument(json) { tell(""); view.updateState(state(json)); bar.update() },
    onChange(callback) { listeners.add(callback); return () => listeners.delete(callback) },
    insertReference,
    insertVariable,
    insertTable,
    insertPicture,
    focus: () => view.focus(),
    destroy() { view.destroy(); root.remove() },
  }
}

/** A change in which words can be put at the cursor: behind a chosen block they get a paragraph of their own. */
function writable(state) {
  const { selection, tr } = state
  if (!(selection instanceof NodeSelection) || selection.node.isInline) return tr
  tr.insert(selection.to, nodes.paragraph.create())
  return tr.setSelection(TextSelection.create(tr.doc, selection.to + 1))
}

/** Lines of plain text are paragraphs; what stands in {{ }} becomes a chip when the server has read it. */
function pastedLines(text, context) {
  const holder = document.createElement("div")
  for (const line of linesOf(text)) holder.appendChild(document.createElement("p")).textContent = line
  return ModelParser.fromSchema(schema).parseSlice(holder, { context })
}
