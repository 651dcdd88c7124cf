"""What the review report of a period says: figures, results by growth driver, shortcomings, tasks of the next period, annexes.

Composed from the registers as known at a moment, so the same moment gives the same report. Every figure carries a note that
leads to its counting rule, its date, and the sentence or the row of a reference set it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from banggiao.activities.models import Activity, Review
from banggiao.agreements.models import Agreement
from banggiao.commitments.models import Task
from banggiao.core.acts import Viewer
from banggiao.core.history import as_known, links_then
from banggiao.core.periods import Period, parse_period
from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.models import Finding
from banggiao.partners.models import Institution, Partner, RelationLevel
from banggiao.reports.blocks import (
    Annex,
    Block,
    BulletList,
    Chart,
    Column,
    Figure,
    Heading,
    Inline,
    NoteBook,
    NoteRef,
    OfficialDocument,
    Paragraph,
    Series,
    SourceRow,
    SourceSentence,
    Table,
    Text,
    in_reading_order,
)
from banggiao.reports.review_words import WORDS, Words
from banggiao.reports.typography import Language, number, short_date
from banggiao.sources.models import Citation, Dataset, Document, OfficialFigure

HOME_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
_MEASURES = ("high_level_external_activities", "agreements_signed", "partnerships_upgraded")
_UPGRADES = ("established", "upgraded")


def compose(
    period_code: str, viewer: Viewer, *, at: datetime, language: Language = "vi", exercise: bool = False
) -> OfficialDocument:
    """The review report of a period as known at `at`, notes in reading order.

    Raises NotPermitted, and InvalidInput for what is no period.
    """
    viewer.require("reports.view", subject=period_code)
    return in_reading_order(_Composer(parse_period(period_code), viewer, at, language, exercise).document())


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything the report speaks of, as known then."""

    figures: list[OfficialFigure]
    activities: list[Activity]
    agreements: list[Agreement]
    levels: list[RelationLevel]
    findings: list[Finding]
    tasks: list[Task]


class _Composer:
    def __init__(self, period: Period, viewer: Viewer, at: datetime, language: Language, exercise: bool) -> None:
        self.period, self.viewer, self.at, self.language, self.exercise = period, viewer, at, language, exercise
        self.words: Words = WORDS[language]
        self.day: date = at.astimezone(HOME_TIME).date()
        self.book = NoteBook()
        self.known = self._read()
        self.partners = {p.pk: self._name(p) for p in self._as_known(Partner, Q(), lambda _p: True, any_world=True)}
        self.bodies = {i.pk: self._name(i) for i in self._as_known(Institution, Q(), lambda _i: True, any_world=True)}
        self.datasets = {d.pk: d for d in Dataset.objects.all()}
        self.citations = self._citations()

    def document(self) -> OfficialDocument:
        """The whole paper."""
        words, label = self.words, self.period.label(self.language)
        review = next(
            iter(self._as_known(Review, Q(period=self.period.code), lambda r: r.period == self.period.code)),
            Review(period=self.period.code),
        )
        yearly = "-" not in self.period.code and "/" not in self.period.code
        blocks: list[Block] = [
            Heading(1, words.overview),
            *self._overview(),
            *self._chart(),
            Heading(1, words.results),
            *self._results(),
            Heading(1, words.shortcomings),
            *self._shortcomings(),
            Heading(1, words.next_tasks % {"period": self._following()}),
            *self._tasks(),
        ]
        return OfficialDocument(
            kind=words.kind,
            kind_code="BC",
            title=(words.yearly if yearly else words.title) % {"period": label},
            issuer=words.issuer if not self.exercise else words.exercise_issuer,
            issuer_code="BNG" if not self.exercise else "DT",
            place=review.place or words.place,
            as_of=self.day,
            blocks=tuple(blocks),
            language=self.language,
            number=review.number,
            dated=review.issued_on,
            signer=review.signer_name,
            signing_as=tuple(filter(None, (review.signer_title.upper(),))),
            recipients=words.recipients,
            annexes=tuple(self._annexes()),
            notes=self.book.notes,
            exercise=self.exercise,
        )

    # --- what is known

    def _as_known(self, model: Any, where: Q, holds: Any, *, any_world: bool = False) -> list[Any]:
        if any_world:
            return as_known(model, self.viewer, self.at, where=where, holds=holds)
        return as_known(
            model,
            self.viewer,
            self.at,
            where=where & Q(exercise=self.exercise),
            holds=lambda r: r.exercise == self.exercise and holds(r),
        )

    def _read(self) -> _Known:
        period, code = self.period, self.period.code
        following = self._following_period()
        leaders = {t.code for t in vocabulary("activity_level").terms if t.attributes.get("high_level") == "yes"}
        kinds = vocabulary("agreement_kind")
        uncounted = ("leaders_declaration", "company_document")

        def began(a: Activity) -> bool:
            return a.level in leaders and (period.holds(a.start) or a.period == code)

        def signed(a: Agreement) -> bool:
            return period.holds(a.signed_on) and not a.collective and kinds.attribute(a.kind, "family") not in uncounted

        def of_next(t: Task) -> bool:
            if following is None:
                return False
            return t.period == following.code if t.period else following.holds(t.given_on)

        dated = Q(start__gte=period.start, start__lt=period.end)
        following_q = Q(pk__isnull=True)
        if following is not None:
            given = Q(period="", given_on__gte=following.start, given_on__lt=following.end)
            following_q = Q(period=following.code) | given
        return _Known(
            figures=self._as_known(OfficialFigure, Q(period=code), lambda f: f.period == code),
            activities=sorted(
                filter(began, self._as_known(Activity, dated | Q(period=code), began)), key=lambda a: (a.start, a.code)
            ),
            agreements=sorted(
                filter(signed, self._as_known(Agreement, Q(signed_on__gte=period.start, signed_on__lt=period.end), signed)),
                key=lambda a: (a.signed_on, a.code),
            ),
            levels=sorted(
                (
                    level
                    for level in self._as_known(
                        RelationLevel, Q(day__gte=period.start, day__lt=period.end), lambda r: period.holds(r.day)
                    )
                    if level.event in _UPGRADES
                ),
                key=lambda r: (r.day, r.pk),
            ),
            findings=self._as_known(Finding, Q(period=code), lambda f: f.period == code),
            tasks=self._as_known(Task, following_q, of_next),
        )

    def _citations(self) -> dict[UUID, list[tuple[Citation, Document]]]:
        ids = {
            r.pk for group in (self.known.figures, self.known.findings, self.known.tasks, self.known.activities) for r in group
        }
        cited = as_known(Citation, self.viewer, self.at, where=Q(subject_id__in=ids), holds=lambda c: c.subject_id in ids)
        documents = {d.pk: d for d in Document.objects.visible_to(self.viewer).filter(pk__in={c.document_id for c in cited})}
        found: dict[UUID, list[tuple[Citation, Document]]] = {}
        for citation in sorted(
            cited, key=lambda c: (documents[c.document_id].published if c.document_id in documents else "", c.start)
        ):
            if citation.document_id in documents:
                found.setdefault(citation.subject_id, []).append((citation, documents[citation.document_id]))
        return found

    def _name(self, record: Any) -> str:
        return str(record.name_vi if self.language == "vi" or not record.name_en else record.name_en)

    def _following_period(self) -> Period | None:
        return None if "/" in self.period.code else self.period.following()

    def _following(self) -> str:
        following = self._following_period()
        return following.label(self.language) if following else self.words.next_period

    # --- notes

    def _note(self, record: Any, rule: str) -> NoteRef:
        """The note of one record: its sentences where it is cited, and its row where it was loaded."""
        sources: list[SourceSentence | SourceRow] = []
        for citation, document in self.citations.get(record.pk, ()):
            sentence = " ".join(document.text[citation.evidence_start : citation.evidence_end].split())
            where = ", ".join(filter(None, (document.title, document.outlet, self._day(document.published[:10]))))
            address = document.url or f"/documents/{document.pk}?fact={citation.fact_id}#w-{citation.fact_id}"
            sources.append(SourceSentence(sentence, where, address))
        dataset = self.datasets.get(getattr(record, "dataset_id", None))
        if dataset is not None:
            key = record.row_key + (f" ({self.words.recalled})" if record.evidence == "recalled" else "")
            sources.append(SourceRow(self._set(dataset), key, record.source_url))
        as_of = getattr(record, "as_of", "") or self._first_published(record)
        return self.book.refer(self._rule(rule), self._full_day(as_of), *sources)

    def _set(self, dataset: Dataset) -> str:
        title = dataset.title if self.language == "vi" or not dataset.title_en else dataset.title_en
        return f"{title} ({dataset.edition})"

    def _count_note(self, rule: str, records: Sequence[Record]) -> NoteRef:
        """The note of a count made here: the rule, and which sets the counted rows come from."""
        ids = sorted({d for r in records if (d := getattr(r, "dataset_id", None))}, key=str)
        own = sum(1 for r in records if getattr(r, "dataset_id", None) is None)
        sources = [
            SourceRow(
                self._set(self.datasets[d]),
                self.words.rows % {"count": sum(1 for r in records if getattr(r, "dataset_id", None) == d)},
                self.datasets[d].url,
            )
            for d in ids
        ]
        if own:
            sources.append(SourceRow(self.words.register, self.words.rows % {"count": own}))
        return self.book.refer(self._rule(rule), self.day, *sources)

    def _rule(self, code: str) -> str:
        return vocabulary("counting_rule").label(code, self.language)

    def _first_published(self, record: Any) -> str:
        cited = self.citations.get(record.pk)
        return cited[0][1].published[:10] if cited else ""

    def _full_day(self, partial: str) -> date:
        return date.fromisoformat(partial) if len(partial) == 10 else self.day

    def _day(self, partial: str) -> str:
        if len(partial) == 10:
            return short_date(date.fromisoformat(partial), self.language)
        return "/".join(reversed(partial.split("-")))

    # --- sections

    def _overview(self) -> Iterable[Block]:
        known, words = self.known, self.words
        published: list[Inline] = []
        for measure in _MEASURES:
            for figure in self._distinct(f for f in known.figures if f.measure == measure):
                published += [", " if published else "", self._figure_words(figure), self._note(figure, figure.counting_rule)]
        if published:
            yield Paragraph((words.published % {"period": self.period.label(self.language)}, *published, "."))
            clashing = [m for m in _MEASURES if len({f.value for f in known.figures if f.measure == m}) > 1]
            if clashing:
                names = ", ".join(vocabulary("activity_measure").label(m, self.language).lower() for m in clashing)
                yield Paragraph(words.clash % {"names": names})
        counted: tuple[Inline, ...] = (
            words.counted,
            words.activities % {"count": number(len(known.activities), self.language)},
            self._count_note("high_level_activities", known.activities),
            "; ",
            words.instruments % {"count": number(len(known.agreements), self.language)},
            self._count_note("instruments_signed", known.agreements),
            "; ",
            words.upgrades % {"count": number(len(known.levels), self.language)},
            self._count_note("relation_upgrades", known.levels),
            ". ",
            words.incomplete,
        )
        yield Paragraph(counted)

    def _distinct(self, figures: Iterable[OfficialFigure]) -> list[OfficialFigure]:
        return sorted(figures, key=lambda f: (f.value, f.as_of, str(f.pk)))

    def _figure_words(self, figure: OfficialFigure) -> str:
        """“gần 50 hoạt động đối ngoại cấp cao”: the figure as it was published, with its qualifier and comparison."""
        measures = vocabulary("activity_measure")
        label = measures.label(figure.measure, self.language).lower() if figure.measure in measures else figure.label_vi
        qualifier = vocabulary("qualifier").label(figure.qualifier, self.language) + " " if figure.qualifier else ""
        value = f"{qualifier}{number(figure.value.normalize(), self.language)}"
        unit = measures.attribute(figure.measure, f"unit_{self.language}") if figure.measure in measures else figure.unit
        words = self.words.measures.get(figure.measure)
        text = words % {"value": value} if words else f"{value} {unit}: {label}"
        return text + (f" ({figure.comparison})" if figure.comparison and self.language == "vi" else "")

    def _chart(self) -> Iterable[Block]:
        fields = vocabulary("agreement_field")
        counts = {t.code: sum(1 for a in self.known.agreements if a.field == t.code) for t in fields.terms}
        counts = {code: count for code, count in counts.items() if count}
        if not counts:
            return
        ordered = sorted(counts, key=lambda code: -counts[code])
        chart = Chart(
            "bar",
            tuple(fields.label(code, self.language) for code in ordered),
            (Series(self.words.instruments_name, tuple(counts[c] for c in ordered)),),
            self.words.instrument_unit,
            self.words.field,
        )
        alt = self.words.chart_alt + "; ".join(f"{fields.label(c, self.language)}: {counts[c]}" for c in ordered)
        caption = self.words.chart_caption % {"period": self.period.label(self.language)}
        yield Figure(
            chart, alt, caption, (self.words.register_source, self._count_note("instruments_signed", self.known.agreements))
        )

    def _results(self) -> Iterable[Block]:
        topics, fields = vocabulary("topic"), vocabulary("agreement_field")
        results = [f for f in self.known.findings if f.kind == "result"]
        for driver in vocabulary("growth_driver").terms:
            mine = [f for f in results if (f.growth_driver or "other") == driver.code]
            signed = [
                a
                for a in self.known.agreements
                if (fields.attribute(a.field, "growth_driver") if a.field else "other") == driver.code
            ]
            yield Heading(2, driver.label(self.language))
            if not mine and not signed:
                yield Paragraph(self.words.nothing)
                continue
            for field in fields.terms:
                told = [f for f in mine if (topics.attribute(f.topic, "field") if f.topic else "other") == field.code]
                here = [a for a in signed if (a.field or "other") == field.code]
                if not told and not here:
                    continue
                if driver.code != "other":
                    yield Heading(3, field.label(self.language))
                items = self._sentences(told)
                if here:
                    items.append(
                        (
                            (self.words.signed_one if len(here) == 1 else self.words.signed_here)
                            % {"count": number(len(here), self.language)},
                            self._count_note("instruments_signed", here),
                        )
                    )
                yield BulletList(tuple(items))

    def _shortcomings(self) -> Iterable[Block]:
        found = [f for f in self.known.findings if f.kind == "shortcoming"]
        yield BulletList(tuple(self._sentences(found))) if found else Paragraph(self.words.nothing)

    def _sentences(self, findings: Sequence[Finding]) -> list[Text]:
        """One item for each sentence the findings rest on: a clause torn from its sentence can say more than the sentence did."""
        groups: dict[object, list[Finding]] = {}
        for finding in findings:
            first = next(iter(self.citations.get(finding.pk, ())), None)
            groups.setdefault((first[0].document_id, first[0].evidence_start) if first else finding.pk, []).append(finding)
        items: list[Text] = []
        for group in groups.values():
            clauses = [self._text(f).rstrip(".") for f in group]
            joined = "; ".join([clauses[0], *(c[:1].lower() + c[1:] for c in clauses[1:])])
            items.append((f"{joined}. " if not joined.endswith("…") else f"{joined} ", self._note(group[0], "findings_cited")))
        return items

    def _tasks(self) -> Iterable[Block]:
        words = self.words
        if not self.known.tasks:
            yield Paragraph(words.no_tasks)
            return
        rows: list[tuple[Text, ...]] = []
        for place, task in enumerate(self.known.tasks, 1):
            due = self._day(task.current_due) if task.current_due else task.urgency or words.unknown
            lead = self.bodies.get(task.lead_id, "") or task.assignee or words.unassigned
            rows.append((str(place), (f"{self._text(task)} ", self._note(task, "tasks_of_period")), lead, due))
        columns = (
            Column(words.no, "center", 0.5),
            Column(words.task, width=5.0),
            Column(words.lead, width=2.0),
            Column(words.due, "center", 1.4),
        )
        yield Table(columns, tuple(rows), words.tasks_caption % {"period": self._following()})

    def _annexes(self) -> Iterable[Annex]:
        words, known, label = self.words, self.known, self.period.label(self.language)
        number_column, day_column = Column(words.no, "center", 0.5), Column(words.day, "center", 1.2)
        if known.activities:
            columns: tuple[Column, ...] = (
                number_column,
                day_column,
                Column(words.activity, width=4.0),
                Column(words.partner, width=2.0),
                Column(words.documents, "center"),
            )
            rows: tuple[tuple[Text, ...], ...] = tuple(self._activity_row(n, a) for n, a in enumerate(known.activities, 1))
            yield Annex(words.annex_activities % {"period": label}, (Table(columns, rows),))
        if known.levels:
            rows = tuple(self._level_row(n, r) for n, r in enumerate(known.levels, 1))
            columns = (number_column, day_column, Column(words.partner, width=2.5), Column(words.level, width=3.5))
            yield Annex(words.annex_levels % {"period": label}, (Table(columns, rows),))
        if known.agreements:
            columns = (
                number_column,
                day_column,
                Column(words.agreement, width=4.0),
                Column(words.kind_of, width=1.8),
                Column(words.partner, width=1.8),
            )
            rows = tuple(self._agreement_row(n, a) for n, a in enumerate(known.agreements, 1))
            yield Annex(words.annex_agreements % {"period": label}, (Table(columns, rows),))

    def _activity_row(self, place: int, activity: Activity) -> tuple[Text, ...]:
        signed = activity.documents_signed
        return (
            str(place),
            self._day(activity.start),
            (f"{self._name(activity)} ", self._note(activity, "high_level_activities")),
            self._partners(activity, "partners"),
            number(signed, self.language) if signed is not None else self.words.unknown,
        )

    def _level_row(self, place: int, step: RelationLevel) -> tuple[Text, ...]:
        level = vocabulary("relation_level").label(step.level, self.language)
        event = vocabulary("relation_event").label(step.event, self.language).lower()
        named = (f"{level} ({event}) ", self._note(step, "relation_upgrades"))
        return str(place), self._day(step.day), self.partners.get(step.partner_id, ""), named

    def _agreement_row(self, place: int, agreement: Agreement) -> tuple[Text, ...]:
        return (
            str(place),
            self._day(agreement.signed_on),
            (f"{self._name(agreement)} ", self._note(agreement, "instruments_signed")),
            vocabulary("agreement_kind").label(agreement.kind, self.language),
            self._partners(agreement, "parties"),
        )

    def _partners(self, record: Record, link: str) -> str:
        return ", ".join(self.partners.get(UUID(str(pk)), "") for pk in links_then(record, link))

    def _text(self, record: Any) -> str:
        text = str(record.text_vi if self.language == "vi" or not record.text_en else record.text_en).strip()
        return text if text.endswith((".", "!", "?", "…")) else f"{text}."
