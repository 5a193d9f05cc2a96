"""Eclipse Layout Kernel (npm package elkjs) in a V8 engine inside this process: a graph goes in, the same graph with places comes out."""

from __future__ import annotations

import atexit
import json
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from service.errors import InputError

if TYPE_CHECKING:
    from py_mini_racer import MiniRacer

Graph = dict[str, Any]
"""An ELK graph as its JSON: id, layoutOptions, children (width, height, ports), edges (sources, targets, labels)."""

CODE = Path(__file__).resolve().parents[2] / "node_modules" / "elkjs" / "lib" / "elk-worker.min.js"
SECONDS = 20.0  # for one graph; 200 nodes take about one
MEMORY = 400_000_000  # bytes of the engine's heap

# elk-worker speaks as a web worker does: it answers a message within the call, by postMessage.
_AROUND = "var self = this; var reply = null; self.postMessage = function (message) { reply = message; };"
_USE = """
self.onmessage({data: {id: 0, cmd: 'register', algorithms: ['layered']}});
function layout(text) {
  self.onmessage({data: {id: 1, cmd: 'layout', graph: JSON.parse(text), layoutOptions: {}, options: {}}});
  return JSON.stringify(reply);
}
"""
_FLAGS = ("--no-opt",)  # charts are small: optimising the code costs more than it saves
_turn = Lock()


def lay_out(graph: Graph) -> Graph:
    """`graph` with x, y, width, height of everything and the sections of its edges; the same answer in every process.

    InputError(code="missing_layout"): elkjs is not installed; InputError(code="bad_drawing"): the graph could not be laid out.
    """
    from py_mini_racer import JSEvalException

    with _turn:
        engine = _engine()
        try:
            text = engine.call("layout", json.dumps(graph), timeout_sec=SECONDS, max_memory=MEMORY)
        except JSEvalException as fault:
            _engine.cache_clear()  # after its memory ran out an engine is of no further use
            engine.close()
            raise InputError("图形太复杂，无法排版。请拆成几张图。", code="bad_drawing") from fault
    reply = json.loads(cast("str", text))
    if "error" in reply:
        raise InputError("图形无法排版。请拆成几张图。", code="bad_drawing")
    return cast("Graph", reply["data"])


def release() -> None:
    """End the engine, if there is one: it holds a hundred megabytes, and the next drawing starts another."""
    with _turn:
        if _engine.cache_info().currsize:
            _engine().close()
            _engine.cache_clear()


def version() -> str:
    """Of what lays drawings out: the engine and the library; empty where it is not installed."""
    try:
        package = json.loads((CODE.parent.parent / "package.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return f"{metadata.version('mini-racer')} {package.get('version', '')}"


@lru_cache(maxsize=1)
def _engine() -> MiniRacer:
    """Started with the first drawing (a seventh of a second), because most commands draw nothing."""
    from py_mini_racer import MiniRacer, init_mini_racer

    try:
        code = CODE.read_text(encoding="utf-8")
    except OSError:
        raise InputError("缺少图形排版程序 elkjs，请在项目目录运行 make 安装后重试。", code="missing_layout") from None
    init_mini_racer(flags=_FLAGS, ignore_duplicate_init=True)
    with ThreadPoolExecutor(1) as aside:  # made where an event loop runs, an engine would join that loop and block it
        engine = aside.submit(MiniRacer).result()
    atexit.register(release)  # an engine that is still open when Python ends may keep the process from ending
    for part in (_AROUND, code, _USE):
        engine.eval(part)
    return engine
