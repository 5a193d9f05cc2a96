"""The naive peer: Markdown to Word as most programs do it, python-docx's own calls paragraph by paragraph and cell by cell."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import docx
from docx.document import Document
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode


def naive_docx(markdown: str) -> bytes:
    """Headings, paragraphs, lists and tables; no page numbers, no links, no headers."""
    document = docx.Document()
    for node in SyntaxTreeNode(MarkdownIt().enable("table").parse(markdown)).children:
        _block(document, node)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _block(document: Document, node: SyntaxTreeNode) -> None:
    if node.type == "heading":
        document.add_heading(_text(node), int(node.tag[1]))
    elif node.type in ("bullet_list", "ordered_list"):
        style = "List Bullet" if node.type == "bullet_list" else "List Number"
        for item in node.children:
            document.add_paragraph(_text(item), style)
    elif node.type == "table":
        _table(document, node)
    else:
        document.add_paragraph(_text(node))


def _table(document: Document, node: SyntaxTreeNode) -> None:
    rows = [row for part in node.children for row in part.children]
    table = document.add_table(rows=0, cols=len(rows[0].children), style="Table Grid")
    for row in rows:
        cells = table.add_row().cells
        for cell, content in zip(cells, row.children, strict=True):
            cell.text = _text(content)


def _text(node: SyntaxTreeNode) -> str:
    return "".join(each.content for each in node.walk() if each.type in ("text", "code_inline", "fence"))


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(naive_docx(Path(sys.argv[1]).read_text("utf-8")))
