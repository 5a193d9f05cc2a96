"""What the HTML manual adds for reading on a screen: its one script, allowed by its hash alone, and the controls that the script serves."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

SCRIPT = Path(__file__).with_name("reading.js").read_text("utf-8")
_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()

ALLOWED = f"script-src 'sha256-{_HASH}'"
"""What a page's policy says of scripts: this one, and no other."""

SEARCH = (
    '<div class="find" role="search" hidden>'
    '<input type="search" aria-label="在手册中搜索" placeholder="搜索" autocomplete="off" spellcheck="false" enterkeyhint="search">'
    '<span class="count" role="status"></span>'
    '<button type="button" aria-label="上一处" disabled>↑</button><button type="button" aria-label="下一处" disabled>↓</button></div>'
    '<ol class="hits" aria-label="搜索结果" hidden></ol>'
)
"""Hidden until the script is there: without it the page is as it was."""

ENDING = f'<div class="said" role="status"></div>\n<script>{SCRIPT}</script>'
