"""Texts that break what prints them: too broad, too long, too high, too deep, without glyphs, with pictures that are none."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image
from small_manual import TEXTS

from manuals.sources import documents, source_of
from service.kit.fingerprint import file_fingerprint
from service.manuals.rules import ManualSource, SourcePicture

FRONT = "---\nkey: hostile\ntitle: {title}\nkind: procedure\ndepartment: service\n---\n## 目的\n规定要求。\n"
FORM = "---\nkey: hostile-form\ntitle: {title}\nkind: record_form\ndepartment: service\nretention: service\n---\n```form\n{rows}\n```\n"
FIRST = TEXTS[0]  # 颁布令: a manual has one


def manual_with(*texts: str, pictures: tuple[SourcePicture, ...] = ()) -> ManualSource:
    """The small manual's order with these texts behind it."""
    return replace(source_of(*documents(FIRST, *texts)), pictures=pictures)


def procedure(body: str, title: str = "难排程序") -> str:
    return FRONT.format(title=title) + body


def form(rows: str, title: str = "难填表单") -> str:
    return FORM.format(title=title, rows=rows)


def table(columns: int, rows: int, words: str = "数据") -> str:
    """The first cell of each row is its number; each other one tells its row and column."""
    head = "|".join(["序号", *(f"第{column}项" for column in range(2, columns + 1))])
    lines = ("|".join([str(row), *(f"{words}{row}.{column}" for column in range(2, columns + 1))]) for row in range(1, rows + 1))
    return "\n".join((f"|{head}|", "|" + "---|" * columns, *(f"|{line}|" for line in lines))) + "\n"


def picture_of(data: bytes) -> SourcePicture:
    return SourcePicture(f"picture:{file_fingerprint(data)}", missing=False, data=data)


def png(width: int, height: int) -> bytes:
    """A picture of one colour: few bytes for any number of pixels."""
    made = io.BytesIO()
    Image.new("1", (width, height), 1).save(made, "PNG")
    return made.getvalue()
