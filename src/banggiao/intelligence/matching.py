"""Which record already tells what a fact tells, and which one comes so near that a person must say whether it is the same?

A matcher looks for the facts of one kind all at once, in a few queries however many they are, and says for each what it would
write (`said`), the record it joins (`found`), and the record it contradicts without being surely another (`near`). Accepting
and the reading room use the same matchers, so what is shown is what will happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz

from banggiao.activities.models import Activity, ActivityPartner
from banggiao.agreements.models import Agreement, AgreementParty
from banggiao.barriers.models import Barrier
from banggiao.commitments.models import Commitment, Directive, Task
from banggiao.core.folding import fold
from banggiao.core.periods import is_partial_date
from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.models import Finding
from banggiao.intelligence.setting import Setting, list_value, period_or_none, text_value, words_of
from banggiao.intelligence.topics import topic_of
from banggiao.intelligence.wording import from_fact_or, most_alike, same_day, sentence_case
from banggiao.partners.models import Partner, Person
from banggiao.sources.models import Fact, OfficialFigure

#: Measured on texts that tell one event: the same task scores 96 and above, another one 61 at most.
SAME_WORDS = 90
#: Between these two a person decides: the words may be those of one duty, changed by another hand.
NEAR_WORDS = 78
#: Two papers that put one event on different days are rarely further apart.
NEAR_DAYS = 3


class Matcher:
    """What the registers hold on some facts of one kind of one document."""

    def __init__(self, setting: Setting, facts: Sequence[Fact]) -> None:
        self.setting = setting
        self._found: dict[UUID, Record] = {}
        self._near: dict[UUID, Record] = {}
        self.look(facts)

    def look(self, facts: Sequence[Fact]) -> None:
        """Fill in what is found and what comes near."""

    def said(self, fact: Fact) -> dict[str, Any]:
        """The fields of its record that the fact fills."""
        return {}

    def found(self, fact: Fact) -> Record | None:
        """The record that tells the same thing."""
        return self._found.get(fact.pk)

    def near(self, fact: Fact) -> Record | None:
        """The record that may be the same and says something else."""
        return self._near.get(fact.pk)

    def _here(self, rows: Any) -> Any:
        return rows.filter(retracted=False, exercise=self.setting.document.exercise)


class EventMatcher(Matcher):
    """An activity: the same day and kind with the same organiser, partners or name; the same within a few days comes near."""

    def look(self, facts: Sequence[Fact]) -> None:
        days = {day for fact in facts for day in _days_around(self.start(fact)[0])}
        rows = list(self._here(Activity.objects).filter(start__in=days).order_by("id"))
        partners: dict[UUID, set[UUID]] = {}
        pairs = ActivityPartner.objects.filter(activity_id__in=[row.pk for row in rows]).values_list("activity_id", "partner_id")
        for activity, partner in pairs if rows else ():
            partners.setdefault(activity, set()).add(partner)
        by_day: dict[str, list[Activity]] = {}
        for row in rows:
            by_day.setdefault(row.start, []).append(row)
        for fact in facts:
            start = self.start(fact)[0]
            same = next((a for a in by_day.get(start, ()) if self._same(fact, a, partners.get(a.pk, set()))), None)
            if same is not None:
                self._found[fact.pk] = same
            elif len(start) == 10 and fact.value.get("role") == "main":
                around = (a for day in _days_around(start) if day != start for a in by_day.get(day, ()))
                if (close := next((a for a in around if self._close(fact, a)), None)) is not None:
                    self._near[fact.pk] = close

    def said(self, fact: Fact) -> dict[str, Any]:
        value, (start, period) = fact.value, self.start(fact)
        return {
            "place": text_value(value, "place", 200),
            "form": text_value(value, "mode"),
            "organiser": text_value(value, "organiser", 300),
            "chair": text_value(value, "chair", 200),
            "start": start,
            "period": period,
        }

    @staticmethod
    def kind(fact: Fact) -> str:
        """The kind of activity."""
        return vocabulary("activity_kind").from_fact(text_value(fact.value, "type"))

    @staticmethod
    def start(fact: Fact) -> tuple[str, str]:
        """The day as far as it is known, and the period where the text names no day."""
        day = text_value(fact.value, "date")
        return (day, "") if is_partial_date(day) else (day[:4] if day[:4].isdigit() else "", day[:24])

    def name(self, fact: Fact) -> str:
        """The event's own name; else, for the event a text reports, its kind, day and chair; else the words that mention it."""
        value, label, start = fact.value, vocabulary("activity_kind").label(self.kind(fact), "vi"), self.start(fact)[0]
        name = text_value(value, "name")
        if value.get("role") != "main" or len(start) != 10:
            return sentence_case(name or words_of(fact, self.setting.document))[:500]
        if name:
            # A text names its conference by what it is about; the register says what it was.
            return sentence_case(name if fold(name).split()[:1] == fold(label).split()[:1] else f"{label} {name}")[:500]
        year, month, day = start.split("-")
        chair, organiser = text_value(value, "chair"), text_value(value, "organiser")
        by = f" do {chair} chủ trì" if chair else f" của {organiser}" if organiser else ""
        return f"{label} ngày {int(day)}/{int(month)}/{year}{by}"[:500]

    def _same(self, fact: Fact, activity: Activity, theirs: set[UUID]) -> bool:
        name = fold(self.name(fact))
        if len(activity.start) < 10:
            # Without a day only the name tells: party congresses, forums that a text mentions in passing.
            return fold(activity.name_vi) == name
        if activity.kind not in _kinds(self.kind(fact)):
            return False
        organiser, chair = fold(text_value(fact.value, "organiser")), fold(text_value(fact.value, "chair"))
        partners = set(self.setting.partner_ids(list_value(fact.value, "participants")))
        return bool(
            (organiser and organiser == fold(activity.organiser))
            or (chair and chair == fold(activity.chair))
            or partners & theirs
            or fuzz.token_set_ratio(name, fold(activity.name_vi)) >= SAME_WORDS
        )

    def _close(self, fact: Fact, activity: Activity) -> bool:
        if activity.kind not in _kinds(self.kind(fact)):
            return False
        chair, said = fold(text_value(fact.value, "chair")), fold(text_value(fact.value, "name"))
        same_chair = not chair or not activity.chair or chair == fold(activity.chair)
        return bool(said) and same_chair and fuzz.token_set_ratio(said, fold(activity.name_vi)) >= SAME_WORDS


class PersonMatcher(Matcher):
    """A person in public office, by name."""

    def look(self, facts: Sequence[Fact]) -> None:
        names = {text_value(fact.value, "name", 200) for fact in facts}
        known: dict[str, Person] = {}
        for person in self._here(Person.objects).filter(name__in=names).order_by("pk"):
            known.setdefault(person.name, person)
        for fact in facts:
            if person := known.get(text_value(fact.value, "name", 200)):
                self._found[fact.pk] = person


class PartnerMatcher(Matcher):
    """A partner, by its code: joined, never made."""

    def look(self, facts: Sequence[Fact]) -> None:
        ids = {fact.pk: ids[0] for fact in facts if (ids := self.setting.partner_ids(text_value(fact.value, "code")))}
        known = Partner.objects.in_bulk(list(set(ids.values())))
        self._found = {pk: known[partner] for pk, partner in ids.items() if partner in known}


class BodyMatcher(Matcher):
    """A home body or place, by its name: joined, never made."""

    def look(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            if body := self.setting.body(text_value(fact.value, "name")):
                self._found[fact.pk] = body


class AgreementMatcher(Matcher):
    """An agreement: the same short name, or the same name with a common party."""

    def look(self, facts: Sequence[Fact]) -> None:
        facts = [fact for fact in facts if not fact.value.get("collective")]
        parties = {fact.pk: set(self.setting.partner_ids(list_value(fact.value, "parties"))) for fact in facts}
        rows = self._here(Agreement.objects).filter(kind__in={self.kind(fact) for fact in facts}) if facts else None
        if rows is None:
            return
        if all(parties.values()):
            theirs = AgreementParty.objects.filter(partner_id__in=set().union(*parties.values()))
            rows = rows.filter(pk__in=theirs.values("agreement"))
        listed = list(rows.order_by("pk").values_list("pk", "kind", "name_vi", "name_en", "code"))
        by_name: dict[tuple[str, str], list[UUID]] = {}
        by_kind: dict[str, list[tuple[UUID, str]]] = {}
        for pk, kind, name_vi, name_en, code in listed:
            folded = [fold(name_vi), fold(name_en), fold(code)]
            by_kind.setdefault(kind, []).append((pk, folded[0]))
            for name in set(folded):
                by_name.setdefault((kind, name), []).append(pk)
        partners: dict[UUID, set[UUID]] = {}
        wanted = set().union(*parties.values())
        for agreement, partner in AgreementParty.objects.filter(partner_id__in=wanted).values_list("agreement_id", "partner_id"):
            partners.setdefault(agreement, set()).add(partner)
        codes = {c.lower(): pk for c, pk in self._codes(facts)}
        chosen: dict[UUID, UUID] = {}
        for fact in facts:
            name, kind, ours = self.name(fact), self.kind(fact), parties[fact.pk]
            fits = [pk for pk in by_name.get((kind, fold(name)), ()) if not ours or ours & partners.get(pk, set())]
            found = codes.get(name.lower()) or next(iter(fits), None)
            if found is None and ours:
                shared = [(pk, text) for pk, text in by_kind.get(kind, ()) if ours & partners.get(pk, set())]
                found = most_alike(shared, name, above=97)
            if found is not None:
                chosen[fact.pk] = found
        known = Agreement.objects.in_bulk(list(set(chosen.values())))
        self._found = {pk: known[agreement] for pk, agreement in chosen.items()}

    def _codes(self, facts: Sequence[Fact]) -> Iterable[tuple[str, UUID]]:
        # A short name of an agreement is its code; codes are compared without regard to case.
        names = {form for fact in facts for name in (self.name(fact),) for form in (name, name.upper(), name.lower())}
        rows: Iterable[tuple[str, UUID]] = self._here(Agreement.objects).filter(code__in=names).values_list("code", "pk")
        return rows

    def said(self, fact: Fact) -> dict[str, Any]:
        status = text_value(fact.value, "status")
        return {"status": vocabulary("agreement_status").from_fact(status)} if status else {}

    def name(self, fact: Fact) -> str:
        """The name, else the words."""
        return text_value(fact.value, "name", 500) or words_of(fact, self.setting.document)[:500]

    @staticmethod
    def kind(fact: Fact) -> str:
        """The kind of agreement."""
        return vocabulary("agreement_kind").from_fact(text_value(fact.value, "type") or "agreement")


class DirectiveMatcher(Matcher):
    """A governing document by number, kind and issuer; one of the same number and another day or kind comes near."""

    def look(self, facts: Sequence[Fact]) -> None:
        self.fitting: dict[UUID, list[Directive]] = {}
        numbers = {form for f in facts for n in (text_value(f.value, "number", 64),) for form in (n, n.upper(), n.lower())}
        known: dict[str, list[Directive]] = {}
        for row in self._here(Directive.objects).filter(number__in=numbers - {""}).order_by("pk"):
            known.setdefault(row.number.lower(), []).append(row)
        for fact in facts:
            same = known.get(text_value(fact.value, "number", 64).lower(), [])
            self.fitting[fact.pk] = fits = [row for row in same if self._fits(fact, row)]
            if len(fits) == 1:
                self._found[fact.pk] = fits[0]
            elif same and not fits:
                self._near[fact.pk] = same[0]

    def said(self, fact: Fact) -> dict[str, Any]:
        value = fact.value
        return {
            "issuer_vi": text_value(value, "issuer", 200),
            "day": text_value(value, "date", 10),
            "name_vi": text_value(value, "subject", 500),
        }

    @staticmethod
    def kind(fact: Fact) -> str:
        """The kind of document, empty when not known."""
        return from_fact_or("directive_kind", text_value(fact.value, "type"))

    def _fits(self, fact: Fact, row: Directive) -> bool:
        kind, day = self.kind(fact), text_value(fact.value, "date", 10)
        return (not kind or not row.kind or row.kind == kind) and (not day or not row.day or same_day(day, row.day))


class FigureMatcher(Matcher):
    """A published figure: the same measure, period and value is the same; another value for the same comes near: a clash."""

    def look(self, facts: Sequence[Fact]) -> None:
        periods = {text_value(fact.value, "period", 24) for fact in facts}
        by_period: dict[str, list[OfficialFigure]] = {}
        for row in self._here(OfficialFigure.objects).filter(period__in=periods).order_by("pk"):
            by_period.setdefault(row.period, []).append(row)
        for fact in facts:
            number, measure, label, unit = self.number(fact), self.measure(fact), fold(self.label(fact)), self.unit(fact)
            period = text_value(fact.value, "period", 24)
            # Without a measure, unit and words tell what is counted.
            alike = [
                row for row in by_period.get(period, ())
                if (row.measure == measure if measure else row.unit == unit and fold(row.label_vi) == label)
            ]  # fmt: skip
            same = next((row for row in alike if row.value == number), None)
            if same is not None:
                self._found[fact.pk] = same
            elif alike and period:
                self._near[fact.pk] = alike[0]

    def said(self, fact: Fact) -> dict[str, Any]:
        return {
            "value": self.number(fact),
            "unit": self.unit(fact),
            "qualifier": from_fact_or("qualifier", text_value(fact.value, "qualifier")),
            "comparison": text_value(fact.value, "comparison", 200),
        }

    @staticmethod
    def number(fact: Fact) -> Decimal:
        """The number."""
        return Decimal(str(fact.value.get("number")))

    @staticmethod
    def unit(fact: Fact) -> str:
        """What is counted."""
        return text_value(fact.value, "unit", 80)

    def label(self, fact: Fact) -> str:
        """What the figure is called."""
        return sentence_case(text_value(fact.value, "meaning") or words_of(fact, self.setting.document))[:400]

    def measure(self, fact: Fact) -> str:
        """The official measure it is a figure of, by its unit and the words around it; empty when none is certain."""
        document = self.setting.document
        near, around = words_of(fact, document).lower(), document.text[fact.evidence_start : fact.evidence_end].lower()
        unit = self.unit(fact).lower()
        for term in vocabulary("activity_measure").terms:
            units = [u for u in term.attributes.get("units", "").split("|") if u]
            cues = [c for c in term.attributes.get("cues", "").split("|") if c]
            if units and any(unit.startswith(u) for u in units) and any(c in near or c in around for c in cues):
                return term.code
        return ""


class DutyMatcher(Matcher):
    """A commitment or task: the same words at the same activity are the same duty, whoever reports it; nearly so comes near."""

    def rows(self) -> Any:
        """The duties of the activity or, without one, of the day."""
        raise NotImplementedError

    def group(self, row: Any) -> str:
        """What a row must have in common with a fact beside its words."""
        return ""

    def group_of(self, fact: Fact) -> str:
        """The same of a fact."""
        return ""

    def look(self, facts: Sequence[Fact]) -> None:
        groups: dict[str, list[tuple[Any, str]]] = {}
        for row in self.rows():
            groups.setdefault(self.group(row), []).append((row, fold(row.text_vi)))
        for fact in facts:
            listed, text = groups.get(self.group_of(fact), []), self.text(fact)
            same = most_alike(listed, text, above=SAME_WORDS)
            if same is not None:
                self._found[fact.pk] = same
            elif (close := most_alike(listed, text, above=NEAR_WORDS)) is not None:
                self._near[fact.pk] = close

    def text(self, fact: Fact) -> str:
        """The words of the duty."""
        return sentence_case(text_value(fact.value, "what") or words_of(fact, self.setting.document))

    @staticmethod
    def deadline(fact: Fact) -> str:
        """The date by which, empty where words only say when."""
        day = text_value(fact.value, "deadline")
        return day if is_partial_date(day) else ""


class CommitmentMatcher(DutyMatcher):
    """A commitment of one side or both."""

    def rows(self) -> Any:
        activity, rows = self.setting.main_activity, self._here(Commitment.objects).order_by("pk")
        return rows.filter(activity=activity) if activity else rows.filter(made_on=self.setting.day())

    def group(self, row: Any) -> str:
        return str(row.side)

    def group_of(self, fact: Fact) -> str:
        return text_value(fact.value, "side")

    def said(self, fact: Fact) -> dict[str, Any]:
        return {"current_due": self.deadline(fact)}


class TaskMatcher(DutyMatcher):
    """A task inside the country."""

    def rows(self) -> Any:
        activity, rows = self.setting.main_activity, self._here(Task.objects).order_by("pk")
        return rows.filter(activity=activity) if activity else rows.filter(given_on=self.setting.day(), activity=None)

    def said(self, fact: Fact) -> dict[str, Any]:
        period = period_or_none(text_value(fact.value, "period", 24))
        return {
            "assignee": text_value(fact.value, "assignee", 300),
            "giver": text_value(fact.value, "giver", 200),
            "period": period,
            "current_due": self.deadline(fact),
        }


class FindingMatcher(Matcher):
    """A result or shortcoming: nearly the same words in the same period."""

    def look(self, facts: Sequence[Fact]) -> None:
        periods = {fact.pk: self.period(fact) for fact in facts}
        groups: dict[tuple[str, str], list[tuple[Any, str]]] = {}
        rows = self._here(Finding.objects).filter(kind__in={f.kind for f in facts}, period__in=set(periods.values()))
        for row in rows.order_by("pk"):
            groups.setdefault((row.kind, row.period), []).append((row, fold(row.text_vi)))
        for fact in facts:
            listed = groups.get((fact.kind, periods[fact.pk]), [])
            same = most_alike(listed, sentence_case(words_of(fact, self.setting.document)), above=96)
            if same is not None:
                self._found[fact.pk] = same

    def period(self, fact: Fact) -> str:
        """The period of the fact, else the one last named before it."""
        return period_or_none(text_value(fact.value, "period", 24)) or self.setting.period_before(fact)


class BarrierMatcher(Matcher):
    """A barrier: one of the same topic and partner, or of the same name."""

    def look(self, facts: Sequence[Fact]) -> None:
        rows = list(self._here(Barrier.objects).order_by("start", "pk"))
        listed = [(row, fold(row.name_vi)) for row in rows]
        for fact in facts:
            partner, topic = next(iter(self.setting.partner_ids([fact.value.get("partner")])), None), topic_of(self.name(fact))
            theirs = [pair for pair in listed if not partner or pair[0].partner_id == partner]
            specific = topic if topic and vocabulary("topic").attribute(topic, "parent") == "barriers" else ""
            same = next((row for row, _name in theirs if specific and row.topic == specific), None)
            same = same or most_alike(theirs, self.name(fact), above=SAME_WORDS)
            if same is not None:
                self._found[fact.pk] = same

    def name(self, fact: Fact) -> str:
        """What the barrier is called."""
        return sentence_case(text_value(fact.value, "what", 400) or words_of(fact, self.setting.document)[:400])


MATCHERS: dict[str, type[Matcher]] = {
    "event": EventMatcher,
    "person": PersonMatcher,
    "partner": PartnerMatcher,
    "organisation": BodyMatcher,
    "place": BodyMatcher,
    "legal_document": DirectiveMatcher,
    "agreement": AgreementMatcher,
    "quantity": FigureMatcher,
    "barrier": BarrierMatcher,
    "commitment": CommitmentMatcher,
    "task": TaskMatcher,
    "result": FindingMatcher,
    "shortcoming": FindingMatcher,
}


def _kinds(kind: str) -> tuple[str, ...]:
    return {"visit": ("visit", "visit_in", "visit_out", "multilateral"), "summit": ("summit", "multilateral")}.get(kind, (kind,))


def _days_around(start: str) -> list[str]:
    if len(start) != 10:
        return [start]
    day = date.fromisoformat(start)
    return [(day + timedelta(days=step)).isoformat() for step in range(-NEAR_DAYS, NEAR_DAYS + 1)]
