"""What the file of a partner holds: one page of everything that stands about it, each part the answer of a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from banggiao.core.acts import Viewer
from banggiao.core.questions import ALL, Answer, Bi, Page, ask
from banggiao.partners.models import Institution, Partner, RelationLevel
from banggiao.partners.questions_levels import home_day, standing_levels
from banggiao.reports.blocks import Chart, Series
from banggiao.reports.questions_partner import (
    agreement_states,
    blocs_of,
    duty_counts,
    missions_to,
    partner_named,
    trade_figures,
)
from banggiao.reports.records import levels_of
from banggiao.reports.typography import Language
from banggiao.sources.models import Observation

SIDES = ("theirs", "ours", "joint")
ROWS = 6
AHEAD = timedelta(days=365)


@dataclass(frozen=True)
class PartnerFile:
    """The parts of the file as far as the viewer may know them."""

    partner: Partner
    today: date
    at: datetime
    level: RelationLevel | None
    levels: Sequence[RelationLevel]
    anniversaries: Answer
    counts: Mapping[str, tuple[int, int, int]]
    duties: Mapping[str, Answer]
    states: Sequence[tuple[str, int]]
    agreements: Answer
    ftas: Answer
    barriers: Answer
    people: Answer
    activities: Answer
    documents: Answer
    trade: Answer
    chart: Chart | None
    missions: Sequence[tuple[Institution, bool]]
    blocs: Sequence[Partner]

    @property
    def exercise(self) -> bool:
        """Whether anything of the exercise is on it."""
        parts = (*self.duties.values(), self.agreements, self.ftas, self.barriers, self.people, self.activities, self.documents)
        return self.partner.exercise or any(row.exercise for part in parts for row in part.rows)

    def total(self, place: int) -> int:
        """All commitments (0), the open ones (1) or the overdue ones (2) of every side."""
        return sum(count[place] for count in self.counts.values())


def partner_file(code: str, viewer: Viewer, *, at: datetime, language: Language, rows: int = ROWS) -> PartnerFile:
    """The file of a partner. Raises NotFound, NotPermitted."""
    viewer.require("registers.view", subject=code)
    partner, today = partner_named(code, viewer), home_day(at)
    of = {"partner": partner.code}

    def answer(question: str, params: Mapping[str, str] | None = None, page: Page | None = None) -> Answer:
        return ask(question, {**of, **(params or {})}, viewer, at=at, page=page or Page(rows)).listed()

    days = f"{today.isoformat()}/{(today + AHEAD).isoformat()}"
    return PartnerFile(
        partner=partner,
        today=today,
        at=at,
        level=standing_levels(viewer, partners=[partner.pk]).get(partner.pk),
        levels=levels_of(partner, viewer),
        anniversaries=answer("anniversaries", {"period": days}),
        counts=duty_counts(partner, viewer, today),
        duties={side: answer("partner_commitments", {"side": side}) for side in SIDES},
        states=agreement_states(partner, viewer),
        agreements=answer("agreements"),
        ftas=answer("common_ftas", page=ALL),
        barriers=answer("partner_barriers", page=ALL),
        people=answer("partner_people"),
        activities=answer("activities", page=Page(rows + 2)),
        documents=answer("partner_documents"),
        trade=answer("partner_trade", page=ALL),
        chart=trade_chart(partner, language),
        missions=missions_to(partner, viewer),
        blocs=blocs_of(partner, viewer),
    )


#: Unit, exports, imports.
_CHART = {
    "value": (
        Bi("triệu USD", "USD million"),
        Bi("Xuất khẩu của Việt Nam", "Viet Nam's exports"),
        Bi("Nhập khẩu của Việt Nam", "Viet Nam's imports"),
    ),
    "share": (
        Bi("%, tỷ trọng trong tổng của Việt Nam", "%, share in Viet Nam's total"),
        Bi("Xuất khẩu", "Exports"),
        Bi("Nhập khẩu", "Imports"),
    ),
}


def trade_chart(partner: Partner, language: Language) -> Chart | None:
    """The partner's share in our exports and imports by year, or where no shares are known, goods traded by year.

    Figures of one set and one counting only; None where there are fewer than two years.
    """
    figures = trade_figures(partner.code)
    for kind, names in (("share", ("share_export", "share_import")), ("value", ("trade_export", "trade_import"))):
        table: dict[str, dict[str, Observation]] = {}
        for figure in figures:
            usual = figure.dimensions.get("reporter", "VNM") == "VNM" and figure.dimensions.get("basis", "goods") == "goods"
            if figure.measure in names and len(figure.period) == 4 and usual and figure.value is not None:
                table.setdefault(figure.period, {}).setdefault(figure.measure, figure)
        if len(table) > 1:
            unit, *labels = (words.get(language) for words in _CHART[kind])
            years = sorted(table)
            series = tuple(
                Series(label, tuple(_value(table[year].get(name)) for year in years))
                for name, label in zip(names, labels, strict=True)
            )
            return Chart("column", tuple(years), series, unit, "Năm" if language == "vi" else "Year")
    return None


def _value(figure: Observation | None) -> Decimal | None:
    return None if figure is None or figure.value is None else figure.value.normalize()


def latest_total(code: str) -> Observation | None:
    """The latest two-way trade in goods of a whole year by our own statistics."""
    kept = [
        f
        for f in trade_figures(code)
        if f.measure == "trade_total" and len(f.period) == 4 and f.dimensions.get("reporter") == "VNM" and f.value is not None
    ]
    return kept[0] if kept else None
