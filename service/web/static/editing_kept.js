// Text that the server does not have yet, kept on this computer for each person, document and section: it survives a lost log-in and a crash.
export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** The words of a section, whichever way it is edited: the editor's document, or its source text. */
export function words(content) {
  if (typeof content === "string") return content;
  if (!content) return "";
  const inner = (content.content ?? []).map(words);
  const own = content.text ?? content.attrs?.text ?? "";
  const isLine = ["paragraph", "note", "fence", "table", "table_row", "bullet_list", "ordered_list"].includes(content.type);
  return own + inner.join(content.type === "table_row" ? "　" : "") + (isLine ? "\n" : "");
}

export class Kept {
  constructor({ login, place, section }) {
    this.key = `draft ${login} ${place} ${section}`;
  }

  /** What was typed and is not saved: {etag, content, at}, or null. */
  get typed() { return this.#read(this.key); }

  set typed(value) { this.#write(this.key, value); }

  /** Texts laid aside: [{why, content, at}], the newest first. */
  get asides() { return this.#read(`${this.key} asides`) ?? []; }

  layAside(why, content) {
    const others = this.asides.filter((each) => !same(each.content, content));
    this.#write(`${this.key} asides`, [{ why, content, at: Date.now() }, ...others].slice(0, 5));
  }

  forget(aside) {
    const left = this.asides.filter((each) => each.at !== aside.at);
    this.#write(`${this.key} asides`, left.length ? left : null);
  }

  #read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  #write(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Full or forbidden: saving still works, only without its safety net.
    }
  }
}
