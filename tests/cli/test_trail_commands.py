"""`trail verify`, `anchor` and `export`: what an auditor is given, and what is found when somebody has been at the database."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest
from house import command, database_of, done, refused
from sqlalchemy import text
from tampering import drop_triggers

from service.db import open_database

JC = ("--organisation", "JC")
OF_JC = "organisation_id = (SELECT id FROM organisation WHERE code = 'JC')"  # what {jc} below stands for


def spoil(home: Path, *statements: str) -> None:
    """Change the database behind the product's back."""
    engine = open_database(database_of(home))
    with engine.begin() as connection:
        drop_triggers(connection)
        for statement in statements:
            assert connection.execute(text(statement.replace("{jc}", OF_JC))).rowcount > 0
    engine.dispose()


def test_trail_of_every_organisation_is_verified(firms: Path) -> None:
    assert done("trail", "verify").out == "JC：完整\nYI：完整\n"
    assert done("trail", "verify", "--organisation", "YI").out == "YI：完整\n"


@pytest.mark.parametrize(
    ("statement", "tells"),
    [
        ("UPDATE trail_entry SET by = 'jia' WHERE position = 3 AND {jc}", "第 3 条起不一致（内容被改动）"),
        ("UPDATE trail_entry SET details = '{}' WHERE position = 2 AND {jc}", "第 2 条起不一致（内容被改动）"),
        ("DELETE FROM trail_entry WHERE position = 5 AND {jc}", "第 5 条起不一致（中间有记录被删除）"),
        ("DELETE FROM trail_entry WHERE position > 60 AND {jc}", "第 61 条起不一致（末尾有记录被删除）"),
        ("DELETE FROM trail_entry WHERE {jc}", "第 1 条起不一致（记录被清空）"),
    ],
)
def test_changed_trail_is_found_out_and_the_first_bad_entry_named(firms: Path, statement: str, tells: str) -> None:
    spoil(firms, statement)
    answer = command("trail", "verify")
    assert answer.exit_code == 1
    assert answer.out == f"JC：{tells}\nYI：完整\n"
    assert answer.err == f"错误[trail_broken]：审计追踪不完整：JC {tells}\n"
    assert command("trail", "verify", "--organisation", "YI").exit_code == 0


def test_anchor_is_made_once_and_its_key_stays_in_the_data_folder(firms: Path) -> None:
    [first] = done("trail", "anchor", *JC).json
    assert done("trail", "anchor", *JC).json == [first]
    assert list(first) == ["organisation", "count", "seal", "at", "signature"]
    assert stat.S_IMODE((firms / "data" / "trail-key.pem").stat().st_mode) == 0o600
    assert done("trail", "verify").out == "JC：完整\nYI：完整\n"


def cut_and_hide(home: Path) -> None:
    """The last entry is gone (a release), the head agrees, and the anchors of the database are gone too."""
    spoil(
        home,
        "DELETE FROM trail_entry WHERE position = (SELECT MAX(position) FROM trail_entry WHERE {jc}) AND {jc}",
        "UPDATE trail_head SET position = position - 1, "
        "seal = (SELECT seal FROM trail_entry WHERE {jc} ORDER BY position DESC LIMIT 1) WHERE {jc}",
        "DELETE FROM trail_anchor",
    )


def test_anchors_kept_outside_find_what_the_database_hides(firms: Path) -> None:
    assert "trail-key.public.pem" in done("trail", "anchor", *JC, "--output", "out/anchors.json").out
    given = ("--anchors", "out/anchors.json", "--public-key", str(firms / "data" / "trail-key.public.pem"))
    assert done("trail", "verify", *JC, *given).out == "JC：完整\n"
    cut_and_hide(firms)
    assert done("trail", "verify", *JC).out == "JC：完整\n"
    answer = command("trail", "verify", *JC, *given)
    [anchored] = json.loads(Path("out/anchors.json").read_bytes())
    assert (answer.exit_code, answer.out) == (1, f"JC：第 {anchored['count']} 条起不一致（末尾有记录被删除）\n")


def test_signatures_whose_entries_were_cut_off_are_found_without_any_anchor(firms: Path) -> None:
    spoil(
        firms,
        "DELETE FROM trail_entry WHERE position > 60 AND {jc}",
        "UPDATE trail_head SET position = 60, seal = (SELECT seal FROM trail_entry WHERE position = 60 AND {jc}) WHERE {jc}",
    )
    answer = command("trail", "verify", *JC)
    assert answer.exit_code == 1
    assert answer.out.startswith("JC：完整\nJC：")
    assert "审计追踪中没有这一签署" in answer.out


ONE = "id = (SELECT id FROM signoff WHERE {jc} AND meaning = 'approve' ORDER BY fingerprint LIMIT 1)"  # what {one} below stands for
SAME = "organisation_id, revision_id, login, name, post, at, fingerprint, comment, voided_at, exception_id, post_key, seal"


@pytest.mark.parametrize(
    ("statement", "tells"),
    [
        ("UPDATE signoff SET name = '马六' WHERE {one}", "签署被改动，或被移到别的修订"),
        ("UPDATE signoff SET at = '2026-01-01 00:00:00.000000' WHERE {one}", "签署被改动，或被移到别的修订"),
        (
            "UPDATE signoff SET revision_id = (SELECT revision_id FROM signoff WHERE {jc} AND NOT {one}), login = 'x' WHERE {one}",
            "签署被改动，或被移到别的修订",
        ),
        ("DELETE FROM signoff WHERE {one}", "审计追踪中的签署被删除或改动"),
        ("UPDATE signoff SET voided_at = at WHERE {one}", "签署是否作废与审计追踪不符"),
        (
            "INSERT INTO signoff (id, meaning, {same}) SELECT lower(hex(randomblob(16))), 'countersign', {same} FROM signoff WHERE {one}",
            "签署被改动，或被移到别的修订",
        ),
    ],
)
def test_signature_that_somebody_has_touched_is_found_out(firms: Path, statement: str, tells: str) -> None:
    spoil(firms, statement.replace("{one}", ONE).replace("{same}", SAME))
    answer = command("trail", "verify")
    assert answer.exit_code == 1
    first, fault, *_, last = answer.out.splitlines()
    assert (first, last) == ("JC：完整", "YI：完整")
    assert fault.startswith("JC：")
    assert fault.endswith(f"：{tells}")
    assert answer.err.startswith("错误[signoffs_broken]：签署与审计追踪不符：JC ")
    assert command("trail", "verify", "--organisation", "YI").exit_code == 0


def test_anchor_with_another_count_is_a_bad_signature(firms: Path) -> None:
    rows = done("trail", "anchor", *JC).json
    rows[0]["count"] -= 1
    Path("anchors.json").write_text(json.dumps(rows), "utf-8")
    answer = command("trail", "verify", *JC, "--anchors", "anchors.json")
    assert (answer.exit_code, answer.out) == (1, f"JC：第 {rows[0]['count']} 条起不一致（锚点签名无效）\n")


@pytest.fixture
def handed_over(firms: Path) -> Path:
    """What an auditor takes away, in the current folder; the database is gone."""
    done("trail", "anchor", *JC, "--output", "anchors.json")
    assert done("trail", "export", *JC, "--output", "trail.jsonl").out.startswith("trail.jsonl  ")
    (firms / "data" / "trail-key.public.pem").rename("key.pem")
    shutil.rmtree(firms / "data")
    return Path("trail.jsonl")


OFFLINE = ("trail", "verify", "--export", "trail.jsonl", "--anchors", "anchors.json", "--public-key", "key.pem")


def test_export_is_verified_without_any_database(handed_over: Path) -> None:
    assert done(*OFFLINE).out == "trail.jsonl：完整\n"


def test_export_with_a_changed_name_is_found_out(handed_over: Path) -> None:
    lines = handed_over.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b'"by":"', b'"by":"x')
    handed_over.write_bytes(b"".join(lines))
    answer = command(*OFFLINE)
    assert (answer.exit_code, answer.out) == (1, "trail.jsonl：第 3 条起不一致（内容被改动）\n")


def test_export_without_anchors_or_file_is_refused(handed_over: Path) -> None:
    refused("anchor_missing", *OFFLINE[:4])
    refused("anchor_missing", *OFFLINE[:6])
    handed_over.unlink()
    refused("file_not_readable", *OFFLINE)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("file_not_readable", ("--anchors", "nowhere.json")),
        ("file_not_readable", ("--public-key", "nowhere.pem")),
        ("bad_anchors", ("--anchors", "anchors.txt")),
        ("bad_public_key", ("--public-key", "anchors.txt")),
        ("anchor_missing", ("--anchors", "none.json")),
    ],
)
def test_files_that_prove_nothing_are_refused(firms: Path, code: str, words: tuple[str, ...]) -> None:
    Path("anchors.txt").write_bytes("锚点".encode("gb18030"))
    Path("none.json").write_text("[]", "utf-8")
    refused(code, "trail", "verify", *JC, *words)


def test_anchors_without_any_key_ask_for_one(firms: Path) -> None:
    done("trail", "anchor", *JC)
    (firms / "data" / "trail-key.public.pem").unlink()
    assert "--public-key" in refused("public_key_missing", "trail", "verify", *JC)


def test_output_that_cannot_be_written_leaves_nothing_behind(firms: Path) -> None:
    Path("taken").mkdir()
    refused("output_not_writable", "trail", "export", *JC, "--output", "taken")
    assert [file.name for file in Path().iterdir()] == ["taken"]
