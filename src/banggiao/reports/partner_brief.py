"""What stands on the one sheet for tomorrow's meeting with a partner? Large print, one page, each figure with its source.

It is taken from the partner's file, never from stances or notes, and says less where more would not fit on the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pypdfium2

from banggiao.core.acts import Viewer
from banggiao.core.questions import Answer, Bi, Ref
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.questions import timeliness
from banggiao.followup.services import OPEN_STATES
from banggiao.reports.blocks import Block, BulletList, Heading, Inline, OfficialDocument, Paragraph, Run, Text
from banggiao.reports.files import as_pdf
from banggiao.reports.partner_brief_words import BRIEF_WORDS, BriefWords
from banggiao.reports.partner_file import SIDES, PartnerFile, partner_file
from banggiao.reports.questions_partner import figure_label, reporters, trade_figures
from banggiao.reports.typography import Language, number, short_date

#: How many lines a part may take, from generous to scarce; the first that gives one page is taken.
_MEASURES = ((5, 170), (4, 150), (3, 140), (2, 130), (2, 90), (1, 70))
_FIGURES = ("trade_total", "trade_export", "trade_import", "share_export", "share_import")


def compose_brief(code: str, viewer: Viewer, *, at: datetime, language: Language = "vi") -> OfficialDocument:
    """The sheet on a partner as known now, as full as one page allows. Raises NotFound, NotPermitted."""
    file = partner_file(code, viewer, at=at, language=language, rows=8)
    paper = _Sheet(file, language, *_MEASURES[-1]).document()
    for most, longest in _MEASURES:
        tried = _Sheet(file, language, most, longest).document()
        if len(pypdfium2.PdfDocument(as_pdf(tried))) == 1:
            return tried
    return paper


class _Sheet:
    def __init__(self, file: PartnerFile, language: Language, most: int, longest: int) -> None:
        self.file, self.language, self.most, self.longest = file, language, most, longest
        self.words: BriefWords = BRIEF_WORDS[language]

    def document(self) -> OfficialDocument:
        """The whole sheet."""
        words, partner = self.words, self.file.partner
        return OfficialDocument(
            kind=words.kind,
            kind_code="TTX",
            title=self._name(partner),
            issuer=words.issuer,
            issuer_code="BNG",
            place=words.place,
            as_of=self.file.today,
            blocks=tuple(self._blocks()),
            language=self.language,
            exercise=self.file.exercise,
            layout="working",
        )

    def _blocks(self) -> Iterator[Block]:
        words = self.words
        yield Paragraph(self._standing())
        for side in SIDES:
            answer = self.file.duties[side]
            still = self.file.counts.get(side, (0, 0, 0))[1]
            yield Heading(2, words.sides[side] % {"open": number(still, self.language)}, numbered=False)
            lines = tuple(self._duty(answer, row) for row in self._open(answer)[: self.most])
            yield BulletList(lines) if lines else Paragraph(words.no_promise)
        yield Heading(2, words.market, numbered=False)
        yield BulletList(tuple(self._market()))
        meetings = tuple(self._meetings())
        if meetings:
            yield Heading(2, words.meetings, numbered=False)
            yield BulletList(meetings)
        yield Paragraph((Run(words.closing % {"day": short_date(self.file.today, self.language)}, italic=True),))

    def _standing(self) -> Text:
        """Level, mission, next anniversary, in one paragraph."""
        parts: list[Inline] = []
        level = self.file.level
        if level:
            text = vocabulary("relation_level").label(level.level, self.language)
            parts.append(Run(text, bold=True))
            since = self._day(level.day)
            unsure = f"; {self.words.recalled}" if level.evidence == "recalled" else ""
            parts.append(f" ({self.words.since % {'day': since}}{unsure}). " if since else f"{unsure}. ")
        for row in list(self.file.anniversaries.rows)[:1]:
            what = self._text(row.cells[2])
            values = {"day": self._day(row.cells[0]), "years": row.cells[3], "what": what[:1].lower() + what[1:]}
            parts.append(self.words.anniversary % values + " ")
        if self.file.missions:
            parts.append(self.words.mission % {"name": self._name(self.file.missions[0][0])})
        return tuple(parts) or self.words.no_level

    def _open(self, answer: Answer) -> list[Any]:
        return [row for row in answer.rows if self._cell(answer, row, "work_state") in OPEN_STATES]

    def _duty(self, answer: Answer, row: Any) -> Text:
        """What was promised, who must act, by when, and where it stands."""
        lead, due = self._cell(answer, row, "lead"), str(self._cell(answer, row, "current_due") or "")
        state = vocabulary("work_state").label(str(self._cell(answer, row, "work_state")), self.language)
        state = state[:1].lower() + state[1:]
        told = [self._text(lead) if lead else "", self.words.due % {"day": self._day(due)} if due else self.words.no_due, state]
        timely = timeliness(due=due, done_on="", state=str(self._cell(answer, row, "work_state")), today=self.file.today)
        late: tuple[Inline, ...] = (" ", Run(self.words.overdue, bold=True)) if timely == "overdue" else ()
        if timely == "unknown":
            told.append(self.words.unknown)
        return (self._short(self._text(self._cell(answer, row, "text"))), f" ({'; '.join(filter(None, told))})", *late, ".")

    def _market(self) -> Iterator[Text]:
        words = self.words
        figures = [f for f in trade_figures(self.file.partner.code) if len(f.period) == 4 and f.value is not None]
        names = reporters(figures)
        shown: set[str] = set()
        for figure in sorted(figures, key=lambda f: (-int(f.period), _FIGURES.index(f.measure) if f.measure in _FIGURES else 9)):
            if figure.measure in _FIGURES and figure.measure not in shown and len(shown) < self.most:
                shown.add(figure.measure)
                unit = {"USD million": words.million, "%": "%"}.get(figure.unit, figure.unit)
                value = number((figure.value or Decimal()).normalize(), self.language)
                qualifier = vocabulary("qualifier")
                mark = qualifier.from_reference(figure.qualifier) if figure.qualifier else ""
                rounded = f"{qualifier.label(mark, self.language)}; " if mark else ""
                source = Bi(figure.dataset.title, figure.dataset.title_en).get(self.language)
                gap = "" if unit == "%" else " "
                yield (
                    f"{figure_label(figure, names).get(self.language)}, {figure.period}: ",
                    Run(f"{value}{gap}{unit}", bold=True),
                    f" ({rounded}{source}; {words.as_of % {'day': self._day(figure.as_of)}}).",
                )
        if not shown:
            yield words.no_trade
        forces = [row for row in self.file.ftas.rows if row.cells[3] == "in_force"]
        pending = [row for row in self.file.ftas.rows if row.cells[3] != "in_force"]
        for rows, text in ((forces, words.in_force), (pending, words.pending)):
            if rows:
                yield self._short(text % {"names": ", ".join(row.cells[1] for row in rows)}) + "."
        if self.file.barriers.rows:
            listed = [self._text(row.cells[0]) for row in self.file.barriers.rows][: self.most]
            more = self.file.barriers.total - len(listed)
            rest = words.more % {"count": more} if more > 0 else ""
            yield words.barriers % {"names": "; ".join(listed)} + rest + "."

    def _meetings(self) -> Iterator[Text]:
        answer, now = self.file.activities, self.file.today.isoformat()
        dated = [(str(self._cell(answer, row, "start") or ""), row) for row in answer.rows]
        coming = sorted((item for item in dated if item[0] >= now), key=lambda item: item[0])
        past = [item for item in dated if item[0] < now]
        for items, text in ((coming[:1], self.words.coming), (past[: max(1, self.most - 1)], self.words.past)):
            for day, row in items:
                yield text % {"day": self._day(day), "name": self._short(self._text(self._cell(answer, row, "name")))}
        known = list(self.file.people.rows)[: self.most]
        people = [row.cells[0] + (f" ({row.cells[1]})" if row.cells[1] else "") for row in known]
        if people:
            yield self.words.people % {"names": "; ".join(people)}

    def _cell(self, answer: Answer, row: Any, key: str) -> Any:
        place = next((n for n, c in enumerate(answer.columns) if c.key == key), None)
        return row.cells[place] if place is not None else None

    def _text(self, value: Any) -> str:
        if isinstance(value, Ref):
            value = value.title
        return value.get(self.language) if isinstance(value, Bi) else str(value or "")

    def _name(self, record: Any) -> str:
        return str(record.name_vi if self.language == "vi" or not record.name_en else record.name_en)

    def _short(self, text: str) -> str:
        text = text.rstrip(" .")
        return text if len(text) <= self.longest else text[: self.longest - 1].rsplit(" ", 1)[0] + "…"

    def _day(self, text: str) -> str:
        if len(text) == 10:
            return short_date(date.fromisoformat(text), self.language)
        return "/".join(reversed(text.split("-")))
