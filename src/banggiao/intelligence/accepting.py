"""How an accepted fact becomes or joins a record, kind by kind.

Each function is told which record the fact joins, as `matching` found it or a person decided: it fills what is empty there and
overwrites only the fields a person named, or it makes a new record. Which functions there are stands in `ACCEPT` at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from banggiao.activities.models import Activity
from banggiao.activities.services import enter_activity
from banggiao.agreements.models import Agreement
from banggiao.agreements.services import enter_agreement
from banggiao.barriers.services import enter_barrier
from banggiao.commitments.services import enter_commitment, enter_directive, enter_task
from banggiao.core import records
from banggiao.core.errors import N_, FieldProblem, MissingInformation
from banggiao.core.periods import is_partial_date, parse_period
from banggiao.core.record import Record
from banggiao.followup.services import record_finding
from banggiao.intelligence.matching import (
    AgreementMatcher,
    BarrierMatcher,
    CommitmentMatcher,
    DirectiveMatcher,
    EventMatcher,
    FigureMatcher,
    FindingMatcher,
    Matcher,
    TaskMatcher,
)
from banggiao.intelligence.setting import Outcome, Setting, list_value, period_or_none, text_value, words_of
from banggiao.intelligence.topics import driver_of, field_of, topic_of
from banggiao.intelligence.wording import sentence_case
from banggiao.partners.services import create_person, see_in_post
from banggiao.sources.models import Fact
from banggiao.sources.services import record_figure


@dataclass(frozen=True, slots=True)
class Target:
    """The record a fact joins, None for one of its own; `over` names the fields in which the fact stands above the record.

    `version` is the one the person saw who decided so.
    """

    record: Any = None
    over: frozenset[str] = frozenset()
    version: int | None = None


def accept_event(setting: Setting, fact: Fact, ours: EventMatcher, target: Target) -> Outcome:
    """An activity with its partners and participants."""
    value = fact.value
    partners = setting.partner_ids(list_value(value, "participants"))
    people = [p for p in list_value(value, "participants") if not setting.partner_ids(p)]
    values, found = ours.said(fact), target.record
    if found is None:
        made = enter_activity(
            act=setting.act,
            partners=partners,
            year=setting.day()[:4],
            values={
                **setting.values(),
                **values,
                "kind": ours.kind(fact),
                "name_vi": ours.name(fact),
                "participants": people,
            },
        )
        return Outcome(made, created=True)
    links = records.read_links(Activity.links["partners"], found.pk)
    more = [str(p) for p in partners if str(p) not in links]
    joined = list(dict.fromkeys([*found.participants, *people]))
    extra = {"participants": joined} if joined != found.participants else {}
    return _fill(setting, target, values, extra, {"partners": [*links, *more]} if more else None)


def accept_person(setting: Setting, fact: Fact, ours: Matcher, target: Target) -> Outcome:
    """A person in public office, and each post the document names them in on its day."""
    made = target.record is None
    person = target.record or create_person(
        act=setting.act, values={**setting.values(), "name": text_value(fact.value, "name", 200)}
    )
    for title in list_value(fact.value, "positions"):
        see_in_post(act=setting.act, person=person, title=title[:300], day=setting.day(), values=setting.values())
    return Outcome(person, created=made, changed=bool(list_value(fact.value, "positions")))


def accept_mention(setting: Setting, fact: Fact, ours: Matcher, target: Target) -> Outcome:
    """A partner, home body or place that the document speaks of: the citation joins its record; there is none to make."""
    return Outcome(target.record)


def accept_agreement(setting: Setting, fact: Fact, ours: AgreementMatcher, target: Target) -> Outcome:
    """An agreement. Groups without names are left to the figures."""
    value, found = fact.value, target.record
    if value.get("collective"):
        return Outcome(None)
    parties = setting.partner_ids(list_value(value, "parties"))
    if found is not None:
        links = records.read_links(Agreement.links["parties"], found.pk)
        more = [str(p) for p in parties if str(p) not in links]
        return _fill(setting, target, {}, {}, {"parties": [*links, *more]} if more and not found.dataset_id else None)
    name = ours.name(fact)
    made = enter_agreement(
        act=setting.act,
        parties=parties,
        year=setting.day()[:4],
        values={
            **setting.values(),
            "kind": ours.kind(fact),
            "name_vi": name,
            "status": ours.said(fact).get("status") or "proposed",
            "field": field_of(topic_of(name)),
            "activity_id": _id(setting.main_activity),
        },
    )
    return Outcome(made, created=True)


def accept_directive(setting: Setting, fact: Fact, ours: DirectiveMatcher, target: Target) -> Outcome:
    """A governing document; a number that fits several needs a person to say which."""
    number, values = text_value(fact.value, "number", 64), ours.said(fact)
    if target.record is not None:
        return _fill(setting, target, values)
    if len(ours.fitting[fact.pk]) > 1:
        raise MissingInformation(
            N_("Số “%(number)s” trùng với nhiều văn bản."),
            number=number,
            subject=str(fact),
            remedy=N_("Hãy chọn đúng văn bản theo cơ quan ban hành và ngày."),
            problems=[FieldProblem("number", N_("Chưa rõ văn bản nào."))],
        )
    made = enter_directive(act=setting.act, values={**setting.values(), **values, "number": number, "kind": ours.kind(fact)})
    return Outcome(made, created=True)


def accept_quantity(setting: Setting, fact: Fact, ours: FigureMatcher, target: Target) -> Outcome:
    """A published figure, one however many papers print it. A published number never changes: a different one is another."""
    said = ours.said(fact)
    if target.record is not None:
        return _fill(setting, target, {n: said[n] for n in ("qualifier", "comparison")})
    made = record_figure(
        act=setting.act,
        values={
            **setting.values(),
            **said,
            "measure": ours.measure(fact),
            "label_vi": ours.label(fact),
            "period": text_value(fact.value, "period", 24),
            "as_of": setting.published,
        },
    )
    return Outcome(made, created=True)


def accept_commitment(setting: Setting, fact: Fact, ours: CommitmentMatcher, target: Target) -> Outcome:
    """A commitment of one side or both."""
    value, activity, text = fact.value, setting.main_activity, ours.text(fact)
    if target.record is not None:
        return Outcome(target.record)
    partners = setting.partner_ids(list_value(value, "parties"))
    measurable = value.get("measurable")
    made = enter_commitment(
        act=setting.act,
        values={
            **setting.values(),
            "text_vi": text,
            "side": text_value(value, "side"),
            "partner_id": partners[0] if partners else None,
            "activity_id": _id(activity),
            "made_on": activity.start if activity and activity.start else setting.day(),
            "field": field_of(topic_of(text)),
            "measurable": int(measurable) if measurable is not None else None,
            "deadline": ours.deadline(fact),
        },
    )
    return Outcome(made, created=True)


def accept_task(setting: Setting, fact: Fact, ours: TaskMatcher, target: Target) -> Outcome:
    """A task, with the body it is given to."""
    value, activity, text = fact.value, setting.main_activity, ours.text(fact)
    said = ours.said(fact)
    values = {n: said[n] for n in ("assignee", "giver", "period")} | {"lead_id": _id(setting.body(said["assignee"]))}
    if target.record is not None:
        start = parse_period(said["period"]).start if said["period"] else ""
        return _fill(setting, target, values | {"period_start": start})
    deadline, topic = text_value(value, "deadline"), topic_of(text)
    made = enter_task(
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
            "deadline": ours.deadline(fact),
            "urgency": "" if is_partial_date(deadline) else deadline[:120],
        },
    )
    return Outcome(made, created=True)


def accept_finding(setting: Setting, fact: Fact, ours: FindingMatcher, target: Target) -> Outcome:
    """A finding of a result or of a shortcoming."""
    if target.record is not None:
        return Outcome(target.record)
    text, period = sentence_case(words_of(fact, setting.document)), ours.period(fact)
    own = period_or_none(text_value(fact.value, "period", 24))
    topic = topic_of(text) or topic_of(setting.document.text[fact.evidence_start : fact.evidence_end])
    partners = setting.partner_ids([fact.value.get("partner")])
    made = record_finding(
        act=setting.act,
        values={
            **setting.values(),
            "kind": fact.kind,
            "text_vi": text,
            "actor": text_value(fact.value, "actor", 300),
            "period": period,
            "period_note": N_("Kỳ nêu gần nhất trước đó trong văn bản.") if period and not own else "",
            "period_start": parse_period(period).start[:10] if period else "",
            "topic": topic,
            "growth_driver": driver_of(topic),
            "partner_id": partners[0] if partners else None,
        },
    )
    return Outcome(made, created=True)


def accept_barrier(setting: Setting, fact: Fact, ours: BarrierMatcher, target: Target) -> Outcome:
    """A barrier; a new one is a draft."""
    if target.record is not None:
        return Outcome(target.record)
    name, partners = ours.name(fact), setting.partner_ids([fact.value.get("partner")])
    made = enter_barrier(
        act=setting.act,
        values={
            **setting.values(),
            "name_vi": name,
            "partner_id": partners[0] if partners else None,
            "topic": topic_of(name),
        },
    )
    return Outcome(made, created=True)


def _fill(
    setting: Setting,
    target: Target,
    values: Mapping[str, Any],
    extra: Mapping[str, Any] | None = None,
    links: Mapping[str, Any] | None = None,
) -> Outcome:
    """Fill what is empty in the record with what the fact says; `extra` and `links` already hold the joined lists."""
    record: Record = target.record
    fresh = {n: v for n, v in values.items() if v and (not getattr(record, n) or n in target.over)} | dict(extra or {})
    if not fresh and not links:
        return Outcome(record)
    before = record.version
    version = target.version if target.over else before
    action = "correct from fact" if target.over else "fill from fact"
    written = records.revise(record, act=setting.act, values=fresh, links=links, version=version, action=action)
    return Outcome(record, changed=written.version > before)


def _id(record: Any) -> Any:
    return record.pk if record is not None else None


Accept = Callable[[Setting, Fact, Any, Target], Outcome]

#: In the order in which a document's facts are accepted: what others refer to comes first.
ACCEPT: dict[str, Accept] = {
    "event": accept_event,
    "person": accept_person,
    "partner": accept_mention,
    "organisation": accept_mention,
    "place": accept_mention,
    "legal_document": accept_directive,
    "agreement": accept_agreement,
    "quantity": accept_quantity,
    "barrier": accept_barrier,
    "commitment": accept_commitment,
    "task": accept_task,
    "result": accept_finding,
    "shortcoming": accept_finding,
}
