// Lists: an item that is split keeps its conditions where they were; at most four levels (service/text/blocks.py).
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list"
import { schema } from "./schema.js"

const { list_item } = schema.nodes
const DEEPEST = 4

export function splitItem(state, dispatch) {
  return splitListItem(list_item)(state, dispatch && ((change) => dispatch(shared(change))))
}

/** Of two halves with the same conditions the first keeps what stands above, the second what stands below. */
function shared(change) {
  const { $from } = change.selection
  for (let depth = $from.depth; depth > 0; depth--) {
    const item = $from.node(depth)
    if (item.type !== list_item) continue
    const { above, below } = item.attrs
    const at = $from.before(depth)
    const first = change.doc.resolve(at).nodeBefore
    if (first?.attrs.above === above && first.attrs.below === below && (above.length || below.length)) {
      change.setNodeMarkup(at, null, { above: [], below })
      change.setNodeMarkup(at - first.nodeSize, null, { above, below: [] })
    }
    return change
  }
  return change
}

export function sinkItem(state, dispatch) {
  const { $from } = state.selection
  let depth = 0
  for (let level = $from.depth; level > 0; level--) if ($from.node(level).type === list_item) depth++
  return depth < DEEPEST && sinkListItem(list_item)(state, dispatch)
}

export const liftItem = liftListItem(list_item)
