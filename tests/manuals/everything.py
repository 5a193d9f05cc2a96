"""Every kind of file that is made of the small manual, as fingerprints: `python -m manuals.everything`, in whatever surroundings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from book.pdf_reading import FONTS
from book.templates import template

from manuals.sources import SOURCE, by_title
from service.book.house_reading import read_template
from service.book.house_theme import house_theme
from service.book.theme import FORMAL, MODERN, Theme
from service.kit.fingerprint import file_fingerprint
from service.manuals.build import Format, build, fillable_form, source_fingerprint
from service.manuals.redline import redlined_manuals
from service.manuals.redline_files import RedlineFormat, render_manual_redline
from service.manuals.rules import Binding, ManualSource
from service.text.model import Kind
from service.text.parse import parse_procedure

REVISED = "---\nkey: repair\ntitle: 维修服务程序\nkind: procedure\ndepartment: service\n---\n## 目的\n修好为止，当日回访。\n"
HOUSE = read_template(template(), "公司模板.docx")
THEMES: tuple[Theme, ...] = (FORMAL, MODERN, replace(house_theme(FORMAL, HOUSE, HOUSE.logo), name="house"))


def next_edition() -> ManualSource:
    """One procedure rewritten, one gone."""
    repair = by_title(SOURCE, "维修服务程序")
    gone = [each for each in SOURCE.documents if each.kind is Kind.PROCEDURE][-1]
    revised = replace(repair, procedure=parse_procedure(REVISED), label="A/1")
    documents = tuple(revised if each is repair else each for each in SOURCE.documents if each is not gone)
    return replace(SOURCE, documents=documents, on=date(2026, 9, 1))


def files() -> Iterator[tuple[str, bytes]]:
    for theme in THEMES:
        for file in build(SOURCE, list(Format), Binding.BOUND, theme, FONTS):
            yield f"{theme.name}/{file.name}", file.data
    for file in build(SOURCE, [Format.DOCX, Format.PDF], Binding.VOLUMES, FORMAL, FONTS):
        yield file.name, file.data
    found = redlined_manuals(SOURCE, next_edition())
    yield from render_manual_redline(found, "redline", list(RedlineFormat), FORMAL, FONTS).items()
    form = next(each for each in SOURCE.documents if each.kind is Kind.RECORD_FORM)
    yield from fillable_form(SOURCE, form, FORMAL, FONTS).items()


def main() -> None:
    """One line for each file: name and SHA-256; first what the build is made of."""
    lines = [f"source {source_fingerprint(SOURCE, Binding.BOUND, FORMAL, FONTS)}"]
    lines += [f"{name} {file_fingerprint(data)}" for name, data in files()]
    sys.stdout.buffer.write("\n".join(lines).encode())


if __name__ == "__main__":
    main()
