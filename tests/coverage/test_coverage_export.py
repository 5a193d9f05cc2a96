"""指标对照表 for programs and for people: the promised fields, every element a row, the same bytes every time."""

from __future__ import annotations

import io
import json
import zipfile

import openpyxl
import pytest
from small_firm import COMPLAINT, REPAIR, STANDARD, advance, day, moment, with_drafts
from sqlmodel import Session

from service.coverage.export import FORMATS, HEADS, NOTICE, as_json
from service.coverage.queries import Coverage, coverage_on
from service.standards.actions import decide_not_applicable


@pytest.fixture
def coverage(undone: Session) -> Coverage:
    """5.1.1 and 5.1.2 covered, 5.1.11 deleted."""
    firm = with_drafts(undone)
    for title in (REPAIR, COMPLAINT):
        advance(undone, firm, title, at=moment(2, 1))
    decide_not_applicable(
        undone,
        firm.organisation.id,
        STANDARD,
        "5.1.11",
        justification="不做回访",
        approved_by="贾一",
        decided_on=day(2, 1),
        by=firm.approver,
        at=moment(2, 1),
    )
    return coverage_on(undone, firm.organisation.id, STANDARD, day(3, 1))


def test_json_has_the_promised_fields(coverage: Coverage) -> None:
    made = as_json(coverage)
    assert {key: made[key] for key in ("standard", "on", "totals")} == {
        "standard": "xy",
        "on": "2026-03-01",
        "totals": {"indicators": 3, "covered": 2, "partial": 0, "uncovered": 0, "suspect": 0, "not_applicable": 1},
    }
    first, _, last = made["indicators"]
    assert {key: first[key] for key in ("code", "title", "state", "status")} == {
        "code": "5.1.1",
        "title": "维修",
        "state": "covered",
        "status": "sourced",
    }
    assert first["elements"] == [
        {"text": "规定报修受理时限", "proof": "text", "state": "ruled"},
        {"text": "保存维修记录", "proof": "record", "state": "evidence_due"},
    ]
    assert {key: first["claims"][0][key] for key in ("document", "label", "section", "element")} == {
        "document": "JC/SH-CX-01",
        "label": "A/0",
        "section": "accept",
        "element": 1,
    }
    assert first["claims"][0]["quote"].startswith("服务部经理接到热线")
    assert (last["state"], last["justification"]) == ("not_applicable", "不做回访")


def test_json_file_is_readable_utf8(coverage: Coverage) -> None:
    data = FORMATS["json"](coverage, "示范甲公司")
    assert json.loads(data) == json.loads(json.dumps(as_json(coverage)))
    assert "维修" in data.decode()


def test_spreadsheet_has_a_row_per_element_and_a_summary_that_says_what_the_words_are(coverage: Coverage) -> None:
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"](coverage, "示范甲公司")))
    matrix, _, summary = book.worksheets
    rows = list(matrix.iter_rows(values_only=True))
    assert rows[0] == tuple(title for title, _ in HEADS)
    elements = sum(len(row.elements) for row in coverage.indicators)
    assert len(rows) == 1 + elements
    assert [row[0] for row in rows[1:] if row[0]] == ["5.1.1", "5.1.1", "5.1.2", "5.1.11"]
    told = {row[0]: row[1] for row in summary.iter_rows(values_only=True)}
    assert (told["企业"], told["指标总数"], told["已覆盖"], told["删减"], told["说明"]) == ("示范甲公司", 3, 2, 1, NOTICE)


def test_word_file_holds_the_same_words(coverage: Coverage) -> None:
    with zipfile.ZipFile(io.BytesIO(FORMATS["docx"](coverage, "示范甲公司"))) as archive:
        document = archive.read("word/document.xml").decode()
    assert "规定报修受理时限" in document
    assert NOTICE in document


@pytest.mark.parametrize("name", list(FORMATS))
def test_same_coverage_gives_the_same_bytes(coverage: Coverage, name: str) -> None:
    assert FORMATS[name](coverage, "示范甲公司") == FORMATS[name](coverage, "示范甲公司")
