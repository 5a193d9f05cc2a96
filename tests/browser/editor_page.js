// What the page around the editor does, in its smallest form: mounts it and lets the tests reach it.
import { mount } from "/assets/bundles/editor.js"

const titles = ["物品返修服务程序", "报修受理台账", "维修服务单", "服务网点管理程序", "服务改进控制程序", "投诉处理程序"]
const variables = [
  { key: "company.hotline", label: "服务热线", value: "400-800-1234", group: "企业" },
  { key: "company.wechat", label: "微信公众号", value: "", group: "企业" },
  { key: "posts.technician", label: "维修工程师", value: "维修工程师", group: "岗位" },
  { key: "choices.makes", label: "自产商品", value: "是", group: "选择" },
]

window.violations = []
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`))
window.changes = 0
window.editor = mount(document.querySelector("#editor"), {
  label: "4.1 报修受理",
  titles: async () => titles,
  variables,
  pictureAddress: () => "/picture.png",
  choosePicture: async () => ({ source: `picture:${"a".repeat(64)}`, alt: "机房" }),
  preview: async (language, text) => `<figure><figcaption>${language === "flow" ? "流程" : "表"}，${text.split("\n").length} 行</figcaption></figure>`,
})
window.editor.onChange(() => { window.changes += 1 })
window.ready = true
