"""What waits for a meeting: the members' or the partner's duties that are late, blocked or undecided, and open escalations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from banggiao.bodies.lines import members_of
from banggiao.bodies.models import Meeting, MeetingItem
from banggiao.commitments.models import Commitment, Task
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.registers import find_record, register_named, register_of
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.escalations.models import Escalation
from banggiao.followup.questions import overdue
from banggiao.partners.models import Institution


@dataclass(frozen=True, slots=True)
class Proposal:
    """A record that a meeting should look at, and why; `lead` is the body that has it in hand, where the viewer may know it."""

    record: Any
    reason: str
    due: str
    lead: Institution | None

    @property
    def title(self) -> Bi:
        """What the record is called in its register."""
        book = register_of(self.record.record_type())
        return book.title_of(self.record) if book else Bi(str(self.record))


def day_of(meeting: Meeting, at: datetime) -> date:
    """The day by which a meeting counts what is late: its own day, or that of the question while it has none."""
    return date.fromisoformat(meeting.day) if len(meeting.day) == 10 else timezone.localdate(at)


def proposals_for(meeting: Meeting, viewer: Viewer, at: datetime) -> list[Proposal]:
    """What may go on a meeting's agenda as of its day and is not on it (rule `agenda_proposals`).

    Looked at are the duties led or co-ordinated by institutions that hold a seat that day, and for a joint committee those with
    its partner; a duty stands once, under the first of the reasons in the order of the closed list.
    """
    day = day_of(meeting, at)
    bodies = members_of(meeting.body, day.isoformat())
    there = set(MeetingItem.objects.filter(meeting=meeting, retracted=False).values_list("subject_id", flat=True))
    found: dict[UUID, Proposal] = {}
    for model, rows in ((Commitment, "commitment"), (Task, "task")):
        theirs = Q(lead__in=bodies) | Q(pk__in=_coordinated(model, bodies))
        if meeting.body.partner_id and rows == "commitment":
            theirs |= Q(partner=meeting.body.partner_id)
        known = model.objects.visible_to(viewer).filter(theirs, exercise=meeting.exercise).select_related("lead")
        for reason in ("awaiting_decision", "blocked"):
            for duty in known.filter(work_state=reason):
                found.setdefault(duty.pk, Proposal(duty, reason, duty.current_due, duty.lead))
        for duty in overdue(known, day):
            found.setdefault(duty.pk, Proposal(duty, "overdue", duty.current_due, duty.lead))
    waiting = Escalation.objects.visible_to(viewer).filter(state="sent", exercise=meeting.exercise)
    for each in waiting.filter(Q(asker__in=bodies) | Q(decider__in=bodies)).select_related("asker"):
        found[each.pk] = Proposal(each, "escalation", each.needed_by, each.asker)
    order = vocabulary("agenda_reason").codes
    leads = {p.lead.pk for p in found.values() if p.lead}
    seen = set(Institution.objects.visible_to(viewer).filter(pk__in=leads).values_list("pk", flat=True))
    found = {pk: replace(p, lead=p.lead if p.lead and p.lead.pk in seen else None) for pk, p in found.items()}
    left = [proposal for pk, proposal in found.items() if pk not in there]
    return sorted(left, key=lambda p: (order.index(p.reason), p.due or "9", str(p.record.pk)))


def _coordinated(model: Any, bodies: list[UUID]) -> Any:
    return model.objects.filter(coordinating_rows__institution__in=bodies).values("pk")


def _ask(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """All proposals stand on one page."""
    meeting: Meeting = find_record(register_named("meetings"), params["meeting"], viewer)
    found = proposals_for(meeting, viewer, at)
    rows = tuple(
        Row(
            (
                Ref(p.record.pk, p.record.record_type(), p.title),
                p.reason,
                Ref(p.lead.pk, "partners.institution", Bi(p.lead.name_vi, p.lead.name_en)) if p.lead else None,
                p.due or None,
            ),
            p.record.pk,
            p.record.record_type(),
            exercise=p.record.exercise,
        )
        for p in found
    )
    return Answer(
        "agenda_proposals", QUESTION.title, QUESTION.columns, rows, len(rows), at, "agenda_proposals",
        parameters={"meeting": str(meeting.pk)},
    )  # fmt: skip


QUESTION = register_question(
    Question(
        "agenda_proposals",
        Bi("Việc đề xuất đưa vào chương trình họp", "Proposed for a meeting's agenda"),
        "registers.view",
        (Parameter("meeting", N_("Phiên họp"), "id", needed=True),),
        (
            Column("subject", N_("Việc"), "record"),
            Column("reason", N_("Lý do"), "code", "agenda_reason"),
            Column("lead", N_("Cơ quan chủ trì"), "record"),
            Column("due", N_("Hạn"), "date"),
        ),
        _ask,
    )
)
