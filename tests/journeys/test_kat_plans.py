"""Known answers 1, 6, 17 and 20 typed into the pages by those whose work it is, and read back from page, API and command."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from banggiao.cli.main import banggiao
from banggiao.commitments.models import Commitment
from banggiao.followup.models import Evidence
from banggiao.followup.planning.models import Baseline, Milestone
from banggiao.followup.services import move_work
from tests.conftest import NOW
from tests.factories.rows import SIX, act, commitment, institution, user

pytestmark = pytest.mark.django_db
Told = dict[str, Any]


class Office:
    """A body that owes, another that approves and checks, and the clock that all of them look at."""

    def __init__(self, set_clock: Callable[[date], None]) -> None:
        self.set_clock = set_clock
        set_clock(date(2026, 1, 1))
        self.lead, self.above = institution("BO-A"), institution("BO-B")
        people = (("bao.cao", "ministry", self.lead), ("phe.duyet", "desk", self.above), ("tham.tra", "verifier", self.above))
        self.people = {role: user(name, role=role, body=body) for name, role, body in people}
        self.people["leader"] = user("lanh.dao", role="leader", body=self.above)

    def owe(self, **values: Any) -> Commitment:
        at = datetime(2026, 1, 1, 8, tzinfo=NOW.tzinfo)
        deed = act(at=at)
        duty = commitment(lead_id=self.lead.pk, **SIX, **{"made_on": "2026-01-01", **values})
        duty = move_work(act=deed, record=duty, action="assign", version=duty.version)
        return move_work(act=deed, record=duty, action="start", version=duty.version)

    def on(self, when: date, role: str, path: str, /, **values: Any) -> None:
        """Somebody sends a form on a day; it must be taken."""
        self.set_clock(when)
        client = self.client(role)
        sent = client.post(path, values)
        assert sent.status_code == 302, sent.content.decode()[-3000:]

    def client(self, role: str, language: str = "vi") -> Client:
        client = Client()
        client.force_login(self.people[role], backend="banggiao.accounts.backend.AccountBackend")
        client.cookies["django_language"] = language
        return client

    def plan(self, duty: Commitment, day: date, rows: list[Told], *, starts: date, reason: str = "") -> None:
        """The lead drafts a plan in the editor, the desk approves it."""
        sent: Told = {"starts": starts.isoformat(), "lines": str(len(rows)), "reason": reason}
        for n, row in enumerate(rows):
            sent |= {f"m{n}-{name}": value for name, value in row.items()}
        self.on(day, "ministry", f"/commitments/{duty.pk}/plan/draft", **sent)
        draft = Baseline.objects.get(subject_id=duty.pk, state="draft")
        self.on(day, "desk", f"/commitments/{duty.pk}/plan/{draft.pk}/approve", version=draft.version)

    def claim(self, duty: Commitment, day: date, key: Any, quantity: str = "") -> None:
        said = {"quantity": quantity} if quantity else {"done": "yes"}
        self.on(day, "ministry", f"/commitments/{duty.pk}/claim", milestone=key, day=day.isoformat(), **said)

    def prove(self, duty: Commitment, day: date, key: Any, grade: int) -> None:
        """The lead hands evidence in, somebody of another body accepts it."""
        said = {"milestone": key, "day": day.isoformat(), "grade": grade, "description": "Biên bản"}
        self.on(day, "ministry", f"/commitments/{duty.pk}/evidence", **said)
        proof = Evidence.objects.get(subject_id=duty.pk, state="submitted")
        self.on(day, "verifier", f"/evidence/{proof.pk}/steps/accept", version=proof.version)

    def read(self, duty: Commitment, day: date) -> tuple[str, Told]:
        """The page, and what API and command say alike."""
        self.set_clock(day)
        page = self.client("ministry").get(f"/commitments/{duty.pk}").content.decode()
        told = self.client("ministry").get(f"/api/registers/commitments/{duty.pk}/standing")
        assert told.status_code == 200, told.content
        done = CliRunner().invoke(banggiao, ["commitments", "standing", duty.code, "--json"], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        assert json.loads(done.output) == told.json()
        return " ".join(page.replace("\u00a0", " ").split()), told.json()


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr("banggiao.cli.session.prepare", lambda **_options: None)

    def set_clock(day: date) -> None:
        # Later on the same day than whatever was done before.
        ticks.append(len(ticks))
        at = datetime(day.year, day.month, day.day, 9, tzinfo=NOW.tzinfo) + timedelta(minutes=len(ticks))
        monkeypatch.setattr("django.utils.timezone.now", lambda: at)

    ticks: list[int] = []
    return Office(set_clock)


def keys(duty: Commitment) -> list[Any]:
    plan = Baseline.objects.filter(subject_id=duty.pk, state="approved").order_by("-number")[0]
    return [m.key for m in Milestone.objects.filter(baseline=plan, retracted=False).order_by("position")]


def test_kat_1_claimed_70_verified_40_gap_30(office: Office) -> None:
    duty = office.owe(deadline="2027-06-30")
    weights = ("10", "20", "30", "25", "15")
    rows = [
        {
            "name_vi": f"Mốc {n}",
            "weight": w,
            "due": f"2026-{3 + 2 * n:02d}-28",
            "required_grade": "2",
            "target": "10" if n == 3 else "",
        }
        for n, w in enumerate(weights)
    ]
    office.plan(duty, date(2026, 1, 2), rows, starts=date(2026, 1, 2))
    for key, quantity in zip(keys(duty), ("", "", "", "4"), strict=False):
        office.claim(duty, date(2026, 9, 1), key, quantity)
    for key, grade in zip(keys(duty), (4, 3, 1, 2), strict=False):
        office.prove(duty, date(2026, 9, 1), key, grade)
    page, told = office.read(duty, date(2026, 9, 2))
    assert told["progress"] | {"rule": ""} == {"verified": 0.4, "claimed": 0.7, "gap": 0.3, "evidenced": True, "rule": ""}
    assert "40 %" in page and "tự khai 70 %" in page and "chênh 30 %" in page
    plan = office.client("verifier").get(f"/api/registers/commitments/{duty.code}/plan").json()
    assert [(m["claimed"], m["verified"], m["grade"]) for m in plan["baselines"][0]["milestones"]] == [
        (1, 1, 4), (1, 1, 3), (1, 0, 1), (0.4, 0.4, 2), (0, 0, 0),
    ]  # fmt: skip


def test_kat_6_a_longer_plan_does_not_hide_that_the_first_one_slipped(office: Office) -> None:
    duty = office.owe(deadline="2026-07-01")
    row = {"name_vi": "Ban hành", "weight": "100", "due": "2026-07-01"}
    office.plan(duty, date(2026, 1, 1), [row], starts=date(2026, 1, 1))
    later = {**row, "due": "2026-10-01", "key": keys(duty)[0]}
    office.plan(duty, date(2026, 5, 5), [later], starts=date(2026, 1, 1), reason="Chờ ý kiến thẩm định")
    office.claim(duty, date(2026, 10, 1), keys(duty)[0])
    office.prove(duty, date(2026, 10, 1), keys(duty)[0], 3)
    page, told = office.read(duty, date(2026, 11, 20))
    first, current = told["schedule"]["first"], told["schedule"]["current"]
    assert (first["number"], first["duration_months"], first["index"]) == (0, 6, 0.666667)
    assert (current["number"], current["duration_months"], current["index"]) == (1, 9, 1)
    assert told["schedule"]["drift"] == 0.5
    assert "kế hoạch ban đầu: 0,67" in page and "kế hoạch hiện hành: 1,00" in page and "+50 %" in page


def test_kat_17_an_extension_gives_a_second_answer_and_keeps_the_first(office: Office) -> None:
    duty = office.owe(deadline="2026-03-31")
    here = f"/commitments/{duty.pk}"
    office.on(date(2026, 3, 20), "ministry", f"{here}/due", to="2026-06-30", reason="Chờ đối tác", version=duty.version)
    move = duty_moves(duty)
    office.on(date(2026, 3, 21), "leader", f"{here}/due/{move.pk}", approve="yes", version=move.version)
    duty.refresh_from_db()
    office.on(date(2026, 6, 15), "ministry", f"{here}/steps/complete", version=duty.version, done_on="2026-06-15")
    page, told = office.read(duty, date(2026, 7, 1))
    assert told["timeliness"] == {
        "first_due": "2026-03-31", "current_due": "2026-06-30", "done_on": "2026-06-15",
        "on_time_current": True, "on_time_first": False, "late_days": 76,
    }  # fmt: skip
    assert "đúng hạn hiện hành" in page and "muộn 76 ngày so với hạn ban đầu" in page


def test_kat_20_what_nobody_has_proved_for_three_cycles_is_unknown_not_green(office: Office) -> None:
    duty = office.owe(deadline="2027-06-30", cycle_days=30)
    office.plan(duty, date(2026, 1, 1), [{"name_vi": "Mở cửa", "weight": "100", "due": "2026-12-31"}], starts=date(2026, 1, 1))
    office.claim(duty, date(2026, 6, 2), keys(duty)[0])
    office.prove(duty, date(2026, 6, 2), keys(duty)[0], 1)
    page, told = office.read(duty, date(2026, 6, 2) + timedelta(days=91))
    assert (told["progress"]["claimed"], told["progress"]["verified"]) == (1, 0)
    assert (told["confidence"]["age_days"], told["confidence"]["freshness"], told["colour"]) == (91, "stale", "unknown")
    assert '<span class="badge neutral">Chưa rõ</span>' in page and "minh chứng gần nhất: 91 ngày trước" in page
    assert 'aria-current="true"><span><span class="badge neutral">Chưa rõ' in page


def duty_moves(duty: Commitment) -> Any:
    from banggiao.followup.models import DueDateMove

    return DueDateMove.objects.get(subject_id=duty.pk)
