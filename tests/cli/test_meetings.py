"""Do the commands of meetings and conferences propose, call the roll, give tasks, and write papers?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from banggiao.activities.models import Attendance, Speaker
from banggiao.bodies.lines import DECISIONS, ITEMS, MEMBERS
from banggiao.bodies.models import MeetingAttendance
from banggiao.bodies.services import move_meeting
from banggiao.cli.main import banggiao
from banggiao.commitments.models import Task
from banggiao.core.lines import add_line
from banggiao.followup.services import move_work
from tests.factories.rows import SIX, act, activity, body, commitment, institution, meeting, notice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The installation stands already: the tests bring their own rows."""
    monkeypatch.setattr("banggiao.cli.session.prepare", lambda **_options: None)


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(banggiao, list(arguments), catch_exceptions=code != 0)
    assert bool(done.exit_code) == bool(code), done.output
    return done.output


def test_a_meeting_by_command(tmp_path: Path) -> None:
    lead = institution("BO-A")
    board = body(lead)
    add_line(act=act(), lines=MEMBERS, parent=board, values={"role": "head", "position": "A", "institution_id": lead.pk})
    late = commitment(lead_id=lead.pk, deadline="2025-09-01", **SIX)
    move_work(act=act(), record=late, action="assign", version=1)
    made = meeting(board)
    listed = json.loads(run("meetings", "propose", made.code, "--json"))
    assert [row["reason"] for row in listed["rows"]] == ["overdue"]
    run("meetings", "propose", made.code, "--put", str(late.pk))
    assert ITEMS.book.model.objects.filter(meeting=made, subject_id=late.pk).exists()
    made = move_meeting(act=act(), meeting=made, action="convene", version=made.version)
    assert run("meetings", "roll", made.code, "--represented", "BO-A=Vụ trưởng").strip() == "1"
    assert MeetingAttendance.objects.get(meeting=made).represented_by == "Vụ trưởng"
    run("meetings", "roll", made.code, "--present", "BO-Q", code=1)
    move_meeting(act=act(), meeting=made, action="hold", version=made.version)
    add_line(act=act(), lines=DECISIONS, parent=made, values={"kind": "ask", "text_vi": "Báo cáo", "lead_id": lead.pk})
    assert json.loads(run("meetings", "tasks", made.code, "--json")) == [Task.objects.get(origin_id=made.pk).code]
    run("meetings", "paper", made.code, "--json", str(tmp_path / "bb.json"))
    assert json.loads((tmp_path / "bb.json").read_text(encoding="utf-8"))["kind"] == "Biên bản"
    assert "Giao Bộ A rà soát" in run("conclusion-notices", "paper", notice(lead, meeting_id=made.pk).code)


def test_a_conference_by_command() -> None:
    held = activity(kind="conference")
    institution("VU-E"), institution("TINH-X", kind="province")
    run("activities", "invite", held.code, "--body", "TINH-X")
    assert Attendance.objects.get(activity=held).institution.code == "TINH-X"
    run("activities", "statements", held.code, "--asker", "VU-E", "--deadline", "2025-12-01", "--body", "TINH-X")
    assert Speaker.objects.get(activity=held).call.state == "draft"
    assert run("activities", "take-statements", held.code).strip() == "0"
