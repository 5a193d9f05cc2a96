"""Pictures: a text may hold one, but no printed form shows it yet; whoever relies on it must know."""

from __future__ import annotations

from service.checks.rules import Checked, Context, Problem, Problems, Severity
from service.text.model import Block, Picture


def check_pictures(context: Context) -> Problems:
    for document in context.documents:
        yield from _of(document, "", document.procedure.preamble)
        for section in document.procedure.sections:
            yield from _of(document, section.anchor, section.blocks)


def _of(document: Checked, section: str, blocks: tuple[Block, ...]) -> Problems:
    """Pictures stand between paragraphs only: parsing refuses them in lists and tables."""
    for block in blocks:
        if isinstance(block, Picture):
            name = f"图片“{block.alt}”（{block.source}）" if block.alt else f"图片 {block.source} "
            message = f"{name}还不能印出，导出的文件中没有这张图"
            yield Problem("picture_not_printed", Severity.WARNING, document.number, section, message, block.source)
