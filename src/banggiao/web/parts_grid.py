"""Which typed parts do forms of rows and columns have, as data calls ask and are answered; and the page of figures that clash?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from banggiao.web.parts import Difference, Field, FieldSet, Header, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class GridColumn:
    """A column of a form: its heading, the unit, whether it must be filled; `narrow` for numbers, dates and marks."""

    label: str
    unit: str = ""
    required: bool = False
    narrow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """The fields of a row in the order of the columns; each is labelled for those who hear it. `hidden` rides along.

    `head` is text that stands in the first column, before the fields.
    """

    cells: Sequence[Field]
    hidden: Sequence[Field] = ()
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The rows of a form. `more` is the button that adds empty ones without saving.

    `sum` says what the fields whose names end in `sum_of` add up to; it is kept in step while one types.
    """

    title: str
    columns: Sequence[GridColumn]
    rows: Sequence[GridRow]
    help: str = ""
    more: str = ""
    sum_of: str = ""
    sum: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TickGroup:
    """Boxes to tick under a heading that folds; `note` says how many are ticked."""

    title: str
    ticks: Sequence[Field]
    note: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TickBoxes:
    """Groups of boxes: `presets` stand above and mean whole groups."""

    title: str
    groups: Sequence[TickGroup]
    presets: Sequence[Field] = ()
    help: str = ""
    errors: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GridFormPage:
    """grid_form.html: fields, a grid and boxes in one form. `sections` stand above; `also` is a second button (name, label)."""

    header: Header
    action: str
    version: int | None
    submit: str
    cancel_url: str
    sections: Sequence[Section] = ()
    fieldsets: Sequence[FieldSet] = ()
    grid: Grid | None = None
    boxes: TickBoxes | None = None
    after: Sequence[FieldSet] = ()
    also: tuple[str, str] | None = None
    errors: Sequence[str] = ()
    differences: Sequence[Difference] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcilePage:
    """reconcile.html: a section for each group of published figures that clash."""

    header: Header
    sections: Sequence[Section]
