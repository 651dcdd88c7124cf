"""How an accepted fact becomes or joins a record, kind by kind.

Each function looks for the record that already tells the same thing, fills what is empty in it and never overwrites what
stands there, or makes a new one. Which functions there are stands in `ACCEPT` at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz

from banggiao.activities.models import Activity
from banggiao.activities.services import create_activity
from banggiao.agreements.models import Agreement
from banggiao.agreements.services import create_agreement
from banggiao.barriers.models import Barrier
from banggiao.barriers.services import create_barrier
from banggiao.commitments.models import Commitment, Directive, Task
from banggiao.commitments.services import create_commitment, create_directive, create_task
from banggiao.core import records
from banggiao.core.errors import N_, FieldProblem, MissingInformation, NotFound
from banggiao.core.folding import fold
from banggiao.core.periods import is_partial_date, parse_period
from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.models import Finding
from banggiao.followup.services import record_finding
from banggiao.intelligence.setting import Outcome, Setting, list_value, text_value, words_of
from banggiao.intelligence.topics import driver_of, field_of, topic_of
from banggiao.partners.models import Partner, Person
from banggiao.partners.services import create_person, see_in_post
from banggiao.sources.models import Fact, OfficialFigure
from banggiao.sources.services import record_figure

#: Measured on texts that tell one event: the same task scores 96 and above, another one 61 at most.
SAME_WORDS = 90


def accept_event(setting: Setting, fact: Fact) -> Outcome:
    """An activity: the same day and kind with the same organiser, partners or name is the same activity."""
    value = fact.value
    kind = vocabulary("activity_kind").from_fact(text_value(value, "type"))
    date = text_value(value, "date")
    start, period = (date, "") if is_partial_date(date) else (date[:4] if date[:4].isdigit() else "", date[:24])
    name = _event_name(setting, fact, kind, start)
    partners = setting.partner_ids(list_value(value, "participants"))
    found = _same_activity(setting, fact, kind, start, name, set(partners))
    values = {
        "place": text_value(value, "place", 200),
        "form": text_value(value, "mode"),
        "organiser": text_value(value, "organiser", 300),
        "chair": text_value(value, "chair", 200),
        "start": start,
        "period": period,
    }
    people = [p for p in list_value(value, "participants") if not setting.partner_ids(p)]
    if found is None:
        made = create_activity(
            act=setting.act,
            partners=partners,
            year=setting.day()[:4],
            values={**setting.values(), **values, "kind": kind, "name_vi": name, "participants": people},
        )
        return Outcome(made, created=True)
    links = records.read_links(Activity.links["partners"], found.pk)
    more = [str(p) for p in partners if str(p) not in links]
    joined = list(dict.fromkeys([*found.participants, *people]))
    extra = {"participants": joined} if joined != found.participants else {}
    return _fill(setting, found, values, extra, {"partners": [*links, *more]} if more else None)


def _event_name(setting: Setting, fact: Fact, kind: str, start: str) -> str:
    """The event's own name; else, for the event a text reports, its kind, day and chair; else the words that mention it."""
    value, label = fact.value, vocabulary("activity_kind").label(kind, "vi")
    name = text_value(value, "name")
    if value.get("role") != "main" or len(start) != 10:
        return _sentence_case(name or words_of(fact, setting.document))[:500]
    if name:
        # A text names its conference by what it is about; the register says what it was.
        return _sentence_case(name if fold(name).split()[:1] == fold(label).split()[:1] else f"{label} {name}")[:500]
    year, month, day = start.split("-")
    chair, organiser = text_value(value, "chair"), text_value(value, "organiser")
    by = f" do {chair} chủ trì" if chair else f" của {organiser}" if organiser else ""
    return f"{label} ngày {int(day)}/{int(month)}/{year}{by}"[:500]


def accept_person(setting: Setting, fact: Fact) -> Outcome:
    """A person in public office, and each post the document names them in on its day."""
    name = text_value(fact.value, "name", 200)
    person = Person.objects.filter(name=name, retracted=False, exercise=setting.document.exercise).first()
    made = person is None
    person = person or create_person(act=setting.act, values={**setting.values(), "name": name})
    for title in list_value(fact.value, "positions"):
        see_in_post(act=setting.act, person=person, title=title[:300], day=setting.day(), values=setting.values())
    return Outcome(person, created=made, changed=bool(list_value(fact.value, "positions")))


def accept_partner(setting: Setting, fact: Fact) -> Outcome:
    """A partner that the document speaks of: the citation joins the partner's record."""
    ids = setting.partner_ids(text_value(fact.value, "code"))
    return Outcome(Partner.objects.get(pk=ids[0]) if ids else None)


def accept_body(setting: Setting, fact: Fact) -> Outcome:
    """A home body or place that the document speaks of; what is not in the register needs no record of its own."""
    return Outcome(setting.body(text_value(fact.value, "name")))


def accept_agreement(setting: Setting, fact: Fact) -> Outcome:
    """An agreement: the same short name, or the same name with a common party. Groups without names are left to the figures."""
    value = fact.value
    if value.get("collective"):
        return Outcome(None)
    name = text_value(value, "name", 500) or words_of(fact, setting.document)[:500]
    kind = vocabulary("agreement_kind").from_fact(text_value(value, "type") or "agreement")
    status = vocabulary("agreement_status").from_fact(text_value(value, "status") or "proposed")
    parties = setting.partner_ids(list_value(value, "parties"))
    same = Agreement.objects.filter(code__iexact=name, retracted=False, exercise=setting.document.exercise)
    found = same.first() or _same_agreement(setting, name, kind, parties)
    if found is not None:
        links = records.read_links(Agreement.links["parties"], found.pk)
        more = [str(p) for p in parties if str(p) not in links]
        return _fill(setting, found, {}, {}, {"parties": [*links, *more]} if more and not found.dataset_id else None)
    topic = topic_of(name)
    made = create_agreement(
        act=setting.act,
        parties=parties,
        year=setting.day()[:4],
        values={
            **setting.values(),
            "kind": kind,
            "name_vi": name,
            "status": status,
            "field": field_of(topic),
            "activity_id": _id(setting.main_activity),
        },
    )
    return Outcome(made, created=True)


def accept_directive(setting: Setting, fact: Fact) -> Outcome:
    """A governing document by number, kind and issuer; a number that fits several needs a person to say which."""
    value = fact.value
    number = text_value(value, "number", 64)
    kind_name = text_value(value, "type")
    kinds = vocabulary("directive_kind")
    try:
        kind = kinds.from_fact(kind_name) if kind_name else ""
    except NotFound:
        kind = ""
    rows = list(Directive.objects.filter(number__iexact=number, retracted=False, exercise=setting.document.exercise))
    day = text_value(value, "date", 10)
    fitting = [
        d
        for d in rows
        if (not kind or not d.kind or d.kind == kind) and (not day or not d.day or d.day.startswith(day) or day.startswith(d.day))
    ]
    if len(fitting) > 1:
        raise MissingInformation(
            N_("Số “%(number)s” trùng với nhiều văn bản."),
            number=number,
            subject=str(fact),
            remedy=N_("Hãy chọn đúng văn bản theo cơ quan ban hành và ngày."),
            problems=[FieldProblem("number", N_("Chưa rõ văn bản nào."))],
        )
    if fitting:
        return _fill(
            setting,
            fitting[0],
            {"issuer_vi": text_value(value, "issuer", 200), "day": day, "name_vi": text_value(value, "subject", 500)},
        )
    made = create_directive(
        act=setting.act,
        values={
            **setting.values(),
            "number": number,
            "kind": kind,
            "issuer_vi": text_value(value, "issuer", 200),
            "day": day,
            "name_vi": text_value(value, "subject", 500),
        },
    )
    return Outcome(made, created=True)


def accept_quantity(setting: Setting, fact: Fact) -> Outcome:
    """A published figure: the same measure, period and value is the same figure, however many papers print it."""
    value = fact.value
    number = Decimal(str(value.get("number")))
    qualifier = text_value(value, "qualifier")
    qualifiers = vocabulary("qualifier")
    try:
        code = qualifiers.from_fact(qualifier) if qualifier else ""
    except NotFound:
        code = ""
    sentence = setting.document.text[fact.evidence_start : fact.evidence_end]
    words, unit, period = words_of(fact, setting.document), text_value(value, "unit", 80), text_value(value, "period", 24)
    measure = _measure(unit, words, sentence)
    label = _sentence_case(text_value(value, "meaning") or words)[:400]
    same = OfficialFigure.objects.filter(value=number, period=period, retracted=False, exercise=setting.document.exercise)
    found = (
        same.filter(measure=measure).first()
        if measure
        else next((f for f in same.filter(unit=unit) if fold(f.label_vi) == fold(label)), None)
    )
    if found is not None:
        return _fill(setting, found, {"qualifier": code, "comparison": text_value(value, "comparison", 200)})
    made = record_figure(
        act=setting.act,
        values={
            **setting.values(),
            "measure": measure,
            "label_vi": label,
            "value": number,
            "unit": unit,
            "qualifier": code,
            "comparison": text_value(value, "comparison", 200),
            "period": period,
            "as_of": setting.published,
        },
    )
    return Outcome(made, created=True)


def accept_commitment(setting: Setting, fact: Fact) -> Outcome:
    """A commitment of one side or both; the same words at the same activity are the same commitment."""
    value, activity = fact.value, setting.main_activity
    text = _sentence_case(text_value(value, "what") or words_of(fact, setting.document))
    rows = Commitment.objects.filter(retracted=False, exercise=setting.document.exercise, side=text_value(value, "side"))
    found = _alike(rows.filter(activity=activity) if activity else rows.filter(made_on=setting.day()), text)
    if found is not None:
        return Outcome(found)
    partners = setting.partner_ids(list_value(value, "parties"))
    topic = topic_of(text)
    deadline = text_value(value, "deadline")
    measurable = value.get("measurable")
    made = create_commitment(
        act=setting.act,
        values={
            **setting.values(),
            "text_vi": text,
            "side": text_value(value, "side"),
            "partner_id": partners[0] if partners else None,
            "activity_id": _id(activity),
            "made_on": activity.start if activity and activity.start else setting.day(),
            "field": field_of(topic),
            "measurable": int(measurable) if measurable is not None else None,
            "deadline": deadline if is_partial_date(deadline) else "",
        },
    )
    return Outcome(made, created=True)


def accept_task(setting: Setting, fact: Fact) -> Outcome:
    """A task; the same words given at the same activity are the same task, whoever reports it."""
    value, activity = fact.value, setting.main_activity
    text = _sentence_case(text_value(value, "what") or words_of(fact, setting.document))
    rows = Task.objects.filter(retracted=False, exercise=setting.document.exercise)
    found = _alike(rows.filter(activity=activity) if activity else rows.filter(given_on=setting.day(), activity=None), text)
    assignee, period = text_value(value, "assignee", 300), _period(text_value(value, "period", 24))
    lead = setting.body(assignee)
    values = {"assignee": assignee, "giver": text_value(value, "giver", 200), "period": period, "lead_id": _id(lead)}
    if found is not None:
        return _fill(setting, found, values | {"period_start": parse_period(period).start if period else ""})
    deadline, topic = text_value(value, "deadline"), topic_of(text)
    dated = is_partial_date(deadline)
    made = create_task(
        act=setting.act,
        values={
            **setting.values(),
            **values,
            "text_vi": text,
            "enumerator": text_value(value, "enumerator", 24),
            "topic": topic,
            "growth_driver": driver_of(topic),
            "activity_id": _id(activity),
            "given_on": activity.start if activity and activity.start else setting.day(),
            "deadline": deadline if dated else "",
            "urgency": "" if dated else deadline[:120],
        },
    )
    return Outcome(made, created=True)


def accept_result(setting: Setting, fact: Fact) -> Outcome:
    """A finding of a result."""
    return _finding(setting, fact, "result")


def accept_shortcoming(setting: Setting, fact: Fact) -> Outcome:
    """A finding of a shortcoming."""
    return _finding(setting, fact, "shortcoming")


def accept_barrier(setting: Setting, fact: Fact) -> Outcome:
    """A barrier: one of the same topic and partner, or of the same name, is the same barrier; a new one is a draft."""
    name = _sentence_case(text_value(fact.value, "what", 400) or words_of(fact, setting.document)[:400])
    partners, topic = setting.partner_ids([fact.value.get("partner")]), topic_of(name)
    rows = Barrier.objects.filter(retracted=False, exercise=setting.document.exercise)
    if partners:
        rows = rows.filter(partner_id=partners[0])
    specific = topic if topic and vocabulary("topic").attribute(topic, "parent") == "barriers" else ""
    found = (rows.filter(topic=specific).order_by("start").first() if specific else None) or _alike(rows, name, field="name_vi")
    if found is not None:
        return Outcome(found)
    made = create_barrier(
        act=setting.act,
        values={**setting.values(), "name_vi": name, "partner_id": partners[0] if partners else None, "topic": topic},
    )
    return Outcome(made, created=True)


def _finding(setting: Setting, fact: Fact, kind: str) -> Outcome:
    text = _sentence_case(words_of(fact, setting.document))
    period, note = _period(text_value(fact.value, "period", 24)), ""
    if not period:
        period, note = _period_before(setting, fact)
    rows = Finding.objects.filter(retracted=False, exercise=setting.document.exercise, kind=kind, period=period)
    found = _alike(rows, text, above=96)
    if found is not None:
        return Outcome(found)
    topic = topic_of(text) or topic_of(setting.document.text[fact.evidence_start : fact.evidence_end])
    partners = setting.partner_ids([fact.value.get("partner")])
    made = record_finding(
        act=setting.act,
        values={
            **setting.values(),
            "kind": kind,
            "text_vi": text,
            "actor": text_value(fact.value, "actor", 300),
            "period": period,
            "period_note": note,
            "period_start": parse_period(period).start[:10] if period else "",
            "topic": topic,
            "growth_driver": driver_of(topic),
            "partner_id": partners[0] if partners else None,
        },
    )
    return Outcome(made, created=True)


def _period_before(setting: Setting, fact: Fact) -> tuple[str, str]:
    """The period last named before the fact among the document's statements: a report names its period once and goes on."""
    earlier = Fact.objects.filter(document=setting.document, kind__in=("result", "shortcoming"), start__lt=fact.start)
    for each in earlier.order_by("-start"):
        period = _period(text_value(each.value, "period", 24))
        if period:
            return period, N_("Kỳ nêu gần nhất trước đó trong văn bản.")
    return "", ""


def _period(code: str) -> str:
    """The period if it is one, else nothing."""
    try:
        return parse_period(code).code if code else ""
    except ValueError:
        return ""
    except MissingInformation:
        return ""


def _same_activity(setting: Setting, fact: Fact, kind: str, start: str, name: str, partners: set[Any]) -> Activity | None:
    rows = Activity.objects.filter(retracted=False, exercise=setting.document.exercise, start=start)
    if len(start) < 10:
        # Without a day only the name tells: party congresses, forums that a text mentions in passing.
        same: Activity | None = next((a for a in rows if fold(a.name_vi) == fold(name)), None)
        return same
    organiser, chair = fold(text_value(fact.value, "organiser")), fold(text_value(fact.value, "chair"))
    kinds = {"visit": ("visit", "visit_in", "visit_out", "multilateral"), "summit": ("summit", "multilateral")}.get(kind, (kind,))
    activity: Activity
    for activity in rows.filter(kind__in=kinds).order_by("id"):
        theirs = set(activity.partner_rows.values_list("partner_id", flat=True))
        same_body = organiser and organiser == fold(activity.organiser)
        same_chair = chair and chair == fold(activity.chair)
        if same_body or same_chair or partners & theirs or fuzz.token_set_ratio(fold(name), fold(activity.name_vi)) >= SAME_WORDS:
            return activity
    return None


def _same_agreement(setting: Setting, name: str, kind: str, parties: list[Any]) -> Agreement | None:
    rows = Agreement.objects.filter(retracted=False, exercise=setting.document.exercise)
    if parties:
        rows = rows.filter(party_rows__partner_id__in=parties).distinct()
    wanted = fold(name)
    agreement: Agreement
    for agreement in rows.filter(kind=kind):
        if wanted in {fold(agreement.name_vi), fold(agreement.name_en), fold(agreement.code)}:
            return agreement
    alike: Agreement | None = _alike(rows.filter(kind=kind), name, field="name_vi", above=97) if parties else None
    return alike


def _alike(rows: Any, text: str, *, field: str = "text_vi", above: float = SAME_WORDS) -> Any:
    """The record whose words are most like these, if enough so; containing shorter words whole is not enough."""
    wanted, best, score = fold(text), None, above
    for record in rows:
        have = fold(getattr(record, field))
        if 2 * min(len(have), len(wanted)) < max(len(have), len(wanted)):
            continue
        likeness = fuzz.token_set_ratio(wanted, have)
        if likeness >= score:
            best, score = record, likeness
    return best


def _fill(
    setting: Setting,
    record: Record,
    values: Mapping[str, Any],
    extra: Mapping[str, Any] | None = None,
    links: Mapping[str, Any] | None = None,
) -> Outcome:
    """Fill what is empty in the record with what the fact says; `extra` and `links` already hold the joined lists."""
    fresh = {n: v for n, v in values.items() if v and not getattr(record, n)} | dict(extra or {})
    if not fresh and not links:
        return Outcome(record)
    records.revise(record, act=setting.act, values=fresh, links=links, version=record.version, action="fill from fact")
    return Outcome(record, changed=True)


def _measure(unit: str, words: str, sentence: str) -> str:
    """The official measure a quantity is a figure of, by its unit and the words around it; empty when none is certain."""
    near, around, unit = words.lower(), sentence.lower(), unit.lower()
    for term in vocabulary("activity_measure").terms:
        units = [u for u in term.attributes.get("units", "").split("|") if u]
        cues = [c for c in term.attributes.get("cues", "").split("|") if c]
        if units and any(unit.startswith(u) for u in units) and any(c in near or c in around for c in cues):
            return term.code
    return ""


def _sentence_case(text: str) -> str:
    text = " ".join(text.split()).strip(" ,;:-–")
    return text[:1].upper() + text[1:]


def _id(record: Any) -> Any:
    return record.pk if record is not None else None


Accept = Callable[[Setting, Fact], Outcome]

#: In the order in which a document's facts are accepted: what others refer to comes first.
ACCEPT: dict[str, Accept] = {
    "event": accept_event,
    "person": accept_person,
    "partner": accept_partner,
    "organisation": accept_body,
    "place": accept_body,
    "legal_document": accept_directive,
    "agreement": accept_agreement,
    "quantity": accept_quantity,
    "barrier": accept_barrier,
    "commitment": accept_commitment,
    "task": accept_task,
    "result": accept_result,
    "shortcoming": accept_shortcoming,
}
