"""What manuals are measured on: the demo manufacturer, and generated organisations, each in a home of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench import generate
from bench.measure import surroundings
from bench.plain import markdown
from service import clock
from service.book.links import without_dangling
from service.book.model import Book
from service.db import open_database, reading
from service.documents.queries import in_force
from service.manuals import keep_folder
from service.manuals.assemble import assemble
from service.manuals.queries import load_source
from service.manuals.rules import ManualSource
from service.manuals.workshop import default_workshop
from service.organisations.queries import find_organisation

HOME = Path(__file__).resolve().parent.parent / "build" / "bench"
ON = date(2026, 6, 1)
CODE = "HC"
DEMO = "import sys, pathlib; from service.demo import main; main(pathlib.Path(sys.argv[1]))"


@dataclass(frozen=True, slots=True)
class Subject:
    """An organisation with documents in force on day `on`, in a database of its own; the same manual as one Markdown file for the peers."""

    name: str
    documents: int
    folder: Path
    url: str
    on: date
    markdown: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"SERVICE_MANUAL_DATA": str(self.folder / "data"), "SERVICE_MANUAL_DATABASE": self.url}

    def source(self) -> ManualSource:
        workshop = default_workshop()
        with reading(open_database(self.url)) as session:
            return load_source(session, find_organisation(session, CODE), workshop.standard, workshop.register, on=self.on)

    def book(self) -> Book:
        """The whole manual, ready to be rendered."""
        return without_dangling(assemble(self.source())[0].book)

    def forget(self) -> None:
        """What was found out before is gone, as on the first day."""
        shutil.rmtree(self.folder / "data" / keep_folder.NAME, ignore_errors=True)

    def command(self, formats: str) -> list[str]:
        """The product's own command, which renders anew; charts and places on pages that it found out before, it knows (see `forget`)."""
        asked = [
            "--organisation",
            CODE,
            "--as-of",
            self.on.isoformat(),
            "--format",
            formats,
            "--output",
            str(self.folder / "out"),
            "--fresh",
        ]
        return [sys.executable, "-m", "service", "manual", "build", *asked]


def generated(count: int) -> Subject:
    """`count` procedures of about 1,500 characters."""
    folder = _emptied(str(count))
    return _subject("generated", folder, generate.prepare(folder, count), ON)


def demo() -> Subject:
    """The demo manufacturer with all that it has."""
    folder = _emptied("demo")
    url = f"sqlite:///{folder / 'demo.sqlite'}"
    environment = {"SERVICE_MANUAL_DATA": str(folder / "data"), "SERVICE_MANUAL_DATABASE": url}
    words = [sys.executable, "-c", DEMO, str(folder / "results")]
    subprocess.run(words, env=surroundings(environment), check=True, stdout=subprocess.DEVNULL)
    with reading(open_database(url)) as session:
        today = clock.today(find_organisation(session, CODE).time_zone)
    return _subject("demo", folder, url, today)


def _emptied(name: str) -> Path:
    shutil.rmtree(HOME / name, ignore_errors=True)
    (HOME / name).mkdir(parents=True)
    return HOME / name


def _subject(name: str, folder: Path, url: str, on: date) -> Subject:
    with reading(open_database(url)) as session:
        pairs = in_force(session, find_organisation(session, CODE).id, on)
    found = Subject(name, len(pairs), folder, url, on, folder / "same.md")
    found.markdown.write_text(markdown(found.book()), "utf-8")
    return found
