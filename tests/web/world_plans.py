"""What stands about plans in the world of the pages: a plan that holds, a draft, evidence with a file, a difficulty."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from banggiao.followup.evidence.files import Sent
from banggiao.followup.evidence.services import add_evidence
from banggiao.followup.models import Baseline, Difficulty, Evidence
from banggiao.followup.planning.questions import milestones_of
from banggiao.followup.planning.services import add_difficulty, approve_plan, claim_milestone, draft_plan
from tests.factories.rows import AT, SYSTEM, act

ROWS = [
    {"name_vi": "Khảo sát các tỉnh", "weight": Decimal("0.4"), "due": date(2025, 8, 15), "target": Decimal(4), "unit": "tỉnh"},
    {"name_vi": "Đối tác xác nhận", "weight": Decimal("0.6"), "due": date(2025, 9, 30), "side": "theirs"},
]


def plans_in_the_world(planned: Any, drafted: Any, body: Any) -> None:
    """A plan of one duty, claimed and proved in part, and a draft for another."""
    plan = draft_plan(act=act(), record=planned, starts=date(2025, 7, 1), milestones=ROWS)
    plan = approve_plan(act=act(), record=planned, baseline=plan, version=plan.version)
    first = milestones_of(plan, SYSTEM)[0]
    claim_milestone(act=act(), record=planned, key=first.key, day=AT.date(), quantity=Decimal(3))
    add_evidence(
        act=act(), record=planned, grade=2, description="Biên bản khảo sát", day=AT.date(),
        milestone=first.key, quantity=Decimal(2),
        file=Sent("bien-ban.txt", ["Biên bản khảo sát hai tỉnh.".encode()]),
    )  # fmt: skip
    add_difficulty(act=act(), record=planned, code="PARTNER", since=AT.date(), text="Chưa trả lời", unblocker_id=body.pk)
    draft_plan(act=act(), record=drafted, starts=date(2025, 7, 1), milestones=ROWS)


def draft() -> Baseline:
    """The draft that waits."""
    return Baseline.objects.get(state="draft")


def difficulty() -> Difficulty:
    """What stands in the way."""
    return Difficulty.objects.get()


def proof() -> Evidence:
    """The evidence with a file."""
    return Evidence.objects.get(file__isnull=False)
