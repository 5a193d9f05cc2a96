"""The stamp of what has no pages: a banner in an HTML file that is printed on every page too, a comment in a document's own text."""

from __future__ import annotations

from markupsafe import escape

from service.book.mark import Stamp, colour, large_mark, line, not_ours

_HEAD_ENDS, _BODY_BEGINS, _FRONT = "</head>", "<body>", "---\n"


def stamp_html(file: bytes, mark: Stamp) -> bytes:
    """The file with a banner that stays in sight and, for what must not be used, a large word across; style only, nothing runs."""
    head, ends, rest = file.decode().partition(_HEAD_ENDS)
    between, begins, body = rest.partition(_BODY_BEGINS)
    if not ends or not begins:
        raise not_ours("html")
    word = large_mark(mark)
    large = f'<div class="stamp-large" aria-hidden="true">{word}</div>' if word else ""
    banner = f'<div class="stamp" role="note">{escape(line(mark))}</div>{large}'
    return f"{head}<style>{_style(mark)}</style>\n{ends}{between}{begins}\n{banner}{body}".encode()


def stamp_markdown(file: bytes, mark: Stamp) -> bytes:
    """The text with the stamp as a comment of its front matter, so that it reads back as the same text."""
    text = file.decode()
    if not text.startswith(_FRONT):
        raise not_ours("md")
    return f"{_FRONT}# {line(mark)}\n{text.removeprefix(_FRONT)}".encode()


def _style(mark: Stamp) -> str:
    """The banner stands beside the contents (19rem), as the text does; printed, the line stands in the margin of each page."""
    share = round(99 / (len(large_mark(mark)) + 1))  # of the shorter side, as in stamp_place.large_size
    return _RULES.replace("INK", f"#{colour(mark)}").replace("SHARE", f"{share}vmin").replace("WORDS", _css_string(line(mark)))


def _css_string(words: str) -> str:
    """A CSS string: whatever could end it, or the style element, is written as a code point (the blank after it belongs to it)."""
    return '"' + "".join(char if char.isalnum() or char in _HARMLESS else f"\\{ord(char):x} " for char in words) + '"'


_HARMLESS = frozenset(" ·，：-")

_RULES = """
html{scroll-padding-top:3.5rem}
.stamp{position:sticky;top:0;z-index:2;margin-left:19rem;padding:.35rem 1rem;background:#fff;border-bottom:1px solid INK;color:INK;
 font:.8125rem/1.5 var(--sans);text-align:center}
.stamp-large{position:fixed;inset:0;z-index:1;display:flex;align-items:center;justify-content:center;pointer-events:none;
 font:bold min(SHARE,14rem)/1 var(--sans);color:INK;opacity:.12;transform:rotate(-45deg);white-space:nowrap}
@media (max-width:64rem){.stamp{margin-left:0}}
@page{@top-center{content:WORDS;color:INK;font:8pt Arial,sans-serif}}
@media print{.stamp{position:static;margin:0;padding:0 0 .5rem;border:0}}
"""
