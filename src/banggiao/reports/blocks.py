"""What does an official paper consist of? One content model, which PDF, Word and page all render.

Plain frozen values: whoever composes a paper fills them from answers of `questions`; the renderers add layout and the fixed
wording, never content.
Text may be a plain string, or a tuple of strings, `Run`s and `NoteRef`s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from typing import Any, Literal

from banggiao.core.errors import N_, InvalidInput
from banggiao.reports.typography import NBSP, Language, Number, number

Align = Literal["left", "center", "right"]
Layout = Literal["official", "working", "landscape"]
ChartKind = Literal["bar", "stacked", "column"]


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one face."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class NoteRef:
    """Where a figure's note is called; `number` is the note's, `figure` the key under which a figure is frozen."""

    number: int
    figure: str = ""


Inline = str | Run | NoteRef
Text = str | tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """The sentence a figure stands in, word for word, and where it is read."""

    sentence: str
    document: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """The row of a data set, or the query of a register, that a figure comes from, and where it is read."""

    dataset: str
    row: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What stands behind a figure: the counting rule (or what kind of statement it is), the day it holds for, the sources."""

    number: int
    rule: str
    as_of: date
    sources: tuple[SourceSentence | SourceRow, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is numbered I., level 2 1., level 3 a)."""

    level: Literal[1, 2, 3]
    text: str
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Text


@dataclass(frozen=True, slots=True)
class BulletList:
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class NumberedList:
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `width` is its share of the line relative to the others."""

    label: str
    align: Align = "left"
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with at least one column; no rows is allowed and said so in print. `source` is printed below."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    caption: str = ""
    source: Text = ""

    def __post_init__(self) -> None:
        if not self.columns or any(len(row) != len(self.columns) for row in self.rows):
            raise InvalidInput(
                N_("Bảng không có cột, hoặc có dòng không đủ số ô theo cột."),
                subject=self.caption,
                remedy=N_("Hãy cho mỗi dòng đúng một ô cho mỗi cột."),
            )


@dataclass(frozen=True, slots=True)
class Series:
    """One measured thing across the chart's categories; None means that there is no figure, which is not nought.

    A `plain` series is neither good nor bad and drawn grey.
    """

    name: str
    values: tuple[Number | None, ...]
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: horizontal bars or columns (side by side when several series), or bars stacked to a total (no negative values)."""

    kind: ChartKind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    category_label: str = ""

    def __post_init__(self) -> None:
        if not self.series or any(len(one.values) != len(self.categories) for one in self.series):
            raise InvalidInput(N_("Biểu đồ thiếu chuỗi số liệu, hoặc số giá trị không khớp số nhóm."), subject=self.unit)
        if self.kind == "stacked" and any(value < 0 for one in self.series for value in one.values if value is not None):
            raise InvalidInput(
                N_("Biểu đồ chồng không nhận giá trị âm."), subject=self.unit, remedy=N_("Hãy dùng biểu đồ thanh hoặc cột.")
            )

    def as_table(self, language: Language, caption: str = "") -> Table:
        """The same figures as a table, one row a category, for readers who cannot see the chart or want to check it."""
        unit = self.unit.replace(" ", NBSP) if len(self.unit) < 12 else self.unit
        heads = [f"{one.name} ({unit})" if self.unit else one.name for one in self.series]
        absent = "không có số liệu" if language == "vi" else "no data"
        return Table(
            columns=(Column(self.category_label, width=2.0), *(Column(head, "right") for head in heads)),
            rows=tuple(
                (
                    category,
                    *(absent if one.values[place] is None else number(one.values[place] or 0, language) for one in self.series),
                )
                for place, category in enumerate(self.categories)
            ),
            caption=caption,
        )


@dataclass(frozen=True, slots=True)
class Shade:
    """A class of a map's legend: its words and its colour."""

    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class Place:
    """What a country shows on a map: its name, the class it falls in, its value in words, and the page it leads to."""

    name: str
    shade: int
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class WorldMap:
    """A map that colours countries by class: `places` by ISO 3166-1 alpha-3, `shades` the legend, `alt` what it shows.

    `others` names what is drawn and falls in no class.
    """

    title: str
    shades: tuple[Shade, ...]
    places: Mapping[str, Place]
    alt: str
    others: Mapping[str, str] = field(default_factory=dict)

    def as_table(self, language: Language, caption: str = "") -> Table:
        """The same values as a table, one row a country."""
        heads = ("Nước, vùng lãnh thổ", "Giá trị") if language == "vi" else ("Country or territory", "Value")
        rows = tuple((place.name, place.value) for place in self.places.values())
        return Table((Column(heads[0], width=1.5), Column(heads[1])), rows, caption)


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart or a map in the text; `alt` says in words what it shows. The table of a map stands beside it."""

    chart: Chart | WorldMap
    alt: str
    caption: str
    source: Text = ""


Block = Heading | Paragraph | BulletList | NumberedList | Table | Figure


@dataclass(frozen=True, slots=True)
class Annex:
    """A phụ lục: its own heading, page and page numbers."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """A whole paper. `number`, `dated` and `signer` are entered by people only; until all three are, it is a draft.

    `kind`, `issuer` and `parent_issuer` are given as in running text (Báo cáo, Bộ Ngoại giao); `kind_code` and `issuer_code`
    make BC-BNG. A `working` paper has a title only, no head of state and no signature, and wide lines;
    a `landscape` one is the same on a page laid across, for wide tables.
    `signing_as` holds the lines above the signature (KT. BỘ TRƯỞNG, THỨ TRƯỞNG). A ministry has no `parent_issuer`;
    a unit of one has.
    """

    kind: str
    kind_code: str
    title: str
    issuer: str
    issuer_code: str
    place: str
    as_of: date
    blocks: tuple[Block, ...]
    language: Language = "vi"
    parent_issuer: str = ""
    number: int | None = None
    dated: date | None = None
    signer: str = ""
    signing_as: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    notes: tuple[Note, ...] = ()
    exercise: bool = False
    layout: Layout = "official"

    @property
    def is_draft(self) -> bool:
        """Whether number, date or signer is still missing."""
        return self.number is None or self.dated is None or not self.signer.strip()


@dataclass(slots=True)
class NoteBook:
    """Collects the notes while a paper is composed: the same note asked for twice keeps one number."""

    _numbers: dict[tuple[object, ...], int] = field(default_factory=dict)
    _notes: list[Note] = field(default_factory=list)

    def refer(self, rule: str, as_of: date, *sources: SourceSentence | SourceRow) -> NoteRef:
        """The reference to put behind the figure."""
        key = (rule, as_of, sources)
        if key not in self._numbers:
            self._numbers[key] = len(self._notes) + 1
            self._notes.append(Note(self._numbers[key], rule, as_of, sources))
        return NoteRef(self._numbers[key])

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(self._notes)


def inlines(text: Text) -> tuple[Run | NoteRef, ...]:
    """`text` as runs and note references."""
    parts: Iterable[Inline] = (text,) if isinstance(text, str) else text
    return tuple(Run(part) if isinstance(part, str) else part for part in parts)


def in_reading_order(document: OfficialDocument) -> OfficialDocument:
    """The same paper with its notes numbered 1, 2, 3 as a reader meets them; notes nothing refers to are left out.

    Raises InvalidInput when a reference has no note: a figure would stand without its source.
    """
    known = {note.number: note for note in document.notes}
    numbers: dict[int, int] = {}
    for ref in _references((document.blocks, document.annexes)):
        if ref.number not in known:
            raise InvalidInput(
                N_("Số liệu dẫn tới ghi chú %(number)s nhưng văn bản không có ghi chú đó."),
                subject=document.title,
                remedy=N_("Hãy bổ sung ghi chú hoặc bỏ chỗ dẫn."),
                number=ref.number,
            )
        numbers.setdefault(ref.number, len(numbers) + 1)
    return replace(
        document,
        blocks=_renumbered(document.blocks, numbers),
        annexes=_renumbered(document.annexes, numbers),
        notes=tuple(replace(known[old], number=new) for old, new in numbers.items()),
    )


def _references(value: Any) -> Iterator[NoteRef]:
    if isinstance(value, NoteRef):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _references(part)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _references(getattr(value, one.name))


def _renumbered(value: Any, numbers: Mapping[int, int]) -> Any:
    if isinstance(value, NoteRef):
        return replace(value, number=numbers[value.number])
    if isinstance(value, tuple):
        return tuple(_renumbered(part, numbers) for part in value)
    if is_dataclass(value) and not isinstance(value, type | Chart | WorldMap | Run):
        return replace(value, **{one.name: _renumbered(getattr(value, one.name), numbers) for one in fields(value)})
    return value
