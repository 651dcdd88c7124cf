"""Which parts do the pages of world trade have beside those of every page?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from banggiao.web.parts import Action, Basis, Chart, Chip, Definition, Empty, Form, Header, Kpi, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A chart with its table twin, and what can be taken away of it (table as CSV, Excel, JSON; picture as SVG, PNG)."""

    id: str
    chart: Chart
    exports: Sequence[Action] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """A figure of a matrix, written out; `shade` 0 to 5 says how large it is among the others, `words` name it when heard."""

    text: str = ""
    shade: int = 0
    url: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """A line of a matrix: what it is of, and its cells in the order of the columns."""

    label: str
    note: str = ""
    url: str = ""
    cells: Sequence[MatrixCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Products against markets: `heads` are the columns with where they lead ("" for nowhere)."""

    id: str
    title: str
    meta: str
    corner: str
    heads: Sequence[tuple[str, str]]
    rows: Sequence[MatrixRow]
    basis: Basis | None = None
    exports: Sequence[Action] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPage:
    """A page of the markets: tabs, what it is computed for, figures, and which data it all rests on.

    `paired` charts stand side by side, `shown` ones below each other. `about` says release, licence, method and caveat of
    everything on the page; `empty` stands alone where there is no data.
    """

    header: Header
    tabs: Sequence[Chip]
    form: Form | None = None
    chips: Sequence[Chip] = ()
    kpis: Sequence[Kpi] = ()
    matrix: Matrix | None = None
    paired: Sequence[Shown] = ()
    shown: Sequence[Shown] = ()
    sections: Sequence[Section] = ()
    aside: Sequence[Section] = ()
    about: Sequence[Definition] = ()
    caveat: str = ""
    empty: Empty | None = None
