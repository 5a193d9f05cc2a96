"""Icons of the pages: Tabler's outline set, set into the page itself so that they take its colour and cost no request."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup

from service.settings import settings

_TAG = re.compile(r"<svg.*?>", re.DOTALL)
_SHAPE = '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


@lru_cache(maxsize=256)
def icon(name: str) -> Markup:
    """The icon of this name (see tabler.io/icons) for beside a word: screen readers pass over it. An unknown name is an error."""
    drawn = (settings().assets / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg").read_text("utf-8")
    return Markup(_TAG.sub(f'{_SHAPE} aria-hidden="true">', drawn, count=1))  # noqa: S704  # from our own installation, no one's input
