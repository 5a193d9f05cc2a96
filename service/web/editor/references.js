// 《…》: shown as found or missing, and completed from the master list while it is typed.
import { Plugin, PluginKey } from "prosemirror-state"
import { Decoration } from "prosemirror-view"
import { decorated } from "./decorated.js"

const REFERENCE = /《\s*([^《》\s](?:[^《》]*[^《》\s])?)\s*》/g
const TYPED = /《([^《》]{0,40})$/
const MOST = 8

/** The titles that can be named: a list, or a function that fetches one when it is first needed. */
export function titleList(source = []) {
  const list = { titles: Array.isArray(source) ? source : [], known: new Set(Array.isArray(source) ? source : []), arrived: () => {} }
  let asked = Array.isArray(source)
  list.ask = () => {
    if (asked) return
    asked = true
    Promise.resolve(source()).then((titles) => {
      Object.assign(list, { titles, known: new Set(titles) })
      list.arrived()
    }, () => { asked = false }) // without the list one can still write; the next 《 asks again
  }
  return list
}

export function referenceMarks(list) {
  const marked = (node, start, found) => { // one character for each leaf, so that an index in the text is an offset in the node
    const text = node.textBetween(0, node.content.size, "\n", "\ufffc")
    for (const match of text.matchAll(REFERENCE)) {
      const from = start + match.index
      const missing = list.titles.length && !match[1].includes("\ufffc") && !list.known.has(match[1])
      found.push(Decoration.inline(from, from + match[0].length, missing ? { class: "reference reference-missing", title: "受控文件清单中没有这个名称" } : { class: "reference" }))
    }
  }
  return decorated((block, offset) => {
    const found = []
    if (block.type.spec.code) return found
    if (block.isTextblock) marked(block, offset + 1, found)
    else block.descendants((node, position) => { if (node.isTextblock) marked(node, offset + position + 2, found); return !node.isTextblock })
    return found
  })
}

let boxes = 0

export function referenceCompletion(list, root) {
  const id = `reference-completion-${++boxes}`
  const box = document.createElement("ul")
  Object.assign(box, { className: "completion", id, hidden: true })
  box.setAttribute("role", "listbox")
  box.setAttribute("aria-label", "文件和记录名称")
  let shown = [], chosen = 0, from = 0, closed = null
  const close = (view) => {
    box.hidden = true
    shown = []
    for (const name of ["aria-activedescendant", "aria-controls"]) view.dom.removeAttribute(name)
  }
  const draw = (view) => {
    box.replaceChildren(...shown.map((title, index) => {
      const item = document.createElement("li")
      Object.assign(item, { id: `${id}-${index}`, textContent: title })
      item.setAttribute("role", "option")
      item.setAttribute("aria-selected", String(index === chosen))
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(view, title) })
      return item
    }))
    box.hidden = false
    view.dom.setAttribute("aria-controls", id)
    view.dom.setAttribute("aria-activedescendant", `${id}-${chosen}`)
    box.children[chosen].scrollIntoView({ block: "nearest" })
  }
  const place = (view) => { // in the window, below the mark or, where there is no room, above it
    const at = view.coordsAtPos(from)
    const { offsetWidth: width, offsetHeight: height } = box
    const below = at.bottom + height <= innerHeight
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`
    box.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - height - 4)}px`
  }
  const take = (view, title) => {
    const { to } = view.state.selection
    const after = view.state.doc.textBetween(to, Math.min(to + 1, view.state.selection.$to.end()), "\n", "\ufffc")
    view.dispatch(view.state.tr.insertText(`${title}》`, from, to + (after === "》" ? 1 : 0)).scrollIntoView())
    close(view)
    view.focus()
  }
  const look = (view) => {
    const { $from, empty } = view.state.selection
    const typed = empty && $from.parent.isTextblock && !$from.parent.type.spec.code && TYPED.exec($from.parent.textBetween(0, $from.parentOffset, "\n", "\ufffc"))
    if (!typed) { closed = null; return close(view) }
    list.ask()
    from = $from.pos - typed[1].length
    if (closed === from) return close(view)
    shown = matching(list.titles, typed[1].trim())
    chosen = 0
    if (!shown.length) return close(view)
    draw(view)
    place(view)
  }
  return new Plugin({
    key: new PluginKey("references"),
    view(view) {
      root.append(box)
      const away = () => close(view)
      addEventListener("scroll", away, { passive: true })
      list.arrived = () => { if (!view.isDestroyed) { view.dispatch(view.state.tr.setMeta("redraw", true)); look(view) } }
      return {
        update(now, before) { if (!before.doc.eq(now.state.doc) || !before.selection.eq(now.state.selection)) look(now) },
        destroy() { removeEventListener("scroll", away); list.arrived = () => {}; box.remove() },
      }
    },
    props: {
      handleDOMEvents: { blur(view) { close(view); return false } },
      handleKeyDown(view, event) {
        if (!shown.length || view.composing || event.isComposing) return false
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
        if (step) { chosen = (chosen + step + shown.length) % shown.length; draw(view); place(view); return true }
        if (event.key === "Enter" || event.key === "Tab") { take(view, shown[chosen]); return true }
        if (event.key === "Escape") { closed = from; close(view); return true }
        return false
      },
    },
  })
}

/** Titles that begin with what was typed come first. */
function matching(titles, typed) {
  const found = titles.filter((title) => title.includes(typed))
  return [...found.filter((title) => title.startsWith(typed)), ...found.filter((title) => !title.startsWith(typed))].slice(0, MOST)
}
