// The page of the editor: one section, saved while it is written; nothing that somebody has typed is ever lost.
import { mount } from "/assets/bundles/editor.js";
import { Kept, same, words } from "/assets/editing_kept.js";
import { choosePicture } from "/assets/editing_picture.js";
import { ask, Saving } from "/assets/editing_save.js";

const given = JSON.parse(document.querySelector("#editing").textContent);
const kept = new Kept(given);
const place = (id) => document.querySelector(`#${id}`);
const opened = given.document ?? given.source;

// The surface: the editor, or the source text where the editor cannot open it or somebody asks for it.

function editorIn(element) {
  const editor = mount(element, {
    document: given.document,
    label: given.label,
    titles: () => ask(`${given.place}/titles`),
    variables: given.variables,
    pictureAddress: (source) => given.shown + source.replace("picture:", ""),
    choosePicture: () => choosePicture(given, lost),
    preview: async (language, source) => (await ask(`${given.place}/block`, { csrf: given.csrf, body: { language, source } })).html,
  });
  return {
    read: () => editor.getDocument(),
    write: (content) => editor.setDocument(content),
    listen: (call) => editor.onChange(call),
    insert: (key) => editor.insertVariable(key),
  };
}

function sourceIn(element) {
  const field = element.appendChild(document.createElement("textarea"));
  field.className = "form-control";
  field.value = given.source;
  field.setAttribute("aria-label", `${given.label} 的源文本`);
  field.spellcheck = false;
  return {
    read: () => field.value,
    write: (content) => { field.value = content; },
    listen: (call) => field.addEventListener("input", call),
    insert(key) {
      field.setRangeText(`{{ ${key} }}`, field.selectionStart, field.selectionEnd, "end");
      field.focus();
      field.dispatchEvent(new Event("input"));
    },
  };
}

const surface = given.document ? editorIn(place("surface")) : sourceIn(place("surface"));

const saving = new Saving({
  given,
  kept,
  read: surface.read,
  show(state, said) {
    place("save-state").dataset.state = state;
    place("save-state").textContent = said;
  },
  trouble,
  saved(etag) {
    tagged(etag);
    place("trouble").replaceChildren();
    document.body.dispatchEvent(new CustomEvent("draftsaved", { detail: { etag } }));
  },
});
surface.listen(() => saving.changed());

/** Every form of the page names the state of the draft that it changes. */
function tagged(etag) {
  saving.etag = etag;
  for (const field of document.querySelectorAll("input[name=etag]")) field.value = etag;
}
document.body.addEventListener("draftsaved", (event) => { if (event.detail?.etag) tagged(event.detail.etag); });

// What went wrong, in words, with what can be done about it.

function trouble(fault) {
  if (fault.isLost) lost();
  else if (fault.status === 412) conflict();
  else banner("danger", `没有保存：${fault.message}${/[。！？]$/.test(fault.message) ? "" : "。"}文字已保存在本机。`);
}

function banner(colour, said, ...doings) {
  const box = document.createElement("div");
  box.className = `alert alert-${colour}`;
  const inside = box.appendChild(document.createElement("div"));
  inside.append(said);
  if (doings.length) {
    const list = inside.appendChild(document.createElement("div"));
    list.className = "btn-list mt-2";
    list.append(...doings);
  }
  place("trouble").replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
}

function button(said, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm";
  made.textContent = said;
  made.addEventListener("click", act);
  return made;
}

function lost() {
  const link = document.createElement("a");
  link.className = "btn btn-sm";
  link.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = "重新登录";
  link.dataset.leave = "now";
  saving.held = true;
  banner("warning", "登录已过期，文字已保存在本机，重新登录后继续。", link);
}

async function conflict() {
  saving.held = true;
  let theirs;
  try {
    theirs = await ask(`${given.place}/section?section=${encodeURIComponent(given.section)}`);
  } catch (fault) {
    if (fault.isLost) return lost();
    return banner("danger", `这份草稿刚刚被他人修改，您的文字没有保存，仍在本机：${fault.message}。`, button("刷新页面", () => location.reload()));
  }
  if (theirs.source === saving.source) return settled(theirs.etag, true); // another section was changed: ours can simply be saved
  const content = given.document ? theirs.document : theirs.source;
  if (!content) return banner("warning", "这份草稿刚刚被他人修改，这一节现在只能按源文本编辑。您的文字仍在本机。", button("刷新页面", () => location.reload()));
  banner(
    "warning",
    "这份草稿刚刚被他人修改，您的文字还没有保存。选哪一种都不会丢失：没有选的一份留在正文下面。",
    button("显示对方的文字，我的留在下面", () => {
      kept.layAside("您没有保存的文字", surface.read());
      surface.write(content);
      saving.source = theirs.source;
      settled(theirs.etag, false);
    }),
    button("保留我的文字，对方的留在下面", () => {
      kept.layAside("他人保存的文字", content);
      saving.source = theirs.source;
      settled(theirs.etag, true);
    }),
  );
}

function settled(etag, mine) {
  Object.assign(saving, { held: false, dirty: mine });
  tagged(etag);
  place("trouble").replaceChildren();
  showAsides();
  if (mine) saving.save();
  else {
    kept.typed = null;
    place("save-state").dataset.state = "saved";
    place("save-state").textContent = "已保存";
  }
}

// Texts laid aside: shown below, to be put back or thrown away.

const labels = new Map(given.variables.map(({ key, label }) => [key, label]));
const spoken = (text) => text.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, key) => (labels.has(key) ? `〔${labels.get(key)}〕` : whole));

function showAsides() {
  const asides = kept.asides;
  place("asides").replaceChildren(...asides.map((each) => {
    const box = document.createElement("section");
    box.className = "aside alert alert-info";
    const inside = box.appendChild(document.createElement("div"));
    const at = new Date(each.at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
    inside.appendChild(document.createElement("strong")).textContent = `${each.why}（${at}）`;
    const shown = inside.appendChild(document.createElement("div"));
    shown.className = "aside-text";
    shown.tabIndex = 0;
    shown.textContent = spoken(words(each.content)).trim() || "（空）";
    const list = inside.appendChild(document.createElement("div"));
    list.className = "btn-list";
    if ((typeof each.content === "string") === (typeof opened === "string")) {
      list.append(button("放回编辑器", () => {
        const now = surface.read();
        kept.forget(each);
        if (!same(now, each.content)) kept.layAside("换下的文字", now);
        surface.write(each.content);
        saving.changed();
        showAsides();
      }));
    }
    list.append(button("丢弃", () => { kept.forget(each); showAsides(); }));
    return box;
  }));
}

const typed = kept.typed;
if (typed && !same(typed.content, opened)) {
  kept.layAside(typed.etag === given.etag ? "本机保存、没有提交的文字" : "本机保存、没有提交的文字，其后草稿又有修改", typed.content);
}
kept.typed = null;
showAsides();

// Leaving, and the forms of the page: first everything is saved.

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || link.dataset.leave || event.ctrlKey || event.metaKey || event.shiftKey || link.getAttribute("href").startsWith("#")) return;
  if (!saving.dirty && !saving.running) return;
  event.preventDefault();
  const tab = link.target === "_blank" ? window.open("about:blank", "_blank") : null;
  await saving.flush();
  if (tab) tab.location = link.href;
  else location.href = link.href;
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.hasAttribute("data-unsent") || form.hasAttribute("hx-post") || form.method !== "post") return;
  if (!saving.dirty && !saving.running) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!await saving.flush()) return;
  form.dataset.confirmed = "yes"; // it was asked already
  form.requestSubmit(event.submitter);
  delete form.dataset.confirmed;
}, { capture: true });

document.body.addEventListener("htmx:confirm", (event) => {
  if (event.detail.verb !== "post" || (!saving.dirty && !saving.running)) return;
  event.preventDefault();
  saving.flush().then((done) => { if (done) event.detail.issueRequest(true); });
});
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const answer = event.detail.xhr;
  if (answer.status === 401 || new URL(answer.responseURL, location).pathname === "/login") {
    event.detail.shouldSwap = false;
    lost();
  }
});

addEventListener("beforeunload", (event) => { if (saving.dirty && !saving.held) event.preventDefault(); });

// Variables: found by what they are called or say, put where the cursor is.

for (const each of document.querySelectorAll("[data-variable]")) each.addEventListener("click", () => surface.insert(each.dataset.variable));
place("find-variable").addEventListener("input", ({ target }) => {
  const asked = target.value.trim().toLowerCase();
  for (const list of document.querySelectorAll(".variables ul")) {
    let any = false;
    for (const row of list.children) {
      row.hidden = asked !== "" && !row.textContent.toLowerCase().includes(asked);
      any ||= !row.hidden;
    }
    list.previousElementSibling.hidden = !any;
  }
});
document.documentElement.dataset.editing = "ready";
