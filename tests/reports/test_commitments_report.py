"""Does the report of commitments of a past day say what it must, alike on page, API and command line, and refuse what it must?"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from banggiao.cli.main import banggiao
from banggiao.commitments.models import Commitment
from banggiao.core import records
from banggiao.core.errors import InvalidInput, NotPermitted, SetupProblem
from banggiao.followup.outcomes import CELLS, cell, counted
from banggiao.followup.services import move_work, report_progress
from banggiao.reports import commitments_known
from banggiao.reports.commitments_difference import difference
from banggiao.reports.commitments_known import Asked, counts, known, outcome
from banggiao.reports.commitments_report import as_json, document_of, figures, take_report
from tests.factories.past import DAY, END, past_world
from tests.factories.rows import AT, SIX, SYSTEM, act, commitment, institution, partner, user, viewer

pytestmark = pytest.mark.django_db
DESK = viewer("desk")
NEXT = AT + timedelta(days=40)


@pytest.fixture
def three() -> list[Commitment]:
    """One done in time, one done late, one past its first deadline, all led by Bộ A; and one of the exercise."""
    lead, land = institution(), partner()
    made = []
    for number, (due, done) in enumerate((("2025-09-30", "2025-09-10"), ("2025-08-31", "2025-09-10"), ("2025-08-31", ""))):
        duty = commitment(
            text_vi=f"Việc {number}", text_en=f"Duty {number}", deadline=due, lead_id=lead.pk, partner_id=land.pk, **SIX
        )
        for step in ("assign", "start", *(["complete"] if done else [])):
            values = {"done_on": done} if step == "complete" else None
            duty = move_work(act=act(), record=duty, action=step, version=duty.version, values=values)
        made.append(duty)
    report_progress(act=act(), record=made[2], day=AT.date(), text="chậm", claimed=Decimal("0.5"), difficulty="FUNDING")
    return made


def test_totals_stand_with_their_denominators(three: list[Commitment]) -> None:
    found = known(DESK, NEXT, Asked())
    totals = found.totals()
    told = {
        name: int(value) for name, value in totals.items() if value and name[:5] in ("all", "come_", "first", "past_", "with_")
    }
    assert told == {
        "all": 3, "first_on_time": 1, "first_late": 1, "first_overdue": 1, "come_on_time": 1, "come_late": 1, "come_overdue": 1,
        "past_due": 1, "with_difficulty": 1,
    }  # fmt: skip
    rates = figures(totals)["rates"]
    assert rates["due"] == 3 and rates["on_time"].startswith("0.3333")
    assert [round(float(end), 4) for end in rates["on_time_interval"]] == [0.0615, 0.7923], "Wilson's interval of 1 of 3"
    words = json.dumps([repr(b) for b in document_of(found, "vi").blocks], ensure_ascii=False)
    assert "Trong 3 cam kết có hạn ban đầu đã tới, 1 xong đúng hạn: 33,3%" in words and "Thiếu hoặc chậm vốn" in words


def test_the_day_decides_and_back_dated_facts_come_with_the_day_they_were_recorded(three: list[Commitment]) -> None:
    later = act(at=NEXT, reason="ghi bù")
    report_progress(act=later, record=three[0], day=AT.date() - timedelta(days=30), text="x", claimed=Decimal(1))
    dated = act(at=NEXT, reason="ghi bù", valid_from=AT.date())
    records.revise(three[2], act=dated, values={"text_vi": "Việc khác"}, version=three[2].version)
    before = known(DESK, NEXT - timedelta(days=1), Asked())
    assert {line.record.text_vi for line in before.lines} == {"Việc 0", "Việc 1", "Việc 2"}
    assert [line.told is not None for line in before.lines if line.record.pk == three[0].pk] == [False]
    found = difference(DESK, NEXT - timedelta(days=1), NEXT, Asked())
    told = {each.text.vi: [entry.late for entry in each.entries] for each in found.changed}
    assert told == {"Việc 0": [True], "Việc khác": [True]}
    assert all(entry.reason == "ghi bù" and entry.actor == "kiểm thử" for each in found.changed for entry in each.entries)
    assert known(DESK, AT - timedelta(days=1), Asked()).lines == ()


def test_a_record_counts_in_the_cell_that_the_register_puts_it_in() -> None:
    past_world(80)
    cells = {name: set(Commitment.objects.filter(counted(), cell(name, DAY)).values_list("pk", flat=True)) for name in CELLS}
    assert sum(len(ids) for ids in cells.values()) == 80
    for duty in Commitment.objects.all():
        assert duty.pk in cells[outcome(duty, DAY)], duty.first_due


def test_filters_worlds_rights_and_what_is_refused(three: list[Commitment]) -> None:
    institution("BO-B")
    assert len(known(DESK, NEXT, Asked(lead="BO-A", partner="xaa", period="2025-Q1")).lines) == 3
    assert not known(DESK, NEXT, Asked(lead="BO-B")).lines and not known(DESK, NEXT, Asked(period="2024")).lines
    assert not known(DESK, NEXT, Asked(exercise=True)).lines, "the two worlds never share a report"
    assert not known(viewer("ministry", institution("BO-C")), NEXT, Asked()).lines
    for wrong in (Asked(lead="KHONG-CO"), Asked(partner="ZZZ")):
        with pytest.raises(InvalidInput):
            known(DESK, NEXT, wrong)
    with pytest.raises(InvalidInput):  # the body was not on record on that day
        known(DESK, AT - timedelta(days=1), Asked(lead="BO-A"))
    with pytest.raises(NotPermitted):
        known(viewer("enterprise"), NEXT, Asked())
    with pytest.raises(InvalidInput, match="Ngày thứ hai phải sau"):
        difference(DESK, NEXT, NEXT, Asked())
    with pytest.raises(InvalidInput, match="Không có định dạng"):
        take_report(known(DESK, NEXT, Asked()), "exe", act=act(DESK), language="vi")


def test_a_rule_this_programme_does_not_have_is_said_and_not_guessed(three: list[Commitment]) -> None:
    line = known(DESK, NEXT, Asked()).lines[0]
    with pytest.raises(SetupProblem, match="phiên bản 9"):
        counts(line, DAY, 9)
    assert 1 in commitments_known.RULES


def test_reading_more_records_takes_no_more_queries() -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            assert known(DESK, END, Asked()).lines
        return len(made)

    past_world(10)
    few = asked()
    lead = institution("BO-Z")
    for number in range(30):
        duty = commitment(text_vi=f"thêm {number}", lead_id=lead.pk, partner_id=partner(f"XZ{number}", "N").pk)
        report_progress(act=act(), record=duty, day=AT.date(), text="x")
    assert asked() <= few, "the same number of queries, however many records"


def test_page_api_and_command_give_the_same_bytes(three: list[Commitment], tmp_path: Path, monkeypatch: Any) -> None:
    who = user("thu", role="desk", body=institution("DT-VU"))
    client = Client()
    client.force_login(who, backend="banggiao.accounts.backend.AccountBackend")
    monkeypatch.setattr("banggiao.cli.session.prepare", lambda **_options: None)
    asked = {"as_of": "2025-10-20", "lead": "BO-A"}
    call: Callable[..., Any] = lambda *more: CliRunner().invoke(banggiao, ["--as", "thu", "commitments", "report", *more])  # noqa: E731
    for form in ("json", "csv", "pdf"):
        page = client.get(f"/reports/commitments/file.{form}", asked).content
        api = client.get(f"/api/reports/commitments.{form}", asked).content
        target = tmp_path / f"x.{form}"
        ran = call("--as-of", "2025-10-20", "--lead", "BO-A", f"--{form}", str(target))
        assert ran.exit_code == 0, ran.output
        assert page == api == target.read_bytes(), form
    assert b"Vi\xe1\xbb\x87c 2" in client.get("/reports/commitments", asked).content
    days = {"first": "2025-09-14", "second": "2025-10-20"}
    page = client.get("/reports/commitments/difference/file.json", days).content
    target = tmp_path / "between.json"
    assert call("--compare", "2025-09-14", "2025-10-20", "--json", str(target)).exit_code == 0
    assert page == client.get("/api/reports/commitments/difference.json", days).content == target.read_bytes()
    told = json.loads(page)
    assert [t for t in told["totals"] if t["total"] == "all"][0]["causes"] == {"entered": "3"} and len(told["records"]) == 3
    assert "Việc 2" in client.get("/reports/commitments/difference", days).content.decode()
    printed = call("--compare", "2025-09-14", "2025-10-20")
    assert "Cam kết trong báo cáo" in printed.output and "0 → 3" in printed.output
    assert client.get("/reports/commitments", {"as_of": "2999-01-01"}).status_code == 422, "the future is not known"
    assert as_json(known(SYSTEM, NEXT, Asked())) == as_json(known(SYSTEM, NEXT, Asked()))
