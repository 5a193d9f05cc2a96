// Flow charts, forms and pictures: cards with a name; what they are made of is edited in plain fields.
import { NodeSelection } from "prosemirror-state"
import { schema } from "./schema.js"

const NAMES = { flow: "流程图", form: "表单" }
const HELP = { flow: "每行一步，如 a[受理] --> b{在保修期内？}，b -->|是| c[免费维修]", form: "每行一排，如 顾客姓名: _ | 联系电话: _" }
const PAUSE = 400

const made = (tag, className, words = "") => Object.assign(document.createElement(tag), { className, textContent: words })

export class FenceCard {
  constructor(node, view, position, preview) {
    Object.assign(this, { node, view, position, preview })
    const name = NAMES[node.attrs.language]
    this.dom = made("section", "card-block")
    this.dom.setAttribute("aria-label", name)
    this.dom.contentEditable = "false"
    const head = this.dom.appendChild(made("div", "card-block-head"))
    head.append(made("strong", "", name))
    this.button = head.appendChild(made("button", "btn btn-sm", "编辑源文本"))
    this.button.type = "button"
    this.button.setAttribute("aria-expanded", "false")
    this.button.addEventListener("click", () => this.toggle(this.field.hidden))
    this.shown = this.dom.appendChild(made("div", "card-block-shown"))
    this.field = this.dom.appendChild(made("textarea", "form-control"))
    Object.assign(this.field, { hidden: true, spellcheck: false, rows: 8, value: node.textContent })
    this.field.setAttribute("aria-label", `${name}的源文本。${HELP[node.attrs.language]}`)
    this.field.addEventListener("input", () => this.write())
    this.field.addEventListener("keydown", (event) => { if (event.key === "Escape") { this.toggle(false); this.button.focus() } })
    this.draw()
  }

  toggle(open) {
    this.field.hidden = !open
    this.button.textContent = open ? "完成" : "编辑源文本"
    this.button.setAttribute("aria-expanded", String(open))
    if (open) this.field.focus()
  }

  write() {
    const start = this.position() + 1
    const { value } = this.field
    this.view.dispatch(this.view.state.tr.replaceWith(start, start + this.node.content.size, value ? schema.text(value) : []))
  }

  update(node) {
    if (node.type !== this.node.type || node.attrs.language !== this.node.attrs.language) return false
    const same = node.textContent === this.node.textContent
    this.node = node
    if (this.field.value !== node.textContent) this.field.value = node.textContent
    if (!same) this.draw()
    return true
  }

  /** What it looks like when printed, if the server draws it; its source until then, and where that fails. */
  draw() {
    const text = this.node.textContent
    if (!this.shown.firstChild || !this.preview) this.shown.replaceChildren(made("pre", "", text || "（空）"))
    if (!this.preview) return
    clearTimeout(this.waiting)
    this.waiting = setTimeout(async () => {
      const html = await Promise.resolve(this.preview(this.node.attrs.language, text)).catch(() => null)
      if (text !== this.node.textContent) return
      if (!html) return this.shown.replaceChildren(made("pre", "", text || "（空）"))
      const page = new DOMParser().parseFromString(html, "text/html")
      this.shown.replaceChildren(...page.body.childNodes)
    }, PAUSE)
  }

  selectNode() { this.dom.classList.add("ProseMirror-selectednode") }
  deselectNode() { this.dom.classList.remove("ProseMirror-selectednode") }
  stopEvent(event) { return this.field.contains(event.target) || this.button.contains(event.target) }
  ignoreMutation() { return true }
  destroy() { clearTimeout(this.waiting) }
}

export class PictureCard {
  constructor(node, view, position, address) {
    Object.assign(this, { node, view, position, address })
    this.dom = made("figure", "picture-block")
    this.dom.contentEditable = "false"
    this.picture = this.dom.appendChild(document.createElement("img"))
    this.field = this.dom.appendChild(made("figcaption", "")).appendChild(made("input", "form-control form-control-sm"))
    this.field.placeholder = "图片说明"
    this.field.setAttribute("aria-label", "图片说明")
    this.field.addEventListener("change", () => this.write())
    this.picture.addEventListener("mousedown", () => {
      view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, this.position())))
    })
    this.update(node)
  }

  write() {
    this.view.dispatch(this.view.state.tr.setNodeMarkup(this.position(), null, { ...this.node.attrs, alt: this.field.value.trim() }))
  }

  update(node) {
    if (node.type !== this.node.type) return false
    this.node = node
    const address = this.address?.(node.attrs.source)
    if (address && this.picture.getAttribute("src") !== address) this.picture.src = address
    this.picture.alt = node.attrs.alt || "图片"
    if (document.activeElement !== this.field) this.field.value = node.attrs.alt
    return true
  }

  selectNode() { this.dom.classList.add("ProseMirror-selectednode") }
  deselectNode() { this.dom.classList.remove("ProseMirror-selectednode") }
  stopEvent(event) { return this.field.contains(event.target) }
  ignoreMutation() { return true }
}
