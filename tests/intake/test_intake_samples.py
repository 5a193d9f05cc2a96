"""Two scraped pages that are not in the repository: SERVICE_MANUAL_SAMPLES names their folder; without it these tests are skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from service.intake.model import IntakeResult
from service.intake.read import read_text
from service.text.model import Kind, OrderedList, Part
from service.text.parse import parse_procedure
from service.text.references import references

FOLDER = os.environ.get("SERVICE_MANUAL_SAMPLES", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="SERVICE_MANUAL_SAMPLES names no folder with sample pages")


def sample(prefix: str) -> IntakeResult:
    path = next(Path(FOLDER).glob(f"{prefix}_*"))
    return read_text(path.read_bytes(), name=path.name)


def test_a_letter_and_a_procedure_are_found_between_advertisements() -> None:
    result = sample("000")
    assert [(draft.kind, draft.part) for draft in result.drafts] == [(Kind.MANUAL, Part.APPOINTMENT_LETTER), (Kind.PROCEDURE, None)]
    procedure = parse_procedure(result.drafts[1].text)
    assert [section.title for section in procedure.sections] == ["目的", "范围", "职责", "程序及要求", "相关文件"]
    assert "服务改进" in result.drafts[1].text
    assert [remark.message for remark in result.report.remarks if remark.code == "missing_section"] == ["原文没有“相关记录”一节"]


def test_the_appointed_person_stays_a_blank() -> None:
    result = sample("000")
    assert [blank.code for blank in result.report.blanks] == ["leftover_mmm"]
    assert "任命mmm为" in result.drafts[0].text


def test_the_repair_chapter_has_its_eleven_clauses() -> None:
    result = sample("003")
    procedure = parse_procedure(result.drafts[0].text)
    block = next(section for section in procedure.sections if section.anchor == "procedure").blocks[0]
    assert isinstance(block, OrderedList)
    assert len(block.items) == 11
    assert len(references(procedure)) == 9
    assert any("4.1 至 4.11" in found.message for found in result.report.structure)


def test_the_other_pieces_of_the_manual_are_drafts_of_their_own() -> None:
    result = sample("003")
    assert [draft.part or draft.kind for draft in result.drafts] == [
        Kind.PROCEDURE,
        Part.PROMULGATION_ORDER,
        Kind.WORK_INSTRUCTION,
        Kind.WORK_INSTRUCTION,
    ]


def test_the_empty_number_and_the_stars_are_reported_and_stay() -> None:
    result = sample("003")
    found = [blank.code for blank in result.report.blanks]
    assert found.count("blank_phone") == 1
    assert found.count("censored") == 11
    assert "号码是。" in result.drafts[0].text
    assert r"特\*\*了" in result.drafts[0].text


@pytest.mark.parametrize("prefix", ["000", "003"])
def test_repairs_are_listed_and_no_line_is_lost(prefix: str) -> None:
    result = sample(prefix)
    assert {"punctuation", "standard_number"} <= {repair.code for repair in result.report.repairs}
    source = next(Path(FOLDER).glob(f"{prefix}_*")).read_text(encoding="utf-8").split("\n")
    drafted = {line for draft in result.drafts for line in range(draft.first_line, draft.last_line + 1)}
    left_out = {line.line for line in result.report.not_taken}
    assert {number for number, line in enumerate(source, 1) if line.strip()} <= drafted | left_out
