"""What stands in each part of the review report, in the order that such reports have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from banggiao.activities.models import Activity
from banggiao.agreements.models import Agreement
from banggiao.commitments.models import Commitment
from banggiao.core.history import links_then
from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.models import Finding
from banggiao.partners.models import RelationLevel
from banggiao.reports.blocks import (
    Annex,
    Block,
    BulletList,
    Chart,
    Column,
    Figure,
    Heading,
    Inline,
    NoteRef,
    OfficialDocument,
    Paragraph,
    Series,
    Table,
    Text,
)
from banggiao.reports.review_known import MEASURES, Known
from banggiao.reports.typography import number
from banggiao.sources.models import OfficialFigure

#: So many directives or barriers are named in the text; the register holds them all.
MOST_NAMED = 12


class Composer(Known):
    """Writes the parts of the report of what is known."""

    def base(self) -> OfficialDocument:
        """The whole paper without conclusions: the six parts in their order, each under its heading, and the annexes."""
        words, label = self.words, self.period.label(self.language)
        yearly = "-" not in self.period.code and "/" not in self.period.code
        blocks: list[Block] = [
            Heading(1, words.overview),
            *self._overview(),
            *self._chart(),
            Heading(1, words.results),
            *self._results(),
            Heading(1, words.shortcomings),
            *self._shortcomings(),
            Heading(1, words.lessons),
            Heading(1, words.next_tasks % {"period": self._following()}),
            *self._tasks(),
            Heading(1, words.recommendations),
        ]
        return OfficialDocument(
            kind=words.kind,
            kind_code="BC",
            title=(words.yearly if yearly else words.title) % {"period": label},
            issuer=words.issuer if not self.exercise else words.exercise_issuer,
            issuer_code="BNG" if not self.exercise else "DT",
            place=words.place,
            as_of=self.day,
            blocks=tuple(blocks),
            language=self.language,
            recipients=words.recipients,
            annexes=tuple(self._annexes()),
            notes=self.book.notes,
            exercise=self.exercise,
        )

    def _overview(self) -> Iterable[Block]:
        known, words = self.known, self.words
        published: list[Inline] = []
        for measure in MEASURES:
            for figure in self._distinct(f for f in known.figures if f.measure == measure):
                published += [", " if published else "", self._figure_words(figure), self._published(figure)]
        if published:
            yield Paragraph((words.published % {"period": self.period.label(self.language)}, *published, "."))
            clashing = [m for m in MEASURES if len({f.value for f in known.figures if f.measure == m}) > 1]
            if clashing:
                names = ", ".join(vocabulary("activity_measure").label_at(m, self.language, self.day).lower() for m in clashing)
                yield Paragraph(words.clash % {"names": names})
        counted: tuple[Inline, ...] = (
            words.counted,
            words.activities % {"count": number(len(known.activities), self.language)},
            self._count("activities", words.activities % {"count": ""}, "high_level_activities", known.activities),
            "; ",
            words.instruments % {"count": number(len(known.agreements), self.language)},
            self._count("instruments", words.instruments % {"count": ""}, "instruments_signed", known.agreements),
            "; ",
            words.upgrades % {"count": number(len(known.levels), self.language)},
            self._count("upgrades", words.upgrades % {"count": ""}, "relation_upgrades", known.levels),
            ". ",
            words.incomplete,
        )
        yield Paragraph(counted)

    def _published(self, figure: OfficialFigure) -> NoteRef:
        """The note of a published figure, which is remembered with its one row."""
        key = f"published.{figure.measure}.{figure.pk}"
        measures = vocabulary("activity_measure")
        label = measures.label_at(figure.measure, self.language, self.day) if figure.measure in measures else figure.label_vi
        qualifier = vocabulary("qualifier").label_at(figure.qualifier, self.language, self.day) + " " if figure.qualifier else ""
        self._remember(
            key, label, f"{qualifier}{number(figure.value.normalize(), self.language)}", figure.counting_rule, [figure]
        )
        return NoteRef(self._note(figure, figure.counting_rule).number, key)

    def _distinct(self, figures: Iterable[OfficialFigure]) -> list[OfficialFigure]:
        return sorted(figures, key=lambda f: (f.value, f.as_of, str(f.pk)))

    def _figure_words(self, figure: OfficialFigure) -> str:
        """“gần 50 hoạt động đối ngoại cấp cao”: the figure as it was published, with its qualifier and comparison."""
        measures = vocabulary("activity_measure")
        label = (
            measures.label_at(figure.measure, self.language, self.day).lower() if figure.measure in measures else figure.label_vi
        )
        qualifier = vocabulary("qualifier").label_at(figure.qualifier, self.language, self.day) + " " if figure.qualifier else ""
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
            tuple(fields.label_at(code, self.language, self.day) for code in ordered),
            (Series(self.words.instruments_name, tuple(counts[c] for c in ordered)),),
            self.words.instrument_unit,
            self.words.field,
        )
        alt = self.words.chart_alt + "; ".join(f"{fields.label_at(c, self.language, self.day)}: {counts[c]}" for c in ordered)
        caption = self.words.chart_caption % {"period": self.period.label(self.language)}
        note = self._count("instruments", self.words.instruments % {"count": ""}, "instruments_signed", self.known.agreements)
        yield Figure(chart, alt, caption, (self.words.register_source, note))

    def _results(self) -> Iterable[Block]:
        yield Heading(2, self.words.guidance)
        yield from self._guidance()
        yield from self._by_driver()
        yield Heading(2, self.words.barriers)
        yield from self._barriers()
        yield Heading(2, self.words.commitments)
        yield from self._commitments_told()
        yield Heading(2, self.words.last_review)
        yield from self._carried_out()

    def _guidance(self) -> Iterable[Block]:
        found = self.known.directives
        if not found:
            yield Paragraph(self.words.nothing)
            return
        counted = self._told("directives", self.words.directives, "directives_of_period", found)
        yield Paragraph((*counted, "."))
        yield BulletList(tuple(f"{d.number}, {self._day(d.day)}: {self._name(d)}".rstrip(": ") for d in found[:MOST_NAMED]))

    def _barriers(self) -> Iterable[Block]:
        found = self.known.barriers
        yield Paragraph((*self._told("barriers", self.words.resolved, "barriers_resolved", found), "."))
        if found:
            yield BulletList(
                tuple(
                    f"{self._name(b)} ({vocabulary('barrier_status').label_at(b.state, self.language, self.day).lower()})"
                    for b in found[:MOST_NAMED]
                )
            )

    def _commitments_told(self) -> Iterable[Block]:
        known, words = self.known, self.words
        yield Paragraph(
            (
                words.counted,
                *self._told("commitments.made", words.made, "commitments_made", known.made),
                "; ",
                *self._told("commitments.done", words.done, "commitments_done", known.done),
                "; ",
                *self._told("commitments.past_due", words.past_due, "commitments_past_due", known.past_due),
                ".",
            )
        )

    def _told(self, key: str, words: str, rule: str, records: Sequence[Record]) -> tuple[Inline, ...]:
        """A count in words, with its note."""
        text = words % {"count": number(len(records), self.language)}
        return text, self._count(key, words % {"count": ""}, rule, records)

    def _carried_out(self) -> Iterable[Block]:
        """How the conclusions of the last review were carried out: each task with its state, and whether it was asked again."""
        words, tasks = self.words, self.known.last_tasks
        if self.known.last is None:
            yield Paragraph(words.no_last)
            return
        if not tasks:
            yield Paragraph(words.no_last_tasks % {"review": self._name(self.known.last)})
            return
        again = self.asked_again(tasks)
        done = [t for t in tasks if t.work_state == "done"]
        yield Paragraph(
            (
                *self._told("last.tasks", words.last_tasks, "tasks_of_last_review", tasks),
                "; ",
                *self._told("last.done", words.last_done, "tasks_of_last_review", done),
                "; ",
                *self._told("last.again", words.last_again, "tasks_of_last_review", [t for t in tasks if t.pk in again]),
                ".",
            )
        )
        states = vocabulary("work_state")
        rows: tuple[tuple[Text, ...], ...] = tuple(
            (
                str(place),
                self._text(task) + (f" {words.again}" if task.pk in again else ""),
                self.bodies.get(task.lead_id, "") or task.assignee or words.unassigned,
                self._day(task.current_due) if task.current_due else words.unknown,
                states.label_at(task.work_state, self.language, self.day),
            )
            for place, task in enumerate(tasks, 1)
        )
        yield Table((*self._task_columns(), Column(words.state, width=1.6)), rows, words.last_caption)

    def _by_driver(self) -> Iterable[Block]:
        topics, fields = vocabulary("topic"), vocabulary("agreement_field")
        results = [f for f in self.known.findings if f.kind == "result"]
        for driver in vocabulary("growth_driver").terms:
            mine = [f for f in results if (f.growth_driver or "other") == driver.code]
            signed = [
                a
                for a in self.known.agreements
                if (fields.attribute(a.field, "growth_driver") if a.field else "other") == driver.code
            ]
            yield Heading(2, vocabulary("growth_driver").label_at(driver.code, self.language, self.day))
            if not mine and not signed:
                yield Paragraph(self.words.nothing)
                continue
            for field in fields.terms:
                told = [f for f in mine if (topics.attribute(f.topic, "field") if f.topic else "other") == field.code]
                here = [a for a in signed if (a.field or "other") == field.code]
                if not told and not here:
                    continue
                called = fields.label_at(field.code, self.language, self.day)
                if driver.code != "other":
                    yield Heading(3, called)
                items = self._sentences(told)
                if here:
                    items.append(
                        (
                            (self.words.signed_one if len(here) == 1 else self.words.signed_here)
                            % {"count": number(len(here), self.language)},
                            self._count(
                                f"instruments.{driver.code}.{field.code}",
                                f"{self.words.instruments % {'count': ''}}: {called}",
                                "instruments_signed",
                                here,
                            ),
                        )
                    )
                yield BulletList(tuple(items))

    def _shortcomings(self) -> Iterable[Block]:
        found = [f for f in self.known.findings if f.kind == "shortcoming"]
        if found:
            yield BulletList(tuple(self._sentences(found)))

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
            return
        rows: list[tuple[Text, ...]] = []
        for place, task in enumerate(self.known.tasks, 1):
            due = self._day(task.current_due) if task.current_due else task.urgency or words.unknown
            lead = self.bodies.get(task.lead_id, "") or task.assignee or words.unassigned
            rows.append((str(place), (f"{self._text(task)} ", self._note(task, "tasks_of_period")), lead, due))
        yield Table(self._task_columns(), tuple(rows), words.tasks_caption % {"period": self._following()})

    def _task_columns(self) -> tuple[Column, ...]:
        words = self.words
        return (
            Column(words.no, "center", 0.5),
            Column(words.task, width=5.0),
            Column(words.lead, width=2.0),
            Column(words.due, "center", 1.4),
        )

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

        commitments = [*known.made, *(c for c in known.past_due if c not in known.made)]
        if commitments:
            columns = (
                number_column,
                Column(words.commitment, width=4.0),
                Column(words.lead, width=2.0),
                Column(words.due, "center", 1.2),
                Column(words.state, width=1.6),
            )
            rows = tuple(self._commitment_row(n, c) for n, c in enumerate(commitments, 1))
            yield Annex(words.annex_commitments % {"period": label}, (Table(columns, rows),))

    def _commitment_row(self, place: int, commitment: Commitment) -> tuple[Text, ...]:
        rule = "commitments_made" if commitment in self.known.made else "commitments_past_due"
        return (
            str(place),
            (f"{self._text(commitment)} ", self._note(commitment, rule)),
            self.bodies.get(commitment.lead_id, "") or self.words.unassigned,
            self._day(commitment.current_due) if commitment.current_due else self.words.unknown,
            vocabulary("work_state").label_at(commitment.work_state, self.language, self.day),
        )

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
        level = vocabulary("relation_level").label_at(step.level, self.language, self.day)
        event = vocabulary("relation_event").label_at(step.event, self.language, self.day).lower()
        named = (f"{level} ({event}) ", self._note(step, "relation_upgrades"))
        return str(place), self._day(step.day), self.partners.get(step.partner_id, ""), named

    def _agreement_row(self, place: int, agreement: Agreement) -> tuple[Text, ...]:
        return (
            str(place),
            self._day(agreement.signed_on),
            (f"{self._name(agreement)} ", self._note(agreement, "instruments_signed")),
            vocabulary("agreement_kind").label_at(agreement.kind, self.language, self.day),
            self._partners(agreement, "parties"),
        )

    def _partners(self, record: Record, link: str) -> str:
        return ", ".join(self.partners.get(UUID(str(pk)), "") for pk in links_then(record, link))

    def _text(self, record: Any) -> str:
        text = str(record.text_vi if self.language == "vi" or not record.text_en else record.text_en).strip()
        return text if text.endswith((".", "!", "?", "…")) else f"{text}."
