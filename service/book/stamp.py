"""Stamping a copy: a finished file → a new file that says on every page what it is. The build itself is never changed. Pure."""

from __future__ import annotations

from pathlib import Path

from service.book.mark import Stamp
from service.book.theme import Theme
from service.errors import InputError

STAMPED_FORMATS = ("docx", "pdf", "html", "md")


def stamp(file: bytes, format_: str, mark: Stamp, theme: Theme, fonts: Path) -> bytes:
    """A stamped copy of a file of ours in this format; the same bytes for the same file and mark, on any machine.

    In PDF and DOCX the stamp stands above the header of every page, in HTML in a banner, in a text in a comment of its front matter.
    InputError for another format, or for a file that is not of this kind.
    """
    if format_ == "pdf":  # each is loaded when it is asked for: a command starts sooner
        from service.book.stamp_pdf import stamp_pdf

        return stamp_pdf(file, mark, theme, fonts)
    if format_ == "docx":
        from service.book.stamp_docx import stamp_docx

        return stamp_docx(file, mark, theme)
    if format_ in ("html", "md"):
        from service.book.stamp_text import stamp_html, stamp_markdown

        return stamp_html(file, mark) if format_ == "html" else stamp_markdown(file, mark)
    raise InputError(f"没有这种格式：{format_}，可用：{'、'.join(STAMPED_FORMATS)}", code="unknown_format")
