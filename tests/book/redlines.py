"""Redlines for tests: texts of the shipped templates with revisions of them, and a redline written as a line to read."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache

from service.book.from_text import Setting, text_blocks
from service.book.model import Block
from service.book.redline_model import Mark, Piece
from service.book.redline_words import stretches
from service.errors import InputError
from service.settings import ROOT
from service.text.parse import parse_procedure

SET = ROOT / "templates" / "docs" / "gbt27922-general"
TITLES = ("document-control", "complaint-handling", "repair-service", "training", "targets", "chapter-5-1-1", "forms/complaint-record")
_FIGURES = {"targets", "retention"}


def written(old: str, new: str) -> str:
    """[-what is gone-]{+what is new+} in the line that both texts share."""
    found = ""
    for each in stretches(old, new, {}, {}):
        before, after = old[slice(*each.old)], new[slice(*each.new)]
        assert not each.kept or before == after
        found += after if each.kept else (f"[-{before}-]" if before else "") + (f"{{+{after}+}}" if after else "")
    return found


def read(pieces: tuple[Piece, ...]) -> str:
    """The same of a paragraph's pieces; what is no text is ¶."""
    marks = {Mark.KEPT: "{}", Mark.INSERTED: "{{+{}+}}", Mark.DELETED: "[-{}-]"}
    return "".join(marks[piece.mark].format(getattr(piece.content, "text", "¶")) for piece in pieces)


def blocks(body: str, title: str = "维修服务程序") -> tuple[Block, ...]:
    """The blocks of a procedure with that body."""
    return text_blocks(parse_procedure(f"---\nkey: p\ntitle: {title}\nkind: procedure\ndepartment: service\n---\n{body}"), Setting("p"))


@cache
def template_body(name: str) -> str:
    """The body of a shipped template, its variables replaced by plain words, its conditions left out."""
    source = (SET / f"{name}.md").read_text("utf-8").split("\n---\n", 1)[1]
    source = re.sub(r"^\{%.*%\}\n|\{%.*?%\}", "", source, flags=re.MULTILINE)
    return re.sub(r"\{\{\s*(\w+)[^}]*\}\}", lambda found: "3" if found[1] in _FIGURES else "服务经理", source)


def revised(body: str, seed: int, share: float) -> str:
    """Edits of the kinds that revisions consist of, in about that share of the lines: gone, doubled, moved, other words and figures."""
    dice, lines, moved = random.Random(seed), [], []
    fenced = False
    for line in body.split("\n"):
        fenced ^= line.startswith("```")
        if fenced or not line.strip() or line.startswith(("```", "|--")) or dice.random() > share:
            lines.append(line)
        elif (kind := dice.randrange(6)) == 0 and not line.startswith("|"):
            moved.append(line)
        elif kind > 1:
            lines.extend(_EDITS[kind](line))
    places = [place for place, line in enumerate(lines) if not line.strip() and not fenced]
    for line in moved:
        lines.insert(dice.choice(places) if places and not line.startswith("#") else len(lines), f"\n{line}\n")
    return "\n".join(lines)


def _with_next_figures(line: str) -> list[str]:
    return [re.sub(r"(?<!#)\d+(?!\.)", lambda found: str(int(found[0]) + 1), line)]


_EDITS: dict[int, Callable[[str], list[str]]] = {
    2: lambda line: [line, line.replace("3", "5")],
    3: _with_next_figures,
    4: lambda line: [line.replace("应", "须").replace("顾客", "用户").replace("，", "，并", 1)],
    5: lambda line: [line.replace("。", "，另有规定的除外。").replace("《记录控制程序》", "**《记录管理办法》**")],
}


def revision(name: str, seed: int, share: float = 0.3) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """A template's blocks and those of a revision that can be read."""
    body = template_body(name)
    while True:
        try:
            return blocks(body), blocks(revised(body, seed, share))
        except InputError:  # an edit that broke the notation is no revision
            seed += 1000
