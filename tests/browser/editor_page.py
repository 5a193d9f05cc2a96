"""The editor on a page of its own: a loopback server that sends the product's real headers, and hands to work in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from service.settings import ROOT
from service.web.guards import HEADERS

HERE = Path(__file__).parent
PLACES = {
    "/assets/tabler/": ROOT / "node_modules" / "@tabler" / "core" / "dist",
    "/assets/bundles/": ROOT / "node_modules" / ".bundles",
    "/assets/": ROOT / "service" / "web" / "static",
    "/page/": HERE,
}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f00050001ff89993d1d0000000049454e44ae426082"
)
WHERE = """words => {
  const walker = document.createTreeWalker(document.querySelector('.editor-text'), NodeFilter.SHOW_TEXT)
  let node
  while ((node = walker.nextNode())) if (node.data.includes(words)) break
  const range = document.createRange()
  range.setStart(node, node.data.indexOf(words) + words.length)
  document.querySelector('.editor-text').focus()
  getSelection().removeAllRanges()
  getSelection().addRange(range)
}"""
PASTE = """([kind, data]) => {
  const clipboard = new DataTransfer()
  clipboard.setData(kind, data)
  if (kind === 'text/html') clipboard.setData('text/plain', 'words')
  document.querySelector('.editor-text').dispatchEvent(new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }))
}"""


class _Files(SimpleHTTPRequestHandler):
    """Files of the product and of this folder, with the headers of every answer of the product."""

    def translate_path(self, path: str) -> str:
        for start, folder in PLACES.items():
            if path.startswith(start):
                return str(folder / path.removeprefix(start).partition("?")[0])
        return str(HERE / "nothing")

    def do_GET(self) -> None:
        if self.path == "/picture.png":
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(PIXEL)
        else:
            super().do_GET()

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """The tests look at what the browser reports."""


@contextmanager
def served() -> Iterator[str]:
    """The server's address as long as it is needed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(HERE)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Editor:
    """The editor on an open page, as somebody at the keyboard has it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []  # what the browser reported and nobody has looked at yet
        self.text = page.locator(".editor-text")

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("() => window.editor.getDocument()")
        return found

    @property
    def message(self) -> str:
        return self.page.locator(".editor-message").inner_text()

    def open(self, document: dict[str, Any] | None) -> None:
        self.page.evaluate("document => window.editor.setDocument(document)", document)

    def after(self, words: str) -> None:
        """The cursor right behind these words."""
        self.page.evaluate(WHERE, words)
        self.page.wait_for_timeout(30)  # the editor hears of a new selection a moment later

    def click(self, selector: str) -> None:
        """The mouse on the first such place."""
        self.page.locator(selector).first.click()
        self.page.wait_for_timeout(60)  # as long as nobody needs for the next key

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def button(self, words: str) -> None:
        self.page.get_by_role("toolbar").get_by_role("button", name=words, exact=True).click()

    def paste(self, data: str, kind: str = "text/html") -> None:
        self.page.evaluate(PASTE, [kind, data])

    def compose(self, spelled: str, words: str) -> None:
        """Chinese input: the letters are typed one by one, then the words are chosen."""
        session = self.page.context.new_cdp_session(self.page)
        for length in range(1, len(spelled) + 1):
            session.send("Input.imeSetComposition", {"text": spelled[:length], "selectionStart": length, "selectionEnd": length})
        session.send("Input.insertText", {"text": words})
        session.detach()
