"""Which typed parts show where a duty stands: its numbers apart, each with rule, date and what it counted, and its colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from banggiao.web.parts import Badge, Link, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One number: `value` as it is read, `lines` beside it (tone, words), what it counted and by which rule.

    `shares` are verified and claimed, 0 to 100, drawn as one bar; the bar says `heard` to those who hear the page.
    """

    label: str
    value: str
    lines: Sequence[tuple[Tone, str]]
    counted: str
    rule: Link
    shares: tuple[int, int] | None = None
    heard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingPanel:
    """The numbers of a duty, the colour computed from them, and the published table it is read from (colour, when, now)."""

    colour: Badge
    as_of: date
    numbers: Sequence[Standing]
    table: Sequence[tuple[Badge, str, bool]]
