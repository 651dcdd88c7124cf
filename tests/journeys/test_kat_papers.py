"""Known answers 13 and 37 typed into the pages and read back; and the sheet of a duty, in Word, says what page and API say."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import docx
import pytest
from click.testing import CliRunner

from banggiao.cli.main import banggiao
from banggiao.commitments.models import Commitment, PledgeTranche
from tests.journeys.test_kat_plans import Office, keys, office  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db


def sheet(office: Office, duty: Commitment, language: str = "vi") -> str:  # noqa: F811
    """The words of the duty's Word file, cells of a row parted by bars."""
    sent = office.client("ministry", language).get(f"/commitments/{duty.pk}/paper.docx")
    assert sent.status_code == 200, sent.content[:400]
    paper = docx.Document(io.BytesIO(sent.content))
    rows = [" | ".join(cell.text for cell in row.cells) for table in paper.tables for row in table.rows]
    text = "\n".join([*(p.text for p in paper.paragraphs), *rows])
    return text.replace("\u00a0", " ").replace("\u2212", "-")


def asked(question: str, *given: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(banggiao, ["ask", question, *given, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    rows: list[dict[str, Any]] = json.loads(done.output)["rows"]
    return rows


def test_kat_1_6_17_20_stand_in_word(office: Office) -> None:  # noqa: F811
    first = office.owe(deadline="2027-06-30")
    rows = [
        {
            "name_vi": f"Mốc {n}",
            "weight": w,
            "due": f"2026-{3 + 2 * n:02d}-28",
            "required_grade": "2",
            "target": "10" if n == 3 else "",
        }
        for n, w in enumerate(("10", "20", "30", "25", "15"))
    ]
    office.plan(first, date(2026, 1, 2), rows, starts=date(2026, 1, 2))
    for key, quantity, grade in zip(keys(first), ("", "", "", "4"), (4, 3, 1, 2), strict=False):
        office.claim(first, date(2026, 9, 1), key, quantity)
        office.prove(first, date(2026, 9, 1), key, grade)
    said = sheet(office, first)
    assert "Tiến độ được thẩm tra | 40%" in said and "Tự khai; chênh lệch | 70%; 30%" in said
    assert "4 | Mốc 3 | 25% | 28/9/2026 | 40% | 40% | 2 / 2" in said
    assert "Verified progress | 40%" in sheet(office, first, "en")

    slipped = office.owe(deadline="2026-07-01")
    row = {"name_vi": "Ban hành", "weight": "100", "due": "2026-07-01"}
    office.plan(slipped, date(2026, 9, 2), [row], starts=date(2026, 1, 1))
    later = {**row, "due": "2026-10-01", "key": keys(slipped)[0]}
    office.plan(slipped, date(2026, 9, 3), [later], starts=date(2026, 1, 1), reason="Chờ ý kiến thẩm định")
    office.claim(slipped, date(2026, 10, 1), keys(slipped)[0])
    office.prove(slipped, date(2026, 10, 1), keys(slipped)[0], 3)
    said = sheet(office, slipped)
    assert "kế hoạch 0 | 0,67" in said, said
    assert "kế hoạch 1 | 1" in said and "| +50%" in said, said

    office.set_clock(date(2026, 10, 2))
    stale = office.owe(deadline="2027-06-30", cycle_days=30)
    office.plan(stale, date(2026, 10, 2), [{**row, "due": "2027-05-31"}], starts=date(2026, 10, 2))
    office.claim(stale, date(2026, 10, 2), keys(stale)[0])
    office.prove(stale, date(2026, 10, 2), keys(stale)[0], 1)
    office.set_clock(date(2027, 1, 1))
    said = sheet(office, stale)
    assert "91 ngày" in said and "Đánh giá theo bảng công bố | Chưa rõ" in said


def test_kat_13_delivered_without_a_pledge_is_not_available_and_never_all(office: Office) -> None:  # noqa: F811
    duty = office.owe(deadline="2027-06-30")
    here = f"/commitments/{duty.pk}/lines"
    day = date(2026, 3, 1)
    office.on(day, "ministry", f"{here}/tranches/add", name="Tặng thêm", form="grant", unit="dose", pledged="", promised_on="")
    tranche = PledgeTranche.objects.get(commitment=duty)
    moved = {"tranche_id": str(tranche.pk), "stage": "delivered", "day": day.isoformat(), "quantity": "1.0"}
    office.on(day, "ministry", f"{here}/pledge_moves/add", **moved)
    page = office.client("ministry").get(f"/commitments/{duty.pk}").content.decode()
    section = page[page.index('id="pledges"') : page.index('id="tranches"')]
    assert "Tặng thêm" in section and "100 %" not in section.replace("\u00a0", " ")
    (told,) = office.client("ministry").get("/api/questions/pledge_ledger", {"code": duty.code}).json()["rows"]
    (row,) = asked("pledge_ledger", f"code={duty.code}")
    assert row["cells"] == told["cells"] if "cells" in row else row == told
    assert "Tặng thêm | liều | 0 | 1 | 0 | 1 | n/a" in sheet(office, duty)


def test_kat_37_the_headline_counts_whose_deadline_has_come(office: Office) -> None:  # noqa: F811
    def done(deadline: str, on: date) -> None:
        duty = office.owe(deadline=deadline)
        office.on(on, "ministry", f"/commitments/{duty.pk}/steps/complete", version=duty.version, done_on=on.isoformat())

    for n in range(6):
        done("2026-06-30", date(2026, 6, 1 + n))
    for _n in range(2):
        done("2026-06-30", date(2026, 7, 2))
    for _n in range(2):
        office.owe(deadline="2026-06-30")
    for _n in range(5):
        done("2026-12-31", date(2026, 7, 2))
    office.set_clock(date(2026, 7, 3))
    page = office.client("leader").get("/kpi").content.decode().replace("\u00a0", " ")
    assert "60 %" in page and "73,3 %" not in page
    told = office.client("leader").get("/api/questions/kpi_timeliness").json()["rows"][-1]
    assert told == asked("kpi_timeliness")[-1]
    values = told["cells"] if "cells" in told else told
    counted = {name: values[name] for name in ("total", "on_time", "late", "overdue", "due")}
    assert counted == {"total": 15, "on_time": 11, "late": 2, "overdue": 2, "due": 10}
    assert float(values["rate"]) == 60
    report = office.client("leader").get("/reports/commitments/file.docx")
    words = "\n".join(p.text for p in docx.Document(io.BytesIO(report.content)).paragraphs).replace("\u00a0", " ")
    assert "60%" in words and "73,3%" not in words
