"""`document redline`, `manual redline`: files with the changes, or one sentence why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from house import done, refused

AT = ("--organisation", "JC")
REPAIR = "JC/SH-CX-01"


def revised() -> None:
    done("document", "revise", REPAIR, *AT, "--by", "ding", "--reason", "缩短时限")
    text = str(done("document", "show", REPAIR, *AT, "--json").json["text"])
    assert "30 分钟" in text
    Path("text.md").write_text(text.replace("30 分钟", "20 分钟"), "utf-8")
    done("document", "edit", REPAIR, "text.md", *AT, "--by", "ding")


def test_two_revisions_are_compared_as_docx_and_html(firms: Path) -> None:
    revised()
    out = done("document", "redline", REPAIR, "A/0", "A/1", *AT, "--output", "out", "--format", "html,docx").out
    assert out.split() == ["out/JC-SH-CX-01-A0-A1-redline.docx", "out/JC-SH-CX-01-A0-A1-redline.html"]
    assert "20 分钟" in Path("out/JC-SH-CX-01-A0-A1-redline.html").read_text("utf-8")


def test_the_same_command_writes_the_same_bytes(firms: Path) -> None:
    revised()
    made = []
    for folder in ("one", "two"):
        done("document", "redline", REPAIR, "A/0", "A/1", *AT, "--output", folder, "--format", "docx")
        made.append(next(Path(folder).iterdir()).read_bytes())
    assert made[0] == made[1]


def test_manuals_of_two_days_are_compared(firms: Path) -> None:
    out = done("manual", "redline", "2026-02-01", "2026-03-01", *AT, "--output", "out").out
    assert out.split() == [f"out/JC-redline-2026-02-01-to-2026-03-01.{ending}" for ending in ("docx", "html")]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("document", "redline", REPAIR, "A/0", "C/3"), "revision_not_found"),
        (("document", "redline", REPAIR, "A/0", "A/0", "--format", "pdf"), "unknown_format"),
        (("manual", "redline", "2001-01-01", "2026-03-01"), "nothing_in_force"),
        (("manual", "redline", "yesterday", "2026-03-01"), "bad_edition"),
    ],
)
def test_what_cannot_be_compared_is_refused_and_nothing_is_written(firms: Path, words: tuple[str, ...], code: str) -> None:
    answer = refused(code, *words, *AT, "--output", "out")
    assert not Path("out").exists(), answer
