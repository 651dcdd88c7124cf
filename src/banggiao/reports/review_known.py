"""What is known of a period: the records that the review report speaks of as known at a moment, its notes and its figures."""

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
from banggiao.barriers.models import Barrier
from banggiao.commitments.models import Commitment, Directive, RepeatedAsk, Task
from banggiao.core.acts import Viewer
from banggiao.core.history import as_known
from banggiao.core.periods import Period, last_day, parse_period
from banggiao.core.questions import Bi
from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.models import Finding
from banggiao.followup.services import GIVEN_STATES
from banggiao.partners.models import Institution, Partner, RelationLevel
from banggiao.reports.blocks import NoteBook, NoteRef, SourceRow, SourceSentence
from banggiao.reports.review_words import WORDS, Words
from banggiao.reports.typography import Language, number, short_date
from banggiao.reviews.models import ReviewPoint
from banggiao.reviews.papers import FrozenFigure
from banggiao.sources.models import Citation, Dataset, Document, OfficialFigure

HOME_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
MEASURES = ("high_level_external_activities", "agreements_signed", "partnerships_upgraded")
_UPGRADES = ("established", "upgraded")


@dataclass(frozen=True, slots=True)
class Found:
    """Everything the report speaks of, as known then."""

    figures: list[OfficialFigure]
    activities: list[Activity]
    agreements: list[Agreement]
    levels: list[RelationLevel]
    findings: list[Finding]
    tasks: list[Task]
    directives: list[Directive]
    barriers: list[Barrier]
    made: list[Commitment]
    done: list[Commitment]
    past_due: list[Commitment]
    last: Review | None
    last_tasks: list[Task]


class Known:
    """What is known of a period at a moment, as far as the viewer may know, with the notes and figures that are asked of it."""

    def __init__(self, period: Period, viewer: Viewer, at: datetime, language: Language, exercise: bool) -> None:
        self.period, self.viewer, self.at, self.language, self.exercise = period, viewer, at, language, exercise
        self.words: Words = WORDS[language]
        self.day: date = at.astimezone(HOME_TIME).date()
        self.book = NoteBook()
        self.figures: dict[str, FrozenFigure] = {}
        self.review: Review | None = next(
            iter(self._as_known(Review, Q(period=period.code), lambda r: r.period == period.code)), None
        )
        self.known = self._read()
        self.partners = {p.pk: self._name(p) for p in self._as_known(Partner, Q(), lambda _p: True, any_world=True)}
        self.bodies = {i.pk: self._name(i) for i in self._as_known(Institution, Q(), lambda _i: True, any_world=True)}
        self.datasets = {d.pk: d for d in self._as_known(Dataset, Q(), lambda _d: True, any_world=True)}
        self.citations = self._citations()

    def points(self) -> list[ReviewPoint]:
        """The lines of the conclusions as known then, as they were entered."""
        writes = self.viewer.may("reviews.run") or self.viewer.may("reviews.conclude")
        if self.review is None or not (writes or self.review.state in ("concluded", "published")):
            return []
        of, pk = Q(review=self.review.pk, retracted=False), self.review.pk
        return self._as_known(ReviewPoint, of, lambda p: p.review_id == pk and not p.retracted)

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

    def _read(self) -> Found:
        period, code = self.period, self.period.code
        following = self._following_period()
        leaders = {t.code for t in vocabulary("activity_level").terms if t.attributes.get("high_level") == "yes"}
        kinds = vocabulary("agreement_kind")
        uncounted = ("leaders_declaration", "company_document")

        # Version 1 of the rule counted planned ones too: a report of its days still does.
        any_status = vocabulary("counting_rule").term_at("high_level_activities", self.day).version == 1

        def began(a: Activity) -> bool:
            return a.level in leaders and (any_status or a.status == "held") and (period.holds(a.start) or a.period == code)

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
        last, last_tasks = self._last()
        commitments = self._commitments()
        return Found(
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
            directives=self._dated(Directive, "day"),
            barriers=self._dated(Barrier, "resolved_on"),
            made=self._dated(Commitment, "made_on"),
            done=[c for c in self._dated(Commitment, "done_on") if c.work_state == "done"],
            past_due=commitments,
            last=last,
            last_tasks=last_tasks,
        )

    def _dated(self, model: Any, name: str) -> list[Any]:
        """The records whose date lies in the period, by that date."""
        inside = Q(**{f"{name}__gte": self.period.start, f"{name}__lt": self.period.end})
        rows = self._as_known(model, inside, lambda r: self.period.holds(getattr(r, name)))
        return sorted(rows, key=lambda r: (getattr(r, name), r.pk))

    def _commitments(self) -> list[Commitment]:
        """Commitments not completed and past due on the day of the report (rule `commitments_past_due`)."""
        day = self.day.isoformat()

        def late(c: Commitment) -> bool:
            return bool(c.current_due) and c.work_state in GIVEN_STATES and last_day(c.current_due) < self.day

        rows = self._as_known(Commitment, Q(current_due__gt="", current_due__lt=day) & Q(work_state__in=GIVEN_STATES), late)
        return sorted(filter(late, rows), key=lambda c: (c.current_due, c.pk))

    def _last(self) -> tuple[Review | None, list[Task]]:
        """The review of the period before, and the tasks that its conclusions became."""
        if "/" in self.period.code:
            return None, []
        others = self._as_known(Review, ~Q(period=self.period.code), lambda r: r.period != self.period.code)
        before = (r for r in others if "/" not in r.period and parse_period(r.period).following().code == self.period.code)
        last: Review | None = next(before, None)
        if last is None:
            return None, []
        pk = last.pk
        return last, self._as_known(
            Task,
            Q(origin_type="activities.review", origin_id=pk),
            lambda t: t.origin_type == "activities.review" and t.origin_id == pk,
        )

    def asked_again(self, tasks: Sequence[Task]) -> set[UUID]:
        """Which of the tasks somebody found asked for again by a later one."""
        ids = {t.pk for t in tasks}
        rows = as_known(RepeatedAsk, self.viewer, self.at, where=Q(same=True), holds=lambda r: r.same)
        return {r.earlier_id for r in rows if r.earlier_id in ids}

    def _citations(self) -> dict[UUID, list[tuple[Citation, Document]]]:
        ids = {
            r.pk
            for group in (self.known.figures, self.known.findings, self.known.tasks, self.known.activities, self.known.last_tasks)
            for r in group
        }
        cited = as_known(Citation, self.viewer, self.at, where=Q(subject_id__in=ids), holds=lambda c: c.subject_id in ids)
        named = {c.document_id for c in cited}
        documents = {
            d.pk: d for d in as_known(Document, self.viewer, self.at, where=Q(pk__in=named), holds=lambda d: d.pk in named)
        }
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

    def _count(self, key: str, label: str, rule: str, records: Sequence[Record]) -> NoteRef:
        """The note of a count made here: the rule, and which sets the counted rows come from; the figure is remembered."""
        ids = sorted({d for r in records if (d := getattr(r, "dataset_id", None)) in self.datasets}, key=str)
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
        self._remember(key, label, number(len(records), self.language), rule, records)
        return NoteRef(self.book.refer(self._rule(rule), self.day, *sources).number, key)

    def _remember(self, key: str, label: str, value: str, rule: str, records: Iterable[Record]) -> None:
        label = " ".join(label.split()).strip(": ")
        label = label[:1].upper() + label[1:]
        counted = tuple((r.record_type(), r.pk) for r in records)
        self.figures[key] = FrozenFigure(key, Bi(label, label), value, rule, counted)

    def _rule(self, code: str) -> str:
        return vocabulary("counting_rule").label_at(code, self.language, self.day)

    def _first_published(self, record: Any) -> str:
        cited = self.citations.get(record.pk)
        return cited[0][1].published[:10] if cited else ""

    def _full_day(self, partial: str) -> date:
        return date.fromisoformat(partial) if len(partial) == 10 else self.day

    def _day(self, partial: str) -> str:
        return day_in_print(partial, self.language)


def day_in_print(partial: str, language: Language) -> str:
    """A full or partial ISO date as papers write it: 05/9/2025, 9/2025, 2025."""
    if len(partial) == 10:
        return short_date(date.fromisoformat(partial), language)
    return "/".join(reversed(partial.split("-")))
