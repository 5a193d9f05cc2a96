"""What intake yields: drafts, and a report that names every structure, repair, blank, remark and line not taken."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from service.text.model import Kind, Part


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing put right in the source: `before` and `after` are the words around the first change of that kind in the line."""

    code: str
    line: int  # 1-based line of the source; 0: the source as a whole
    before: str
    after: str
    message: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at that was not changed: a blank, a number out of order, a missing section, a word that seems lost."""

    code: str
    line: int
    quote: str
    message: str


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of structure: a letter, a procedure, a run of clauses, a section."""

    code: str
    first_line: int
    last_line: int
    message: str


@dataclass(frozen=True, slots=True)
class NamedTitle:
    """《title》 with the line on which it stands."""

    title: str
    line: int


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A line that is in no draft, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft text in the format of templates/docs/README.md. Lines are those of the source, both included.

    The title is the source's; where it has none, a makeshift one that names the lines, and the report says so. The front matter has
    an empty department, no claims and a makeshift key: nothing is made up.
    """

    title: str
    kind: Kind
    part: Part | None
    text: str
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class IntakeReport:
    name: str
    encoding: str
    structure: tuple[Found, ...]
    repairs: tuple[Repair, ...]
    blanks: tuple[Remark, ...]
    remarks: tuple[Remark, ...]
    references: tuple[NamedTitle, ...]
    not_taken: tuple[NotTaken, ...]


@dataclass(frozen=True, slots=True)
class IntakeResult:
    drafts: tuple[Draft, ...]
    report: IntakeReport


def as_json(result: IntakeResult) -> dict[str, object]:
    """The result as plain dicts, lists, text and numbers."""
    return asdict(result)
