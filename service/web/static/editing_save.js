// Saving while somebody writes: a moment after the last key, one request at a time, always on the state of the draft that was seen.
const PAUSE = 1500;
const AGAIN = 10000;

/** A refusal of the server: its status, code and sentence. */
export class Refusal extends Error {
  constructor(status, code, detail) {
    super(detail);
    Object.assign(this, { status, code });
  }

  /** Whether the log-in session is over, or another one has taken its place in this browser. */
  get isLost() { return this.status === 401 || this.code === "csrf_missing"; }
}

/** A request of this page that is answered in JSON; a Refusal if it is refused. */
export async function ask(address, { csrf, etag, body, method = body ? "POST" : "GET" } = {}) {
  const headers = { Accept: "application/json", "X-CSRF-Token": csrf };
  if (etag) headers["If-Match"] = etag;
  if (body && !(body instanceof FormData)) headers["Content-Type"] = "application/json";
  const answer = await fetch(address, { method, headers, body: body instanceof FormData || !body ? body : JSON.stringify(body) });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, found.code ?? "", found.detail ?? "服务暂时不能使用，请稍后再试。");
  return found;
}

export class Saving {
  /**
   * `given`: what the page brought; `read`: function that gives the content as it stands; `kept`: see editing_kept.js
   * `source` is what the server has of the section, as this page knows it
   * `show`: function (state, words); `trouble`: function (Refusal) for what needs the user; `saved`: function called after each saving
   */
  constructor({ given, read, kept, show, trouble, saved }) {
    Object.assign(this, { given, read, kept, show, trouble, saved, etag: given.etag, source: given.source, dirty: false, held: false, running: null });
  }

  changed() {
    this.dirty = true;
    this.kept.typed = { etag: this.etag, content: this.read(), at: Date.now() };
    if (!this.running) this.show("unsaved", "未保存");
    this.#later(PAUSE);
  }

  /** Everything is saved, or it is known why not: true if it is. */
  async flush() {
    clearTimeout(this.timer);
    while (this.running || (this.dirty && !this.held)) if (!await this.save()) break;
    return !this.dirty;
  }

  save() {
    clearTimeout(this.timer);
    this.running ??= this.#send().finally(() => { this.running = null; });
    return this.running;
  }

  async #send() {
    if (!this.dirty) return true;
    if (this.held) return false;
    this.dirty = false;
    this.show("saving", "正在保存…");
    const content = this.read();
    const text = typeof content === "string" ? { source: content } : { document: content };
    try {
      const { etag, saved, source } = await ask(`${this.given.place}/section`, { csrf: this.given.csrf, etag: this.etag, body: { section: this.given.section, ...text } });
      Object.assign(this, { etag, source });
      if (!this.dirty) this.kept.typed = null;
      this.saved(etag);
      this.show(this.dirty ? "unsaved" : "saved", this.dirty ? "未保存" : `已保存 ${saved}`);
      if (this.dirty) this.#later(PAUSE);
      return true;
    } catch (fault) {
      this.dirty = true;
      this.show("unsaved", "未保存");
      if (fault instanceof Refusal) this.trouble(fault);
      else {
        this.show("unsaved", "未保存，网络不通");
        this.#later(AGAIN);
      }
      return false;
    }
  }

  #later(pause) {
    clearTimeout(this.timer);
    if (!this.held) this.timer = setTimeout(() => this.save(), pause);
  }
}
