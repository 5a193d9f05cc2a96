"""A record form whose rows hold more than a page is wide → the same form with those rows in several. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil

from service.text.model import Fields, Form, FormRow, Grid, Signatures

MOST_FIELDS = 5  # labels with their places, side by side
MOST_SIGNERS = 6
BROAD = 18  # columns on a broad page; more are set in stretches


def narrowed(form: Form) -> tuple[Form, list[tuple[str, str]]]:
    """The form, and what was met and done."""
    done: list[tuple[str, str]] = []
    rows = tuple(new for row in form.rows for new in _narrowed(row, done))
    return (replace(form, rows=rows), done) if done else (form, done)


def _narrowed(row: FormRow, done: list[tuple[str, str]]) -> Iterator[FormRow]:
    if isinstance(row, Fields) and len(row.entries) > MOST_FIELDS:
        done.append((f"表单一行有 {len(row.entries)} 栏", f"每行至多排 {MOST_FIELDS} 栏"))
        yield from (Fields(tuple(row.entries[start:end])) for start, end in shares(len(row.entries), MOST_FIELDS))
    elif isinstance(row, Signatures) and len(row.signers) > MOST_SIGNERS:
        done.append((f"表单一行有 {len(row.signers)} 处签字", f"每行至多排 {MOST_SIGNERS} 处"))
        yield from (Signatures(tuple(row.signers[start:end])) for start, end in shares(len(row.signers), MOST_SIGNERS))
    elif isinstance(row, Grid) and len(row.columns) > BROAD:
        first, *others = row.columns
        stretches = shares(len(others), BROAD - 1)
        done.append((f"表单的表格 {len(row.columns)} 列", f"按列分为 {len(stretches)} 段，首列各段重复"))
        yield from (Grid((first, *others[start:end]), row.rows) for start, end in stretches)
    else:
        yield row


def shares(total: int, most: int) -> Sequence[tuple[int, int]]:
    """As few stretches of at most `most` as there can be, about equally long."""
    count = ceil(total / most)
    edges = [total * place // count for place in range(count + 1)]
    return list(pairwise(edges))
