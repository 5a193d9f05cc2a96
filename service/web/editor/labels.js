// What is not filled yet, in words: {{ posts.technician }} as 维修工程师, {% if choices.makes %} as 如果自行生产.
const TAG = /\{%-?\s*(\w+)\s*(.*?)\s*-?%\}/g
const NAME = /[a-z_]\w*(?:\.\w+)+|\b(?:and|or|not|is|defined|true|false)\b|==|!=|>=|<=|>|</g
const WORDS = { and: "且", or: "或", not: "不", is: "", defined: "已填写", true: "是", false: "否", "==": "等于", "!=": "不等于", ">=": "不小于", "<=": "不大于", ">": "大于", "<": "小于" }
const FIELDS = { name: "名称", area: "服务区域", address: "地址", phone: "电话", manager: "负责人", own: "自建", index: "序号" }
const LOOP = /\{%-?\s*for\s+(\w+)\s+in\s+([\w.]+)/g

/** The loops of a document: name of the item → what it goes through. */
export function loops(doc) {
  const found = {}
  const read = (text) => { for (const [, item, list] of text.matchAll(LOOP)) found[item] = list }
  doc.descendants(({ attrs }) => {
    for (const text of [attrs.text ?? "", ...(attrs.above ?? []), ...(attrs.below ?? [])]) read(text)
  })
  return found
}

/** `variables`: [{key, label, value}]. `bound`: function that gives the loops of the document. */
export function labeller(variables, bound = () => ({})) {
  const known = new Map(variables.map((variable) => [variable.key, variable]))
  const name = (key) => known.get(key)?.label ?? derived(key) ?? key
  const derived = (key) => {
    const [group, field, ...more] = key.split(".")
    if (group === "persons" && field) return `${known.get(`posts.${field}`)?.label ?? field}姓名`
    if (group === "loop") return FIELDS[field] ?? "序号"
    const list = bound()[group]
    if (!list) return LISTS[key]
    const whole = known.get(list)?.label ?? LISTS[list] ?? list
    return field && !more.length ? `${whole}：${known.get(`${list}.${field}`)?.label ?? FIELDS[field] ?? field}` : `${whole}：逐项`
  }
  const asked = (words) => words.replace(NAME, (found) => WORDS[found] ?? name(found)).replace(/\s+/g, "")
  const spoken = {
    if: (rest) => `如果${asked(rest)}`,
    elif: (rest) => `否则如果${asked(rest)}`,
    else: () => "否则",
    endif: () => "条件结束",
    for: (rest) => `逐项列出${name(rest.split(/\s+in\s+/)[1] ?? "")}`,
    endfor: () => "逐项结束",
  }
  return {
    variable(text) {
      const key = text.replace(/^\{\{-?\s*|\s*-?\}\}$/g, "")
      const found = known.get(key)
      return { label: /^[\w.]+$/.test(key) ? name(key) : asked(key), value: found ? String(found.value ?? "") : null }
    },
    condition: (text) => [...text.matchAll(TAG)].map(([, tag, rest]) => spoken[tag]?.(rest) ?? tag).join("，"),
  }
}

const LISTS = { outlets: "服务网点", persons: "人员" }
