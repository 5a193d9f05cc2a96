// Decorations kept up by looking only at the top-level blocks that a change touched; the meta "redraw" draws all anew.
import { Plugin } from "prosemirror-state"
import { DecorationSet } from "prosemirror-view"

export function decorated(drawn) {
  const whole = (doc) => { const found = []; doc.forEach((block, offset) => found.push(...drawn(block, offset))); return DecorationSet.create(doc, found) }
  const touched = (change) => {
    let from = Infinity, to = -Infinity
    change.mapping.maps.forEach((map, index) => map.forEach((_a, _b, start, end) => {
      const rest = change.mapping.slice(index + 1)
      from = Math.min(from, rest.map(start, -1))
      to = Math.max(to, rest.map(end, 1))
    }))
    return from > to ? null : [from, to]
  }
  return new Plugin({
    state: {
      init: (_, state) => whole(state.doc),
      apply(change, old) {
        if (change.getMeta("redraw")) return whole(change.doc)
        if (!change.docChanged) return old
        const range = touched(change)
        if (!range) return old.map(change.mapping, change.doc)
        let set = old.map(change.mapping, change.doc), fresh = []
        change.doc.nodesBetween(Math.max(0, range[0] - 1), Math.min(change.doc.content.size, range[1] + 1), (block, offset) => {
          set = set.remove(set.find(offset, offset + block.nodeSize))
          fresh.push(...drawn(block, offset))
          return false
        })
        return set.add(change.doc, fresh)
      },
    },
    props: { decorations(state) { return this.getState(state) } },
  })
}
