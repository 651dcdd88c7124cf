"""A register with a past: commitments with plans, reports and evidence as known on a day, and every kind of edit after it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps

from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.services import end_role, switch_user
from banggiao.activities.models import Activity
from banggiao.agreements.models import Agreement
from banggiao.commitments.models import Commitment, Task
from banggiao.commitments.services import create_commitment, create_commitments, create_task, revise_commitment
from banggiao.commitments.succession import Part, merge, split, supersede
from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import NotFound
from banggiao.followup.evidence.services import add_evidence
from banggiao.followup.models import DueDateMove, Evidence, ProgressUpdate
from banggiao.followup.planning.models import Difficulty, Milestone
from banggiao.followup.planning.services import (
    add_difficulty,
    approve_plan,
    claim_milestone,
    draft_plan,
    resolve_difficulty,
)
from banggiao.followup.services import (
    OPEN_STATES,
    decide_due_date,
    move_due_date,
    move_validation,
    move_work,
    record_finding,
    report_progress,
)
from banggiao.followup.states import VALIDATION, WORK
from banggiao.partners.models import Institution, Partner
from banggiao.partners.services import create_institution, revise_institution, revise_partner
from banggiao.reports.closing import close_institution
from tests.factories.rows import AT, SIX, act, activity, agreement, institution, partner, task, user

#: The day that is asked about, and its last moment.
DAY = date(2025, 10, 15)
END = AT.replace(year=2025, month=10, day=15, hour=23, minute=59, second=59, microsecond=999999)
WORDS = ("", "Huế", "Đà Nẵng", "Cà phê\nvà chè", "“Ngoặc”", "=1+1", "Ủy ban\tliên Chính phủ")
DAYS = ("", "2025", "2025-03", "2025-03-10", "2025-09-30", "2025-10-15", "2025-12-31", "2026-06")


def past_world(count: int = 120) -> None:
    """Commitments of six bodies with four partners, a third of them planned, written from AT on, all before DAY."""
    bodies = [institution(f"BO-{letter}") for letter in "ABCDEF"]
    partners = [partner(f"XA{letter}", f"Nước {letter}") for letter in "ABCD"]
    for number, body in enumerate(bodies[:3]):
        user(f"canbo{number}", role="ministry", body=body)
    rows = [
        {
            "text_vi": f"Cam kết số {n}", "text_en": f"Commitment {n}" if n % 2 else "", "side": ("ours", "theirs")[n % 2],
            "partner_id": partners[n % 4].pk if n % 7 else None, "lead_id": bodies[n % 6].pk if n % 11 else None,
            "made_on": ("2025-03-11", "2025-06", "2024-12-01")[n % 3], "deadline": DAYS[n % len(DAYS)],
            "classification": "public" if n % 2 else "internal", "field": ("trade", "")[n % 2], **SIX,
        }
        for n in range(count)
    ]  # fmt: skip
    made = create_commitments(act=act(), rows=rows)
    for number, duty in enumerate(made):
        at = AT + timedelta(hours=number)
        if duty.lead_id and duty.current_due:
            duty = move_work(act=act(at=at), record=duty, action="assign", version=duty.version)
            if number % 2:
                duty = move_work(act=act(at=at), record=duty, action="start", version=duty.version)
        if number % 3 == 0:
            _planned(duty, at + timedelta(minutes=5), number)
        if number % 4 == 0:
            report_progress(
                act=act(at=at), record=duty, day=at.date(), text=f"đã làm {number}", claimed=Decimal(number % 5) / 4,
                difficulty="FUNDING" if number % 8 == 0 else "", difficulty_text="chậm vốn" if number % 8 == 0 else "",
            )  # fmt: skip
        if number % 10 == 0:
            add_difficulty(act=act(at=at), record=duty, code="PARTNER", since=at.date(), text="chờ", unblocker_name="Bộ X")
        if number % 6 == 1 and duty.work_state == "active":
            move_work(act=act(at=at), record=duty, action="complete", version=duty.version, values={"done_on": "2025-09-20"})
    first = activity(partners=partners[:1], start="2025-08-01", period="2025-H2")
    agreement(parties=partners[:2], signed_on="2025-08-02")
    task(activity_id=first.pk, lead_id=bodies[0].pk, period="2026-H1")
    record_finding(act=act(), values={"kind": "result", "text_vi": "Mở cửa thị trường", "period": "2025-H2"})


def _planned(duty: Commitment, at: datetime, number: int) -> None:
    steps = [
        {"name_vi": "bước một", "weight": Decimal("0.4"), "due": date(2025, 10, 1)},
        {"name_vi": "bước hai", "weight": Decimal("0.6"), "due": date(2026, 3, 1), "target": Decimal(4), "unit": "tỉnh"},
    ]
    plan = draft_plan(act=act(at=at), record=duty, starts=date(2025, 9, 1), milestones=steps)
    plan = approve_plan(act=act(at=at), record=duty, baseline=plan, version=plan.version)
    keys = list(Milestone.objects.filter(baseline=plan).order_by("position").values_list("key", flat=True))
    claim_milestone(act=act(at=at), record=duty, key=keys[0], day=at.date(), quantity=Decimal(1))
    if number % 2:
        shown = add_evidence(act=act(at=at), record=duty, grade=3, description="biên bản", day=at.date(), milestone=keys[0])
        records.revise(shown, act=act(at=at), values={"state": "accepted"}, version=shown.version, action="accept")


Edit = Callable[[Act], object]


def edits(chance: random.Random) -> dict[str, Edit]:
    """The kinds of write to draw from, by name; each may be refused, and then must leave nothing."""

    def some(model: Any) -> Any:
        ids = sorted(model.objects.values_list("pk", flat=True))
        if not ids:
            raise NotFound("none yet")
        return model.objects.get(pk=chance.choice(ids))

    def word() -> str:
        return chance.choice(WORDS)

    def earlier(deed: Act) -> date:
        """A day before the one asked about: the fact is back-dated, its record is not."""
        return DAY - timedelta(days=chance.randrange(1, 20))

    def duty() -> Any:
        return some(Commitment)

    def describe(deed: Act) -> object:
        record = duty()
        values = chance.choice(
            [
                {"text_vi": word() or "x", "text_en": word()},
                {"partner_id": some(Partner).pk},
                {"lead_id": some(Institution).pk},
                {"made_on": chance.choice(DAYS)},
                {"person_in_charge": word(), "product": word(), "field": "investment"},
                {"cycle_days": chance.choice([30, 90])},
            ]
        )
        return revise_commitment(act=deed, commitment=record, values=values, version=record.version)

    def coordinate(deed: Act) -> object:
        record = duty()
        return records.revise(
            record, act=deed, values={}, links={"coordinating": list({some(Institution).pk, some(Institution).pk})},
            version=record.version,
        )  # fmt: skip

    def reclassify(deed: Act) -> object:
        record = some(chance.choice([Commitment, Commitment, Partner, Institution, ProgressUpdate, Activity, Task]))
        level = chance.choice(["public", "internal", "confidential"])
        return records.revise(record, act=deed, values={"classification": level}, version=record.version)

    def hand_to(deed: Act) -> object:
        record = duty()
        return records.revise(record, act=deed, values={"owner": some(Institution).pk}, version=record.version)

    def touch(deed: Act) -> object:
        models = [
            Commitment,
            Commitment,
            Partner,
            Institution,
            ProgressUpdate,
            Evidence,
            Difficulty,
            Activity,
            Agreement,
            Task,
        ]
        record = some(chance.choice(models))
        return (records.restore if record.retracted else records.retract)(record, act=deed)

    def rename(deed: Act) -> object:
        if chance.random() < 0.5:
            body = some(Institution)
            return revise_institution(act=deed, institution=body, values={"name_vi": f"Bộ mới {word()}"}, version=body.version)
        land = some(Partner)
        return revise_partner(act=deed, partner=land, values={"name_vi": f"Nước mới {word()}"}, version=land.version)

    def merge_bodies(deed: Act) -> object:
        body = some(Institution)
        return close_institution(
            act=deed, institution=body, day="2025-10-01", successor=some(Institution), basis="NĐ 1", version=body.version
        )

    def split_body(deed: Act) -> object:
        body = some(Institution)
        code = f"BO-{chance.randrange(10**9)}"
        half = create_institution(act=deed, values={"code": code, "kind": "ministry", "name_vi": f"Bộ tách {code}"})
        for record in Commitment.objects.filter(lead=body)[:3]:
            revise_commitment(act=deed, commitment=record, values={"lead_id": half.pk}, version=record.version)
        return half

    def live() -> Any:
        rows = Commitment.objects.filter(retracted=False, work_state__in=OPEN_STATES)
        return rows.get(pk=chance.choice(sorted(rows.values_list("pk", flat=True))))

    def split_one(deed: Act) -> object:
        record = live()
        parts = [Part(f"phần {n}", record.weight / 2, some(Institution).pk if n else None) for n in range(2)]
        return split(act=deed.because("tách"), commitment=record, parts=parts, version=record.version)

    def merge_two(deed: Act) -> object:
        first = live()
        alike = Commitment.objects.filter(retracted=False, work_state__in=OPEN_STATES, side=first.side, partner=first.partner)
        chosen = [first, *alike.exclude(pk=first.pk).order_by("pk")[:2]]
        versions = {c.pk: c.version for c in chosen}
        return merge(
            act=deed.because("gộp"), commitments=chosen, text_vi="gộp lại", versions=versions, lead_id=some(Institution).pk,
            document="12/CV ngày 1/10/2025",
        )  # fmt: skip

    def supersede_one(deed: Act) -> object:
        old = live()
        return supersede(act=deed.because("thay"), commitment=old, by=live(), version=old.version, document="3/CV", day=DAY)

    def move(deed: Act) -> object:
        record = duty()
        values = {**SIX, "blocked_reason": "PARTNER", "unblocker": word(), "done_on": earlier(deed).isoformat()}
        return move_work(act=deed, record=record, action=chance.choice(WORK.steps).action, version=record.version, values=values)

    def validate(deed: Act) -> object:
        record = duty()
        return move_validation(act=deed, record=record, action=chance.choice(VALIDATION.steps).action, version=record.version)

    def postpone(deed: Act) -> object:
        record = duty()
        return move_due_date(
            act=deed.because("xin lùi"), record=record, to=chance.choice(("2026-06", "2027")), version=record.version
        )

    def decide(deed: Act) -> object:
        asked = some(DueDateMove)
        record = apps.get_model(asked.subject_type).objects.get(pk=asked.subject_id)
        return decide_due_date(act=deed, record=record, move=asked, approve=chance.random() < 0.5)

    def enter(deed: Act) -> object:
        """A commitment of months ago that nobody had entered."""
        values = {
            "text_vi": "Ghi muộn", "side": "ours", "made_on": "2025-03-11", "deadline": chance.choice(DAYS),
            "lead_id": some(Institution).pk, "partner_id": some(Partner).pk,
        }  # fmt: skip
        dated = Act(deed.viewer, deed.at, "ghi bổ sung", earlier(deed))
        if chance.random() < 0.2:
            return create_task(act=dated, values={"text_vi": "Ghi muộn", "given_on": "2025-03-11", "period": "2026-H1"})
        return create_commitment(act=dated, values=values)

    def report(deed: Act) -> object:
        return report_progress(
            act=deed, record=duty(), day=earlier(deed), text="báo muộn", claimed=Decimal(chance.randrange(5)) / 4,
            difficulty=chance.choice(["", "FUNDING"]),
        )  # fmt: skip

    def prove(deed: Act) -> object:
        step = some(Milestone)
        record = Commitment.objects.get(pk=step.subject_id)
        shown = add_evidence(act=deed, record=record, grade=3, description="nộp muộn", day=earlier(deed), milestone=step.key)
        return records.revise(shown, act=deed, values={"state": chance.choice(["accepted", "returned"])}, version=shown.version)

    def claim(deed: Act) -> object:
        step = some(Milestone)
        record = Commitment.objects.get(pk=step.subject_id)
        return claim_milestone(act=deed, record=record, key=step.key, day=earlier(deed), quantity=Decimal(chance.randrange(4)))

    def replan(deed: Act) -> object:
        record = duty()
        steps = [{"name_vi": "làm lại", "weight": Decimal(1), "due": date(2026, 9, 1)}]
        plan = draft_plan(
            act=deed, record=record, starts=date(2025, 9, 1), milestones=steps, reason="vì", partner_document="1/CV"
        )
        return approve_plan(act=deed, record=record, baseline=plan, version=plan.version)

    def hinder(deed: Act) -> object:
        return add_difficulty(act=deed, record=duty(), code="FUNDING", since=earlier(deed), unblocker_name="Bộ Tài chính")

    def unblock(deed: Act) -> object:
        stood = some(Difficulty)
        record = Commitment.objects.get(pk=stood.subject_id)
        return resolve_difficulty(
            act=deed, record=record, difficulty=stood, on=deed.at.date(), resolution="xong", version=stood.version
        )

    def remove_user(deed: Act) -> object:
        if chance.random() < 0.5:
            return end_role(act=deed, held=some(RoleHeld), on=deed.at.date())
        who = some(User)
        return switch_user(act=deed, user=who, active=not who.is_active, version=who.version)

    def review(deed: Act) -> object:
        record = some(chance.choice([Activity, Agreement]))
        values = {"name_vi": word() or "x"} | ({"start": chance.choice(DAYS[1:])} if isinstance(record, Activity) else {})
        return records.revise(record, act=deed, values=values, version=record.version)

    def find(deed: Act) -> object:
        return record_finding(act=deed, values={"kind": "result", "text_vi": "Kết quả ghi muộn", "period": "2025-H2"})

    return {
        each.__name__: each
        for each in (
            describe,
            coordinate,
            reclassify,
            hand_to,
            touch,
            rename,
            merge_bodies,
            split_body,
            split_one,
            merge_two,
            supersede_one,
            move,
            validate,
            postpone,
            decide,
            enter,
            report,
            prove,
            claim,
            replan,
            hinder,
            unblock,
            remove_user,
            review,
            find,
        )
    }
