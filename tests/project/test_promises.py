"""What README promises has a test by name; README is short; nothing tracked names a machine or a registry."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
import typer
import typer.core
import typer.main

from service.cli.main import app
from service.settings import ROOT

README = (ROOT / "README.md").read_text("utf-8")
CLI, WEB, BOOK, MANUALS = "cli/test_", "web/test_", "book/test_", "manuals/test_"
PROMISES: dict[str, tuple[str, ...]] = {
    "takes them through versions and approval": (f"{CLI}document_commands.py::test_draft_goes_all_the_way_into_force",),
    "compiles the complete manual as DOCX, PDF and HTML in seconds": (
        f"{CLI}manual_command.py::test_json_names_files_sha256_pages_fingerprint_inputs_and_seconds",
        f"{MANUALS}order_of_the_manual.py::test_bound_manual_follows_the_order_of_a_manual",
    ),
    "shows which paragraph satisfies which indicator of GB/T 27922-2011 《商品售后服务评价体系》 on any date": (
        f"{CLI}reports.py::test_coverage_as_json_has_the_promised_shape",
        f"{CLI}reports.py::test_coverage_of_a_day_before_the_release_answers_nothing",
        f"{WEB}pages.py::test_matrix_quotes_the_text_and_leads_to_the_section",
    ),
    "`build/demo/` then holds `manual.docx`, `manual.pdf`, `manual.html`, `coverage.xlsx`, `coverage.json` and `problems.json`": (
        "test_demo.py::test_every_demo_organisation_has_all_files",
        "test_demo.py::test_no_problem_is_left",
    ),
    "All of them are in the database of the data folder, so every command sees them": (
        "test_demo.py::test_commands_see_the_demo_organisations",
    ),
    "tests on SQLite and PostgreSQL": ("project/test_migrations.py::test_migrations_and_models_agree",),
    "without them a few tests are skipped by name": (f"{BOOK}pdf_file.py::test_poppler_reads_the_file_without_complaint",),
    "Every name is explained in": ("organisations/test_organisation_rules.py::test_catalogue_tells_label_unit_type_and_limit",),
    "Mistakes are reported with line and remedy.": (f"{CLI}bad_input.py::test_fault_of_a_profile",),
    "numbered drafts of all procedures and record forms": (
        "library/test_cloning.py::test_cloning_makes_numbered_drafts_in_the_order_of_the_set",
        f"{CLI}setting_up.py::test_set_is_cloned_once",
    ),
    "the reviewer confirms its claims": (f"{CLI}document_commands.py::test_reviewer_may_confirm_some_claims_only",),
    "approved and released by different people": (
        "approvals/test_approval_rules.py::test_preparer_reviewer_and_approver_are_three_people",
    ),
    "Submitting freezes the company's values in the text": (
        "approvals/test_freezing.py::test_submitting_fills_the_text_and_keeps_the_source",
    ),
    "what is signed never changes": ("approvals/test_freezing.py::test_value_changed_later_changes_nothing_signed",),
    "lists blanks, dangling 《…》, contradictions and replaced standards": (
        "checks/test_checks_of_one_text.py::test_blank_or_leftover_is_found_with_section_and_words",
        "checks/test_checks_across_texts.py::test_dangling_reference_names_the_nearest_title",
        "checks/test_checks_across_texts.py::test_same_target_with_two_values_is_a_contradiction_with_both_quoted",
        "checks/test_checks_of_one_text.py::test_replaced_edition_of_a_standard_is_found_however_it_is_spelled",
    ),
    "compiles what is in force on a date": (f"{MANUALS}gathering_the_source.py::test_manual_of_a_day_knows_nothing_of_later_revisions",),
    "the report names every repair and every blank": (
        "intake/test_intake_report.py::test_a_repair_tells_what_was_done",
        "intake/test_intake_report.py::test_blanks_are_reported_where_they_stand_and_not_filled_in",
    ),
    "every entry is a paraphrase and bears its sources and one of 有来源, 部分有来源 or 推断": (
        "standards/test_standards_content.py::test_every_status_says_that_the_text_is_not_the_standards_own",
        "standards/test_standards_content.py::test_27_entries_are_sourced_and_3_are_inferred",
    ),
    "The points of third-level indicators are unknown but for one.": (
        "standards/test_standards_content.py::test_only_one_third_level_indicator_has_known_points",
    ),
    "Screens and documents say so wherever an entry is shown.": (
        f"{MANUALS}tables_of_coverage.py::test_every_entry_says_how_sure_its_words_are",
        f"{WEB}pages.py::test_page_answers_with_its_content",
        "coverage/test_coverage_export.py::test_spreadsheet_has_a_row_per_element_and_a_summary_that_says_what_the_words_are",
    ),
    "Coverage counts an element only if a section in force claims it and somebody has confirmed that very section": (
        "coverage/test_coverage_on_a_day.py::test_claim_counts_from_the_effective_date_until_the_document_is_obsolete",
        "coverage/test_coverage_rules.py::test_nothing_is_covered_without_a_confirmed_claim_free_of_blanks",
    ),
    "where a record or a fact must prove it, it reads 已规定，待证据": ("coverage/test_coverage_rules.py::test_what_one_claim_is_worth",),
    "Page breaks of the DOCX are verified with LibreOffice": (
        f"{BOOK}docx_pagination.py::test_libreoffice_puts_headings_on_the_pages_of_the_pdf",
    ),
    "checked by `make test`": ("project/test_promises.py::test_make_test_runs_lint_types_and_import_contracts_too",),
    "Only edges (commands, routes) commit.": ("project/test_promises.py::test_only_edges_open_a_transaction",),
    "hash-chained record of every change": (f"{CLI}trail_commands.py::test_changed_trail_is_found_out_and_the_first_bad_entry_named",),
    "Outside development the secret must be set, and only then may the server listen to other addresses than loopback.": (
        f"{CLI}as_a_process.py::test_server_refuses_every_address_but_loopback",
        f"{CLI}serving_elsewhere.py::test_anything_less_serves_this_machine_only",
    ),
    "nobody special runs it, and all it keeps lies in the volume": (
        "project/test_image.py::test_image_runs_as_nobody_special_and_keeps_data_in_a_volume",
        "project/test_image.py::test_installed_by_the_steps_of_the_image_the_server_lives_and_is_ready",
    ),
    "`/healthz` tells whether it lives, `/readyz` whether it can work; neither needs a log-in.": (
        "project/test_health.py::test_server_with_database_and_data_folder_is_ready",
        "project/test_health.py::test_database_that_lacks_a_migration_is_named_and_the_process_lives_on",
    ),
    "Noto Serif SC and Noto Sans SC, Tinos and Arimo (SIL OFL), installed from npm": (
        f"{BOOK}pdf_file.py::test_fonts_are_ours_and_all_inside",
    ),
}
"""A sentence (or part of one) of README → the tests that prove it, below tests/."""


def one_line(words: str) -> str:
    return " ".join(words.split())


@cache
def functions_of(file: Path) -> frozenset[str]:
    """Names of the test functions of a file."""
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


@pytest.mark.parametrize("sentence", PROMISES)
def test_promise_stands_in_readme_and_has_its_tests(sentence: str) -> None:
    assert sentence in one_line(README)
    for name in PROMISES[sentence]:
        file, _, function = name.partition("::")
        assert (ROOT / "tests" / file).is_file(), file
        assert function in functions_of(ROOT / "tests" / file), name


def test_readme_is_at_most_150_lines() -> None:
    assert len(README.splitlines()) <= 150


def test_readme_shows_what_is_there() -> None:
    paths = re.findall(r"\]\(([^)#:]+)\)", README)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_map_of_readme_names_folders_that_exist() -> None:
    cells = [line.split("|")[1] for line in README.split("## Map")[1].splitlines() if line.startswith("| `")]
    named = [(re.findall(r"`([^`]+)`", cell)) for cell in cells]
    assert len(named) > 10
    for first, *others in named:
        base = Path(first).parent
        assert (ROOT / first).exists(), first
        assert [other for other in others if not (ROOT / base / other).exists() and not (ROOT / other).exists()] == []


def commands(tree: typer.core.TyperGroup, before: str = "") -> set[str]:
    """Every command and group of commands: "migrate", "document", "document list" …"""
    context, found = typer.Context(tree), set[str]()
    for name in tree.list_commands(context):
        below = tree.get_command(context, name)
        found.add(f"{before}{name}")
        found |= commands(below, f"{before}{name} ") if isinstance(below, typer.core.TyperGroup) else set()
    return found


def test_commands_that_readme_shows_exist() -> None:
    tree = typer.main.get_command(app)
    assert isinstance(tree, typer.core.TyperGroup)
    known = commands(tree)
    groups = {name.split()[0] for name in known if " " in name}
    lines = re.findall(r"`([^`\n]+)`", README) + re.findall(r"^(?:\.venv/bin/)?service-manual .*$", README, re.MULTILINE)
    words = [line.removeprefix(".venv/bin/").removeprefix("service-manual ").split() for line in lines]
    named = {
        f"{first} {each}"
        for first, second, *_ in (line for line in words if len(line) > 1)
        for each in second.split("|")
        if first in groups
    }
    assert {"document submit", "document review", "document approve", "document release", "manual build", "library clone"} <= named
    assert named - known == set()


def test_make_targets_that_readme_shows_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    shown = set(re.findall(r"\bmake ([a-z]+)\b", README))
    assert {"demo", "run", "test", "bench", "system"} <= shown
    assert [name for name in sorted(shown) if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


def test_make_test_runs_lint_types_and_import_contracts_too() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    target = {name: (needs.split(), body) for name, needs, body in re.findall(r"^([a-z]+):(.*)\n((?:\t.*\n)*)", makefile, re.MULTILINE)}
    assert "lint" in target["test"][0]
    assert all(words in target["lint"][1] for words in ("ruff check .", "ruff format --check .", "/mypy", "/lint-imports"))
    assert "pytest" in target["test"][1]


EDGES = (
    *("cli", "web", "demo.py", "db.py", "worker.py", "jobs/queue.py", "notices/delivery.py"),
    *("accounts/identity.py", "accounts/tasks.py", "organisations/trail_api.py"),  # a reading route that has to note something
    "search/whoosh_index.py",  # of its own files
    "manuals/progress.py",  # a build that goes on behind its page
)


def transactions(file: Path) -> list[int]:
    """Lines that commit or open a session that does."""
    calls = (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))
    names = ((call.lineno, getattr(call.func, "attr", getattr(call.func, "id", ""))) for call in calls)
    return [line for line, name in names if name in ("commit", "writing", "rollback")]


def test_only_edges_open_a_transaction() -> None:
    files = {file.relative_to(ROOT / "service").as_posix(): transactions(file) for file in (ROOT / "service").rglob("*.py")}
    opening = {name for name, lines in files.items() if lines}
    assert {"cli/context.py", "web/depends.py"} <= opening
    assert {name for name in opening if not name.startswith(EDGES)} == set()


GIT = shutil.which("git") or ""
# Put together here, so that this file is not found itself.
MACHINES = [f"/{name}/" for name in ("root", "work", "mnt", "Users", "private/var")] + ["/home" + "/", "C:" + "\\Users"]
REGISTRIES = [
    "registry" + ".npmjs.org",
    "registry" + ".npmmirror.com",
    "pypi" + ".org/simple",
    "files.python" + "hosted.org",
    "--index" + "-url",
    "--extra-index",
]
WORDS = re.compile("|".join(re.escape(words) for words in [*MACHINES, *REGISTRIES]).encode())
LOCKED = re.compile(rb'"resolved":\s*"')


@cache
def tracked() -> tuple[Path, ...]:
    listed = subprocess.run([GIT, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return tuple(path for name in listed.split(b"\0") if name and (path := ROOT / name.decode()).is_file())


IN_GIT = pytest.mark.skipif(not GIT or not (ROOT / ".git").exists(), reason="not a git checkout")


@IN_GIT
def test_no_tracked_file_names_a_path_of_a_machine_or_a_registry() -> None:
    own = Path(__file__).resolve()
    found = {
        path.relative_to(ROOT).as_posix(): words.group().decode()
        for path in tracked()
        if path != own and (words := WORDS.search(path.read_bytes()))
    }
    assert len(tracked()) > 300
    assert found == {}


@IN_GIT
def test_no_tracked_file_names_this_checkout() -> None:
    here = f"{ROOT}/".encode()
    assert [path.relative_to(ROOT).as_posix() for path in tracked() if here in path.read_bytes()] == []


@IN_GIT
def test_locks_name_no_address() -> None:
    lock = (ROOT / "package-lock.json").read_bytes()
    assert b'"integrity"' in lock
    assert not LOCKED.search(lock)
    for file in ROOT.glob("requirements*.lock"):
        assert b"--hash=sha256:" in file.read_bytes()
        assert b"://" not in file.read_bytes()


@IN_GIT
def test_what_is_made_is_not_tracked() -> None:
    made = ("node_modules/", ".venv/", "data/", "build/", ".coverage")
    assert [path for path in tracked() if path.relative_to(ROOT).as_posix().startswith(made)] == []


@pytest.mark.parametrize("words", ["/root" + "/x", "/home" + "/me/x", "registry" + ".npmjs.org"])
def test_patterns_find_what_they_look_for(words: str) -> None:
    assert WORDS.search(f"see {words}".encode())
