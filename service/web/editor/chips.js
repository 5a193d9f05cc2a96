// Variables and conditions as they are shown: words instead of notation, of one piece.
class Chip {
  constructor(tag, kind, text, words, title) {
    this.dom = document.createElement(tag)
    this.dom.className = `chip chip-${kind}`
    this.dom.title = title
    this.dom.dataset.text = text
    for (const [name, part] of Object.entries(words)) {
      const span = this.dom.appendChild(document.createElement("span"))
      span.className = `chip-${name}`
      span.textContent = part
    }
  }
  ignoreMutation() { return true }
  selectNode() { this.dom.classList.add("ProseMirror-selectednode") }
  deselectNode() { this.dom.classList.remove("ProseMirror-selectednode") }
}

function variableChip(text, labels) {
  const { label, value } = labels.variable(text)
  const words = value === null || value === label ? { name: label } : { name: label, value: `：${value || "未填写"}` }
  const chip = new Chip("span", "variable", text, words, `变量：${label}${value === null ? "" : `（${value || "未填写"}）`}`)
  if (value === "") chip.dom.classList.add("chip-blank")
  return chip
}

export const conditionChip = (text, labels, tag = "span") => new Chip(tag, "condition", text, { name: labels.condition(text) }, "条件：满足时才印出")

export const chipViews = (labels) => ({
  variable: (node) => variableChip(node.attrs.text, labels),
  branch: (node) => conditionChip(node.attrs.text, labels),
  condition: (node) => conditionChip(node.attrs.text, labels, "div"),
})
