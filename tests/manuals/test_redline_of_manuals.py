"""Two manuals document by document: what came, went, changed and stayed, the summary in front, and the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from book.docx_changes import document_of, settled, told, words
from book.docx_reading import w
from lxml import html

from manuals.sources import SOURCE, by_title
from service.book.redline_book import Fate
from service.errors import InputError
from service.manuals.redline import ManualRedline, changed, front, redlined_manuals
from service.manuals.redline_files import RedlineFormat, redline_formats, render_manual_redline
from service.manuals.rules import ManualSource
from service.manuals.workshop import default_workshop
from service.text.model import Kind
from service.text.parse import parse_procedure

REPAIR = by_title(SOURCE, "维修服务程序")


def edited() -> ManualSource:
    """维修服务程序 says something else, the last procedure is gone, another one came."""
    text = parse_procedure(
        "---\nkey: repair\ntitle: 维修服务程序\nkind: procedure\ndepartment: service\n---\n## 目的\n修好为止，当日回访。\n"
    )
    procedures = [each for each in SOURCE.documents if each.kind is Kind.PROCEDURE]
    gone = procedures[-1]
    remote = replace(REPAIR, key="remote", number="JC/SH-CX-09", title="远程服务程序")
    documents = [replace(each, procedure=text, label="A/1") if each is REPAIR else each for each in SOURCE.documents if each is not gone]
    return replace(SOURCE, documents=(*documents, remote), on=date(2026, 9, 1))


AFTER = edited()
FOUND = redlined_manuals(SOURCE, AFTER)


def fates(found: ManualRedline) -> dict[str, tuple[str, str]]:
    return {each.title: (each.labels, each.change.fate.value) for each in changed(found)}


def test_documents_are_paired_and_told_apart() -> None:
    known = fates(FOUND)
    gone = [each for each in SOURCE.documents if each.kind is Kind.PROCEDURE][-1]
    assert known["维修服务程序"] == ("A/0 → A/1", "changed")
    assert known["远程服务程序"] == ("A/0", "added")
    assert known[gone.title] == ("A/0", "removed")
    assert known["附录 受控文件清单"] == ("", "changed")
    assert by_title(SOURCE, "颁布令").title not in known


def test_what_went_stands_behind_what_it_stood_behind() -> None:
    titles = [each.title for each in FOUND.changes]
    old = [each.title for each in redlined_manuals(SOURCE, SOURCE).changes]
    gone = next(each.title for each in FOUND.changes if each.change.fate is Fate.REMOVED)
    assert titles[titles.index(gone) - 1] == old[old.index(gone) - 1]


def test_a_manual_does_not_differ_from_itself() -> None:
    same = redlined_manuals(SOURCE, SOURCE)
    assert changed(same) == []
    assert {each.change.fate for each in same.changes} == {Fate.SAME}


def test_the_summary_names_every_change_with_numbers() -> None:
    lines = [each for block in front(FOUND).blocks for row in getattr(block, "rows", ()) for each in [[c.content for c in row]]]
    assert len(lines) == 1 + len(changed(FOUND))
    said = "".join(getattr(part, "text", "") for block in front(FOUND).blocks for part in getattr(block, "content", ()))
    assert "原版：2026年3月1日现行的手册；新版：2026年9月1日现行的手册" in said
    assert "撤销 1 份" in said


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return _files(FOUND)


def _files(found: ManualRedline) -> dict[str, bytes]:
    workshop = default_workshop()
    return render_manual_redline(found, "JC-redline", list(RedlineFormat), workshop.theme, workshop.fonts)


def test_accepting_all_gives_the_new_manual_and_rejecting_all_the_old_one(files: dict[str, bytes]) -> None:
    document = document_of(files["JC-redline.docx"])
    new, old = (told(settled(document, side)) for side in ("new", "old"))
    assert ("p", "body text", "修好为止，当日回访。") in new
    assert ("p", "body text", "修好为止，当日回访。") not in old
    for source, side in ((AFTER, new), (SOURCE, old)):
        assert _texts(side) == _texts(told(document_of(_files(redlined_manuals(source, source))["JC-redline.docx"])))


def _texts(lines: Sequence[tuple[Any, ...]]) -> Counter[str]:
    """Every paragraph and table but those of the summary; a document that went may stand elsewhere than it stood."""
    first = next(place for place, line in enumerate(lines) if line[:2] == ("p", "封面 企业名称"))
    return Counter(str(line) for line in lines[first:])


def test_every_change_of_the_docx_is_the_organisations(files: dict[str, bytes]) -> None:
    document = document_of(files["JC-redline.docx"])
    assert {each.get(w("author")) for each in document.iter() if each.get(w("author"))} == {SOURCE.organisation}
    assert {each.get(w("date"))[:10] for each in document.iter() if each.get(w("date"))} == {"2026-09-01"}
    assert any("未改动的文件" in words(each) for each in document.iter(w("p")))


def test_the_page_holds_the_documents_that_changed_and_loads_nothing(files: dict[str, bytes]) -> None:
    page: Any = html.fromstring(files["JC-redline.html"].decode())
    linked = [each.get("href") for each in page.xpath("//nav//a")]
    assert len(linked) == len(changed(FOUND))
    assert set(linked) <= {f"#{each}" for each in page.xpath("//@id")}
    assert not page.xpath("//script|//link|//img[starts-with(@src, 'http')]")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_same_manuals_give_the_same_bytes(files: dict[str, bytes]) -> None:
    assert _files(redlined_manuals(SOURCE, edited())) == files


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(InputError, match="没有这种格式：pdf"):
        redline_formats(["pdf"])
