"""The index on the disk: changes are whole, crashes and torn files are overcome, several processes work beside each other."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search.texts import EVERYTHING, TEXTS, entry, key, places
from service.errors import InputError
from service.search import whoosh_index
from service.search.port import Busy, Entry
from service.search.query import build
from service.search.whoosh_files import FORMAT, one_writer
from service.search.whoosh_index import WhooshIndex

SPAWN = multiprocessing.get_context("spawn")
MARKS = {each.revision: each.mark for each in TEXTS}


def filled(folder: Path) -> WhooshIndex:
    index = WhooshIndex(folder)
    index.add(TEXTS)
    return index


def build_of(folder: Path) -> Path:
    return folder / str(json.loads((folder / "state.json").read_text("utf-8"))["build"])


def total(index: WhooshIndex, text: str, *names: str) -> int:
    answer = index.search(build(text, frozenset(map(key, names)) or EVERYTHING), 1)
    return 0 if answer.is_near else answer.total


def test_index_that_was_never_there_is_empty(index: WhooshIndex) -> None:
    assert index.marks() == {}
    assert places(index, "投诉") == []


def test_content_is_there_for_the_next_process(tmp_path: Path) -> None:
    filled(tmp_path)
    assert WhooshIndex(tmp_path).marks() == MARKS
    assert places(WhooshIndex(tmp_path), "办结") == ["HC/SH-CX-07 处理"]


def test_revision_put_in_again_takes_the_place_of_the_old(index: WhooshIndex) -> None:
    index.add([entry("A-1", "甲", ("一", "旧的话"))])
    index.add([entry("A-1", "乙", ("二", "新的话"), mark="2")])
    assert index.marks() == {key("A-1"): "2"}
    assert (total(index, "旧的话", "A-1"), total(index, "标题:甲", "A-1")) == (0, 0)
    assert (total(index, "新的话", "A-1"), total(index, "标题:乙", "A-1")) == (1, 1)
    assert [each.text for each in index.suggest("甲", frozenset({key("A-1")}), 10)] == []


def test_removed_revision_is_found_no_more(index: WhooshIndex) -> None:
    index.add(TEXTS)
    index.remove([TEXTS[0].revision, key("never there")])
    assert index.marks().keys() == MARKS.keys() - {TEXTS[0].revision}
    assert total(index, "投诉单") == 0
    assert total(index, "报修单") > 0


def test_stamp_changes_with_the_content_only(index: WhooshIndex) -> None:
    before = index.stamp()
    index.search(build("投诉", EVERYTHING), 1)
    assert index.stamp() == before
    index.add(TEXTS)
    assert index.stamp() != before


def test_many_changes_keep_everything_and_few_files(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    for turn in range(3):
        for number in range(12):
            index.add([entry(f"A-{number}", "甲", ("一", f"第{turn}轮的话"), mark=str(turn))])
    names = [f"A-{number}" for number in range(12)]
    assert [total(index, f"第{turn}轮的话", *names) for turn in range(3)] == [0, 0, 12]
    assert set(index.marks().values()) == {"2"}
    assert len(list(build_of(tmp_path).glob("*.seg"))) <= 12


def test_rebuilding_replaces_everything_at_once(tmp_path: Path) -> None:
    index, other = filled(tmp_path), WhooshIndex(tmp_path)
    seen = []

    def batches() -> Iterator[list[Entry]]:
        yield [entry("A-1", "甲", ("一", "新的话"))]
        seen.append(total(other, "投诉单"))  # the old content, while the new one is made
        yield [entry("A-2", "乙", ("一", "新的话"))]

    index.rebuild(batches())
    assert seen == [1]
    assert other.marks() == {key("A-1"): "1", key("A-2"): "1"}
    assert total(other, "新的话", "A-1", "A-2") == 2
    assert len(list(tmp_path.glob("build-*"))) == 1


def test_whoever_searches_during_the_first_build_finds_nothing_yet(tmp_path: Path) -> None:
    index, other, seen = WhooshIndex(tmp_path), WhooshIndex(tmp_path), []

    def batches() -> Iterator[list[Entry]]:
        seen.append(total(other, "投诉单"))
        yield list(TEXTS)

    index.rebuild(batches())
    assert (seen, total(other, "投诉单")) == ([0], 1)


def test_rebuilding_that_fails_changes_nothing(tmp_path: Path) -> None:
    index = filled(tmp_path)

    def failing() -> Iterator[list[Entry]]:
        yield [entry("A-1", "甲", ("一", "新的话"))]
        raise RuntimeError("no more texts")

    with pytest.raises(RuntimeError):
        index.rebuild(failing())
    assert WhooshIndex(tmp_path).marks() == MARKS


def _truncate(folder: Path) -> None:
    file = max(build_of(folder).glob("*.seg"), key=lambda each: each.stat().st_size)
    os.truncate(file, file.stat().st_size // 2)


def _flip(folder: Path) -> None:
    file = max(build_of(folder).glob("*.seg"), key=lambda each: each.stat().st_size)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)


def _lose_part(folder: Path) -> None:
    next(build_of(folder).glob("*.seg")).unlink()


def _lose_table(folder: Path) -> None:
    next(build_of(folder).glob("*.toc")).unlink()


def _lose_build(folder: Path) -> None:
    build_of(folder).rename(folder / "elsewhere")


def _tear_state(folder: Path) -> None:
    state = folder / "state.json"
    state.write_text(state.read_text("utf-8")[:-20], "utf-8")


def _strange_state(folder: Path) -> None:
    (folder / "state.json").write_text('["not", "ours"]', "utf-8")


def _old_format(folder: Path) -> None:
    state = folder / "state.json"
    state.write_text(state.read_text("utf-8").replace(f'"format": {FORMAT}', '"format": 0'), "utf-8")


def _other_generation(folder: Path) -> None:
    state = json.loads((folder / "state.json").read_text("utf-8"))
    (folder / "state.json").write_text(json.dumps(state | {"generation": 77}), "utf-8")


@pytest.mark.parametrize(
    "harm", [_truncate, _flip, _lose_part, _lose_table, _lose_build, _tear_state, _strange_state, _old_format, _other_generation]
)
def test_torn_index_is_begun_anew(tmp_path: Path, harm: Callable[[Path], None], caplog: pytest.LogCaptureFixture) -> None:
    filled(tmp_path)
    harm(tmp_path)
    index = WhooshIndex(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert index.marks() == {}
    assert "begun anew" in caplog.text
    index.add(TEXTS)
    assert places(index, "办结") == ["HC/SH-CX-07 处理"]


@pytest.fixture
def crashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, WhooshIndex]:
    """An index whose last change reached whoosh's files, but not the state that makes it count."""
    index = filled(tmp_path)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(whoosh_index, "write_state", crash)
        with pytest.raises(KeyboardInterrupt):
            index.add([entry("A-1", "甲", ("一", "新的话"))])
    return tmp_path, index


def test_crash_before_the_new_state_counts_leaves_no_wrong_answer(crashed: tuple[Path, WhooshIndex]) -> None:
    folder, index = crashed
    for after in (WhooshIndex(folder), index):
        assert after.marks() == {}
    index.add(TEXTS)
    assert WhooshIndex(folder).marks() == MARKS


def test_whoever_lived_through_such_a_crash_deletes_no_wrong_rows(crashed: tuple[Path, WhooshIndex]) -> None:
    folder, index = crashed
    index.add([entry("HC/SH-CX-07", "甲", ("一", "另外的话"), mark="2")])
    assert index.marks() == WhooshIndex(folder).marks() == {key("HC/SH-CX-07"): "2"}
    assert total(index, "另外的话") == 1


def test_fault_while_writing_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = filled(tmp_path)

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(whoosh_index, "fields_of", full)
        with pytest.raises(OSError, match="No space"):
            index.add([entry("A-1", "甲", ("一", "新的话"))])
    assert index.marks() == WhooshIndex(tmp_path).marks() == MARKS
    index.add([entry("A-1", "甲", ("一", "新的话"))])
    assert total(index, "新的话", "A-1") == 1


def test_whoever_finds_another_writer_at_work_is_told_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = filled(tmp_path)
    monkeypatch.setattr(whoosh_index, "PATIENCE", 0.05)
    with one_writer(tmp_path, 0), pytest.raises(Busy, match="更新"):
        index.add(TEXTS)
    with one_writer(tmp_path, 0):
        assert places(WhooshIndex(tmp_path), "办结") == ["HC/SH-CX-07 处理"]  # reading needs no lock


def test_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError) as fault:
        WhooshIndex(tmp_path / "file" / "index").marks()
    assert fault.value.code == "index_not_writable"


def _write(folder: str, name: str, count: int) -> None:
    index = WhooshIndex(Path(folder))
    for number in range(count):
        while True:
            try:
                index.add([entry(f"{name}-{number}", "甲", ("一", f"{name} 说的话"))])
                break
            except Busy:
                continue


def test_several_processes_write_and_read_beside_each_other(tmp_path: Path) -> None:
    index = filled(tmp_path)
    writers = [SPAWN.Process(target=_write, args=(str(tmp_path), name, 4)) for name in ("A", "B")]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert total(index, "办结") == 1
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    names = [f"{name}-{number}" for name in ("A", "B") for number in range(4)]
    assert index.marks().keys() == MARKS.keys() | set(map(key, names))
    assert total(index, "说的话", *names) == 8


def test_killed_writer_leaves_an_index_that_works(tmp_path: Path) -> None:
    filled(tmp_path)
    writer = SPAWN.Process(target=_write, args=(str(tmp_path), "A", 10_000))
    writer.start()
    before, end = (tmp_path / "state.json").stat().st_ino, time.monotonic() + 60
    while (tmp_path / "state.json").stat().st_ino == before and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.05)
    os.kill(writer.pid or 0, signal.SIGKILL)
    writer.join()
    index = WhooshIndex(tmp_path)
    held = index.marks()
    index.add(TEXTS)
    assert index.marks().keys() >= held.keys() | MARKS.keys()
    assert total(index, "办结") == 1


def test_threads_of_one_process_share_an_index(tmp_path: Path) -> None:
    index, faults = filled(tmp_path), []

    def work(name: str) -> None:
        try:
            for number in range(5):
                assert total(index, "办结") == 1
                index.add([entry(f"{name}-{number}", "甲", ("一", "同样的话"))])
        except BaseException as fault:  # told to the test, whatever it is
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(name,)) for name in "AB"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(index.marks()) == len(TEXTS) + 10
