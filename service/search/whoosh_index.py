"""The index kept by whoosh: one folder for each organisation, so that nothing of another one can ever be found in it.

whoosh keeps terms (single Hanzi and pairs, words of letters, numbers) with the rows that have them, the rows' texts and their stored
sections. Which rows answer is asked of the text itself: the terms only say where to look. So adjacency, fields and NOT are exact, and a row
is looked at only if its revision is among those that may be found.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from service.search.port import Entry, Found, Suggestion
from service.search.query import Key, Query
from service.search.whoosh_files import (
    State,
    Torn,
    check_files,
    files_of,
    new_state,
    one_writer,
    read_state,
    stamp_of,
    write_state,
)
from service.search.whoosh_reading import Opened, find, suggestions
from service.search.whoosh_schema import SCHEMA, Codec, fields_of, merge_small

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds to wait for another writer."""
_MEGABYTES = 256


@lru_cache(maxsize=64)
def open_index(folder: Path) -> WhooshIndex:
    """The index of this folder, one for the whole process: what has been read of it is kept."""
    return WhooshIndex(folder)


class WhooshIndex:
    """See `port.Index`. Several threads may use it; whoosh's readers may not be shared, so they take turns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = RLock()
        self._open: Opened | None = None
        self._proven: frozenset[Path] = frozenset()

    def marks(self) -> Mapping[Key, str]:
        return self._current().state.marks

    def stamp(self) -> str:
        return self._current().stamp

    def search(self, query: Query, most: int) -> Found:
        opened = self._current()
        with self._turn:
            return find(opened, query, most)

    def suggest(self, text: str, within: frozenset[Key], most: int) -> list[Suggestion]:
        opened = self._current()
        with self._turn:
            return suggestions(opened, text, within, most)

    def add(self, entries: Sequence[Entry]) -> None:
        self._change(entries, {entry.revision for entry in entries})

    def remove(self, revisions: Collection[Key]) -> None:
        self._change((), revisions)

    def rebuild(self, batches: Iterable[Sequence[Entry]]) -> None:
        with one_writer(self._folder, PATIENCE):
            self._fresh_or_new()  # whoever searches meanwhile needs something to look at
            state = self._begin()
            for entries in batches:
                state = self._written(state, entries, ())
            write_state(self._folder, state)

    def _change(self, entries: Sequence[Entry], replaced: Collection[Key]) -> None:
        with one_writer(self._folder, PATIENCE):
            opened = self._fresh_or_new()
            rows = [row for revision in replaced for row in opened.rows_of(revision)]
            try:
                state = self._written(opened.state, entries, rows, replaced)
            except Torn as fault:  # a crash since it was opened: what its rows are now, nobody knows
                log.warning("index %s is begun anew: %s", self._folder, fault)
                state = self._written(self._begin(), entries, ())
            write_state(self._folder, state)

    def _written(self, state: State, entries: Sequence[Entry], rows: Iterable[int], replaced: Collection[Key] = ()) -> State:
        """The state after these rows were deleted and these entries added; it does not count yet. Torn if the files are not those of `state`."""
        build = self._folder / state.build
        writer = FileIndex(FileStorage(str(build)), schema=SCHEMA).writer(codec=Codec(), limitmb=_MEGABYTES)
        try:
            if writer.generation != state.generation + 1:
                raise Torn("another generation")
            for row in rows:
                writer.delete_document(row)
            for entry in entries:
                for fields in fields_of(entry):
                    writer.add_document(**fields)
            writer.commit(mergetype=merge_small)
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise
        marks = {key: mark for key, mark in state.marks.items() if key not in replaced}
        marks.update({entry.revision: entry.mark for entry in entries})
        return State(state.build, int(writer.generation), files_of(build, state.files), marks)

    def _begin(self) -> State:
        """A new, empty build; it does not count yet."""
        state = new_state()
        build = self._folder / state.build
        build.mkdir(parents=True)
        FileIndex.create(FileStorage(str(build)), SCHEMA, "MAIN")
        return State(state.build, 0, files_of(build, {}))

    def _current(self) -> Opened:
        """What is there now. What is missing or not whole is begun anew: whoever searches then puts everything in again."""
        try:
            return self._fresh()
        except Torn:  # or somebody is writing at this very moment: that is over once we have the lock
            with one_writer(self._folder, PATIENCE):
                return self._fresh_or_new()

    def _fresh_or_new(self) -> Opened:
        """The same for whoever has the lock."""
        try:
            return self._fresh()
        except Torn as fault:
            if stamp_of(self._folder):
                log.warning("index %s is begun anew: %s", self._folder, fault)
            write_state(self._folder, self._begin())
            return self._fresh()

    def _fresh(self) -> Opened:
        """The content as the state file has it now; Torn if the files do not agree with it."""
        stamp = stamp_of(self._folder)
        if self._open is None or self._open.stamp != stamp:
            state = read_state(self._folder)
            build = self._folder / state.build
            self._proven = check_files(build, state.files, self._proven)
            self._open = Opened(stamp, state, _reader(build, state), self._open)
        return self._open


def _reader(build: Path, state: State) -> Any:
    """whoosh's reader of a build's files; Torn if whoosh cannot make sense of them."""
    try:
        reader = FileIndex(FileStorage(str(build)), schema=SCHEMA).reader()
        if reader.doc_count_all() and reader.generation() != state.generation:
            raise Torn("another generation")
    except Torn:
        raise
    except Exception as fault:  # whatever a reader of binary files trips over
        raise Torn(repr(fault)) from fault
    return reader
