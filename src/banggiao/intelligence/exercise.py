"""What has happened in the made-up world of the exercise, so that a demo has pages to show?

A story of about 400 days before the first start, told by packaged tables and played in the order of its days through the same
services and by the same roles as real work. Bodies, partners and codes (`DT-`) are its own; every record carries the flag.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import get_default_timezone

from banggiao.accounts import demo
from banggiao.accounts.questions import viewer_of
from banggiao.activities.models import Activity
from banggiao.activities.services import create_activity, move_activity
from banggiao.agreements.models import Agreement
from banggiao.agreements.services import create_agreement, move_agreement, revise_agreement
from banggiao.barriers.models import Barrier
from banggiao.barriers.services import create_barrier, move_barrier
from banggiao.commitments.models import Commitment, Task
from banggiao.commitments.services import create_commitment, create_task
from banggiao.commitments.services_splitting import judge_repeated
from banggiao.commitments.succession import supersede
from banggiao.core.acts import Act, Viewer
from banggiao.core.calendar import WorkingCalendar
from banggiao.core.periods import period_holding
from banggiao.core.record import Record
from banggiao.followup.chasing.services import remind
from banggiao.followup.evidence.services import add_evidence, move_evidence
from banggiao.followup.models import DueDateMove, Finding
from banggiao.followup.services import (
    decide_due_date,
    move_due_date,
    move_validation,
    move_work,
    record_finding,
    report_progress,
)
from banggiao.followup.states import WORK
from banggiao.intelligence.exercise_calls import play_calls
from banggiao.intelligence.exercise_directives import play_directives
from banggiao.intelligence.exercise_escalations import play_escalations
from banggiao.intelligence.exercise_lines import lines_of_story
from banggiao.intelligence.exercise_meetings import play_meetings
from banggiao.intelligence.exercise_plans import play_plans
from banggiao.intelligence.exercise_pledges import play_pledges
from banggiao.intelligence.exercise_programmes import play_programmes
from banggiao.intelligence.exercise_watches import set_watches
from banggiao.intelligence.topics import driver_of
from banggiao.partners.models import Institution, Partner
from banggiao.partners.services import create_institution, create_partner

Row = Mapping[str, str]
Duty = Commitment | Task
Coded = Partner | Institution | Activity | Agreement | Barrier | Duty
FIRST_DAY, LAST_DAY = -410, -1
#: So many days it takes until evidence is checked; the latest still waits when the exercise begins.
CHECKED_AFTER = 16
REMINDED_ON = (-60, -30, -14, -7, LAST_DAY)
_WORK_ACTIONS = frozenset(step.action for step in WORK.steps)
#: The day of these steps is itself a fact of the record.
_DATED = {"sign": "signed_on", "enter_into_force": "in_force_on", "complete": "done_on"}


def build(act: Act, start: date) -> None:
    """Make what is missing of the exercise, its days counted from `start`, the day of the first start; all or nothing.

    Keyed by code: what is there, changed or retracted by a user meanwhile or not, stays as it is. Raises NotPermitted.
    """
    with transaction.atomic():
        _Story(replace(act, exercise=True), start).play()


@dataclass(frozen=True, slots=True)
class _Event:
    """Something that happens on a day of the story; `rank` orders what happens on the same day."""

    day: int
    rank: int
    by: Viewer
    why: str
    do: Callable[[Act], object]


class _Story:
    """The made-up world while it is being played: who is in it, what exists by now, what comes next."""

    def __init__(self, act: Act, start: date) -> None:
        self.act, self.start, self.calendar = act, start, WorkingCalendar()
        self.ids: dict[str, UUID] = {}
        self.fresh: list[str] = []  # codes of the duties that this call makes
        self.events: list[_Event] = []
        self._bodies()
        users = demo.create(self._at(FIRST_DAY), start)
        self.people = {role: viewer_of(user, today=self._on(LAST_DAY)) for role, user in users.items()}
        reporters = {a.institution: a.role for a in demo.ACCOUNTS if a.role in ("mission", "ministry", "province")}
        self.reporters = {code: self.people[role] for code, role in reporters.items()}
        self.answering = {row["code"]: row for row in _rows("institutions")}
        self.names = {row["code"]: row["name_vi"] for row in (*_rows("institutions"), *_rows("partners"))}

    def play(self) -> None:
        """Tell the whole story in the order of its days."""
        self._activities()
        self._agreements()
        self._barriers()
        self._duties(Commitment, "commitments", "made", self._commitment)
        self._duties(Task, "tasks", "given", self._task)
        self._findings()
        self._lines()
        for day in REMINDED_ON if self.fresh else ():
            self._happens(day, 9, self.act.viewer, "", self._remind)
        for event in sorted(self.events, key=lambda e: (e.day, e.rank)):
            event.do(self._at(event.day, event.by, event.why))
        play_directives(self._at, self.start, self.people["desk"])
        play_plans(self._at, self.start, self._who, self.ids)
        play_pledges(self._at, self.start, self.people["desk"])
        play_escalations(self._at, self.start, self.people["desk"], self.people["leader"], self.ids)
        play_calls(self._at, self.start, self.people["desk"], self.reporters, self.ids)
        play_meetings(self._at, self.start, self.people["desk"], self.reporters, self.ids)
        play_programmes(self._at, self.start, self.people["desk"], self.reporters, self.ids)
        set_watches(self._at, self.people["desk"], self.ids["DT-VU-E"])

    # The days --------------------------------------------------------------------------------------------------------------

    def _on(self, offset: int) -> date:
        """The working day on which something that happens so many days from the start is written down: before the start."""
        day = self.calendar.next_working_day(self.start + timedelta(days=offset))
        return day if day < self.start else self.calendar.previous_working_day(self.start + timedelta(days=LAST_DAY))

    def _at(self, offset: int, by: Viewer | None = None, why: str = "") -> Act:
        day = self._on(offset)
        moment = datetime.combine(day, time(9), get_default_timezone())
        return Act(by or self.act.viewer, moment, why, valid_from=day, exercise=True)

    def _date(self, offset: str) -> str:
        """A date of the data (`-40`, or `75m` when only the month is known) as ISO text."""
        if not offset:
            return ""
        day = (self.start + timedelta(days=int(offset.removesuffix("m")))).isoformat()
        return day[:7] if offset.endswith("m") else day

    def _happens(self, day: int, rank: int, by: Viewer, why: str, do: Callable[[Act], object]) -> None:
        self.events.append(_Event(min(day, LAST_DAY), rank, by, why, do))

    # Who -------------------------------------------------------------------------------------------------------------------

    def _bodies(self) -> None:
        act = self._at(FIRST_DAY)
        for row in self._missing(Partner, "partners"):
            values = {**_pick(row, "code", "kind", "name_vi", "name_en"), "classification": "public"}
            self._make(create_partner, values, act, members=row["members"].split())
        for row in self._missing(Institution, "institutions"):
            values = _pick(row, "code", "kind", "classification", "name_vi", "name_en", "abbr_vi")
            self._make(create_institution, {**values, "parent_id": row["parent"], "host_id": row["host"]}, act)

    def _missing(self, model: type[Coded], table: str) -> list[Row]:
        """The rows of a table that are not in the register yet; what is there can be named by code from now on."""
        known = dict(model.objects.filter(exercise=True, code__startswith="DT-").values_list("code", "pk"))
        self.ids |= known
        return [row for row in _rows(table) if row["code"] not in known]

    def _who(self, by: str, lead: str) -> Viewer:
        """The user behind a word of the tables; a body without an account of its own reports through the desk."""
        if by == "lead":
            return self.reporters.get(lead, self.people["desk"])
        return self.people["leader" if by == "above" else by]

    # What ------------------------------------------------------------------------------------------------------------------

    def _activities(self) -> None:
        for row in self._missing(Activity, "activities"):
            values = _pick(
                row, "code", "kind", "level", "form", "place", "chair", "classification", "name_vi", "name_en", "economic_content"
            )
            values |= {"start": self._date(row["start"]), "end": self._date(row["end"]), "owner": self.ids["DT-VU-E"]}
            values |= {"organiser": self.names[row["organiser"]], "documents_signed": _number(row["documents_signed"])}
            do = partial(self._make, create_activity, values, partners=row["partners"].split())
            # What is still to come is entered as a plan.
            self._happens(min(int(row["start"]), -10), 0, self.people["desk"], "Ghi nhận hoạt động.", do)
            for step in (step for step in _rows("steps") if step["code"] == row["code"]):
                self._happens(int(step["days"]), 1, self.people["desk"], step["text"], partial(self._move_activity, row, step))

    def _move_activity(self, row: Row, step: Row, act: Act) -> None:
        activity = Activity.objects.get(code=row["code"])
        move_activity(act=act, activity=activity, action=step["action"], version=activity.version)

    def _lines(self) -> None:
        began = {row["code"]: min(int(row["start"]), -10) for row in _rows("activities")}
        for written in lines_of_story(_rows, began, self._date, self.ids):
            self._happens(written.day, 3, self.people["desk"], "Bổ sung hồ sơ.", written.do)

    def _agreements(self) -> None:
        for row in self._missing(Agreement, "agreements"):
            steps = [step for step in _rows("steps") if step["code"] == row["code"]]
            values = _pick(
                row, "code", "kind", "field", "home_body", "partner_body", "classification", "name_vi", "name_en"
            ) | {"owner": self.ids["DT-VU-E"]}  # fmt: skip
            do = partial(self._make, create_agreement, values, parties=row["parties"].split())
            first = int(steps[0]["days"]) - 5 if steps else -75
            self._happens(first, 0, self.people["desk"], "Ghi nhận đề xuất ký kết.", do)
            for step in steps:
                self._happens(int(step["days"]), 1, self.people["desk"], step["text"], partial(self._move_agreement, row, step))
            if row["activity"] and not any(step["action"] == "sign" for step in steps):
                do = partial(self._prepare_for, row)
                self._happens(-10, 2, self.people["desk"], "Đưa vào danh mục văn kiện dự kiến ký.", do)

    def _move_agreement(self, row: Row, step: Row, act: Act) -> None:
        agreement = Agreement.objects.get(code=row["code"])
        values = {_DATED[step["action"]]: act.at.date().isoformat()} if step["action"] in _DATED else {}
        move_agreement(act=act, agreement=agreement, action=step["action"], version=agreement.version, values=values)
        if step["action"] == "sign" and row["activity"]:
            self._prepare_for(row, act)

    def _prepare_for(self, row: Row, act: Act) -> None:
        """The activity at which the agreement is, or is going to be, signed."""
        agreement, occasion = Agreement.objects.get(code=row["code"]), {"activity_id": self.ids[row["activity"]]}
        revise_agreement(act=act, agreement=agreement, values=occasion, version=agreement.version)

    def _barriers(self) -> None:
        for row in self._missing(Barrier, "barriers"):
            values = _pick(
                row, "code", "kind", "topic", "classification", "products_vi", "hs_chapters", "authority_en", "note_en"
            )
            values |= _pick(row, "name_vi", "name_en")
            values |= {"partner_id": self.ids[row["partner"]], "start": self._date(row["start"]), "owner": self.ids["DT-VU-E"]}
            do = partial(self._make, create_barrier, values)
            self._happens(int(row["start"]), 0, self.people["desk"], "Tiếp nhận phản ánh.", do)
            for step in (step for step in _rows("steps") if step["code"] == row["code"]):
                do = partial(self._move_barrier, row["code"], step)
                self._happens(int(step["days"]), 1, self.people["desk"], step["text"], do)

    def _move_barrier(self, code: str, step: Row, act: Act) -> None:
        barrier, resolved = Barrier.objects.get(code=code), step["action"].startswith("resolve")
        values = {"summary": step["text"], "resolved_on": act.at.date().isoformat()} if resolved else {}
        move_barrier(act=act, barrier=barrier, action=step["action"], version=barrier.version, values=values)

    def _findings(self) -> None:
        # Six months before any day lie in the half-year before the one that holds it.
        period = period_holding(date(self.start.year, 1 if self.start.month < 7 else 7, 1) - timedelta(days=1))
        told = set(Finding.objects.filter(exercise=True).values_list("text_vi", flat=True))
        for row in _rows("findings"):
            if row["text_vi"] not in told:
                values = {
                    **_pick(row, "kind", "topic", "actor", "text_vi", "text_en"),
                    "growth_driver": driver_of(row["topic"]),
                    "period": period.code,
                    "period_start": period.start,
                    "partner_id": self.ids.get(row["partner"]),
                    "owner": self.ids["DT-VU-E"],
                }
                self._happens(-20, 4, self.people["desk"], "Nêu tại cuộc họp rà soát.", partial(_record_finding, values))

    # Duties ----------------------------------------------------------------------------------------------------------------

    def _duties(self, model: type[Duty], table: str, since: str, values_of: Callable[[Row], dict[str, Any]]) -> None:
        service = create_commitment if model is Commitment else create_task
        courses = _courses()
        for row in self._missing(model, table):
            values = {
                **_pick(row, "code", "classification", "text_vi", "text_en"), **values_of(row), "lead_id": self.ids[row["lead"]],
                "deadline": self._date(row["due"]), "activity_id": row["activity"], "owner": self.ids["DT-VU-E"],
            }  # fmt: skip
            self.fresh.append(row["code"])
            made = int(row[since])
            self._happens(made, 2, self.people["desk"], "Ghi từ kết quả hoạt động.", partial(self._make, service, values))
            anchors = {"made": made, "due": int((row["due"] or "0").removesuffix("m")), "start": 0}
            day = made
            for step in courses[row["course"]]:
                # The steps keep their order even where a short deadline would put a later one first.
                day = max(day, anchors[step["anchor"]] + int(step["days"]))
                why = self._told(row, step["text"])
                self._happens(day, 3, self._who(step["by"], row["lead"]), why, partial(self._step, model, row, step))

    def _commitment(self, row: Row) -> dict[str, Any]:
        return {
            **_pick(row, "side", "field"),
            "partner_id": row["partner"],
            "agreement_id": row["agreement"],
            "measurable": _number(row["measurable"]),
            "flagship": bool(row["flagship"]),
            "made_on": self._date(row["made"]),
        }

    def _task(self, row: Row) -> dict[str, Any]:
        due = self.start + timedelta(days=int(row["due"] or row["given"]))
        return {
            **_pick(row, "giver", "urgency", "topic"),
            "growth_driver": driver_of(row["topic"]),
            "given_on": self._date(row["given"]),
            "assignee": self.names[row["lead"]],
            "period": period_holding(due).code,
        }

    def _told(self, row: Row, text: str) -> str:
        product = row["product"]
        partner = self.names[row["partner"]] if row.get("partner") else "đối tác"
        return text.format(
            product=product, product_cap=product[:1].upper() + product[1:], partner=partner, lead=self.names[row["lead"]]
        )

    def _step(self, model: type[Duty], row: Row, step: Row, act: Act) -> None:
        """Take one step of a course; the text of the step is the reason, or what is reported or proved."""
        duty, action, day = model.objects.get(code=row["code"]), step["action"], act.at.date()
        if action == "report":
            claimed = Decimal(step["amount"])
            described = act.reason if step["code"] == "OTHER" else ""
            report_progress(
                act=act,
                record=duty,
                day=day,
                text=act.reason,
                claimed=claimed,
                difficulty=step["code"],
                difficulty_text=described,
            )
        elif action == "prove":
            proof = add_evidence(act=act, record=duty, grade=int(step["amount"]), description=act.reason, day=day)
            checked = act.at + timedelta(days=CHECKED_AFTER)
            if proof.grade and checked.date() < self.start:
                by = replace(act, viewer=self.people["verifier"], at=checked, reason="Đã đối chiếu bản gốc.")
                move_evidence(act=by, evidence=proof, action="accept", version=proof.version)
        elif action == "ask_date":
            to = date.fromisoformat(duty.current_due) + timedelta(days=int(step["amount"]))
            move_due_date(act=act, record=duty, to=to.isoformat(), version=duty.version)
        elif action in ("approve_date", "refuse_date"):
            move = DueDateMove.objects.get(subject_id=duty.pk, state="requested")
            decide_due_date(act=act, record=duty, move=move, approve=action == "approve_date")
        elif action == "supersede":
            self._replace(act, duty)
        elif action in _WORK_ACTIONS:
            move_work(act=act, record=duty, action=action, version=duty.version, values=self._given_with(row, step, day))
        else:
            move_validation(act=act, record=duty, action=action, version=duty.version)

    def _replace(self, act: Act, duty: Duty) -> None:
        """The duty as one that another goes on with."""
        told = next(row for row in _rows("successions") if row["earlier"] == duty.code)
        if isinstance(duty, Commitment):
            by = Commitment.objects.get(code=told["later"])
            supersede(act=act, commitment=duty, by=by, version=duty.version, document=told["document"])
            return
        judge_repeated(act=act, later=Task.objects.get(code=told["later"]), earlier=duty, same=True)
        move_work(act=act, record=duty, action="supersede", version=duty.version)

    def _given_with(self, row: Row, step: Row, day: date) -> dict[str, str]:
        if step["action"] == "assign":
            answers = self.answering[row["lead"]]
            return {
                "person_in_charge": answers["person"],
                "product": row["product"],
                **_pick(answers, "responsibility", "authority"),
            }
        if step["action"] == "complete":
            return {"done_on": day.isoformat()}
        return {"blocked_reason": step["code"], "unblocker": self._told(row, step["unblocker"])} if step["unblocker"] else {}

    def _remind(self, act: Act) -> None:
        for model in (Commitment, Task):
            remind(act=act, followed=list(model.objects.filter(code__in=self.fresh)))

    # How -------------------------------------------------------------------------------------------------------------------

    def _make(self, service: Callable[..., Record], values: dict[str, Any], act: Act, **links: Sequence[str]) -> None:
        """Create a record; what it names by code is there by the day it is made."""
        named = {name: self.ids.get(value, value) or None for name, value in values.items() if name.endswith("_id")}
        record = service(act=act, values={**values, **named}, **{n: [self.ids[c] for c in codes] for n, codes in links.items()})
        self.ids[values["code"]] = record.pk


def _record_finding(values: dict[str, Any], act: Act) -> None:
    record_finding(act=act, values=values)


@cache
def _rows(name: str) -> tuple[Row, ...]:
    text = files("banggiao").joinpath("data", "exercise", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text), strict=True))


@cache
def _courses() -> dict[str, list[Row]]:
    courses: dict[str, list[Row]] = {"proposed": []}
    for row in _rows("courses"):
        courses.setdefault(row["course"], []).append(row)
    return courses


def _pick(row: Row, *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _number(text: str) -> int | None:
    return int(text) if text else None
