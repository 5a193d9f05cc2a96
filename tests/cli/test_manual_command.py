"""`manual build`: files of a day in the formats asked for, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from house import done, refused, rows_in

from service.kit.fingerprint import file_fingerprint

ON = ("--organisation", "JC", "--as-of", "2026-03-01")


def build(*words: str) -> dict[str, object]:
    found = done("manual", "build", *ON, "--output", "out", "--json", *words).json
    assert isinstance(found, dict)
    return found


def test_json_names_files_sha256_pages_fingerprint_inputs_and_seconds(firms: Path) -> None:
    found = done("manual", "build", *ON, "--output", "out", "--json").json
    assert list(found) == ["files", "fingerprint", "on", "remarks", "inputs", "seconds"]
    assert found["remarks"] == []
    assert {each["name"] for each in found["inputs"]} >= {"Arimo", "JC/SH-CX-01"}
    assert (found["on"], len(found["fingerprint"])) == ("2026-03-01", 64)
    assert 0 < found["seconds"] < 60
    assert [file["name"] for file in found["files"]] == ["manual.docx", "manual.pdf", "manual.html"]
    for file in found["files"]:
        data = Path(file["path"]).read_bytes()
        assert (file["sha256"], file["bytes"], file["pages"]) == (file_fingerprint(data), len(data), 28)


def test_only_the_formats_asked_for_are_written(firms: Path) -> None:
    done("manual", "build", *ON, "--output", "out", "--format", "pdf, html")
    assert sorted(file.name for file in Path("out").iterdir()) == ["manual.html", "manual.pdf"]


def test_people_are_told_file_pages_and_time(firms: Path) -> None:
    words = done("manual", "build", *ON, "--output", "out", "--format", "pdf").out
    assert words.startswith("out/manual.pdf  28 页  sha256 ")
    assert "用时" in words


def test_second_build_of_the_same_source_is_the_first_one(firms: Path) -> None:
    first, rows = build(), rows_in(firms)
    second = build()
    assert (second["files"], second["fingerprint"], rows_in(firms)) == (first["files"], first["fingerprint"], rows)


def test_fresh_build_is_made_again_to_the_same_bytes(firms: Path) -> None:
    first, rows = build(), rows_in(firms)
    again = build("--fresh")
    assert (again["files"], again["fingerprint"]) == (first["files"], first["fingerprint"])
    assert rows_in(firms)["manual_build"] == rows["manual_build"] + 1


def test_volumes_are_files_of_their_own(firms: Path) -> None:
    build("--binding", "volumes", "--format", "pdf")
    assert sorted(file.name for file in Path("out").iterdir()) == ["manual-1.pdf", "manual-2.pdf", "manual-3.pdf"]


@pytest.mark.parametrize(
    ("code", "words", "tells"),
    [
        ("nothing_in_force", ("--organisation", "JC", "--as-of", "2026-01-31"), "2026-01-31 没有现行有效的文件"),
        ("unknown_format", (*ON, "--format", "pdf,odt"), "odt"),
        ("organisation_not_found", ("--organisation", "XX"), "XX"),
        ("bad_date", ("--organisation", "JC", "--as-of", "gestern"), "gestern"),
    ],
)
def test_manual_that_cannot_be_built_leaves_nothing(firms: Path, code: str, words: tuple[str, ...], tells: str) -> None:
    before = rows_in(firms)
    assert tells in refused(code, "manual", "build", *words, "--output", "out")
    assert rows_in(firms) == before
    assert not Path("out").exists()
    assert not (firms / "data" / "files").exists()
