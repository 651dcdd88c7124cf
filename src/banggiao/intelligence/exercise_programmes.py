"""What did the made-up missions set out to do, find and propose? Told by packaged tables, played by the same services."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from importlib.resources import files
from uuid import UUID

from banggiao.core.acts import Act, Viewer
from banggiao.core.lines import add_line
from banggiao.core.periods import period_holding
from banggiao.followup.data_calls.models import DataCallAnswer
from banggiao.followup.data_calls.services import move_answer, save_rows
from banggiao.programmes.models import ProgrammeTask, WorkProgramme
from banggiao.programmes.questions import PARTS
from banggiao.programmes.services import call_reports, create_programme, give_task, move_programme

Row = Mapping[str, str]
At = Callable[[int, Viewer, str], Act]
_ASKER = "DT-VU-E"
#: How far a programme gets, step by step.
_STEPS = ("submit", "approve", "start")
_ENDS = {"draft": 0, "submitted": 1, "approved": 2, "running": 3}


def play_programmes(at: At, start: date, desk: Viewer, reporters: Mapping[str, Viewer], ids: Mapping[str, UUID]) -> None:
    """Write the programmes that are not there yet, then call on all missions for their reports; one has reported.

    A mission without an account of its own has its programme entered by the desk.
    """
    known = set(WorkProgramme.objects.filter(exercise=True).values_list("mission__code", flat=True))
    fresh = [row for row in _rows("programmes") if row["mission"] not in known]
    for row in fresh:
        _write(at, start, desk, reporters.get(row["mission"], desk), row, ids)
    if not fresh:
        return
    period = period_holding(start).code
    deadline = (start + timedelta(days=12)).isoformat()
    act = at(-10, desk, "Tổng hợp báo cáo nửa năm.")
    call = call_reports(act=act, asker_id=ids[_ASKER], period=period, deadline=deadline)
    mission = fresh[0]["mission"]
    by = reporters.get(mission, desk)
    answer = DataCallAnswer.objects.get(call=call, institution_id=ids[mission])
    rows = [
        {"id": "", "values": {"c1": line["text_vi"], "c2": "Đang thực hiện theo kế hoạch", "c3": str(20 * int(line["number"]))}}
        for line in _rows("programme_lines")
        if line["mission"] == mission and line["part"] == "programme_tasks"
    ]
    answer = save_rows(act=at(-3, by, ""), answer=answer, rows=rows, version=answer.version)
    move_answer(act=at(-3, by, ""), answer=answer, action="submit", version=answer.version)


def _write(at: At, start: date, desk: Viewer, by: Viewer, row: Row, ids: Mapping[str, UUID]) -> None:
    day = int(row["day"])
    values = {
        "mission_id": ids[row["mission"]], "period": str(start.year), "head_title": row["head_title"],
        "summary_vi": row["summary_vi"], "summary_en": row["summary_en"],
    }  # fmt: skip
    programme = create_programme(act=at(day, by, "Lập chương trình công tác."), values=values)
    told = [line for line in _rows("programme_lines") if line["mission"] == row["mission"]]
    later = [line for line in told if line["part"] != "programme_tasks"]
    for line in told:
        if line not in later:
            _line(at(day, by, ""), programme, line, start, ids)
    for number, action in enumerate(_STEPS[: _ENDS[row["ends"]]]):
        who = desk if action == "approve" else by
        signed = {"approved_by": "Trần Thị Thí Dụ, Vụ trưởng Vụ E"} if action == "approve" else None
        act = at(day + 2 * number + 1, who, "")
        programme = move_programme(act=act, programme=programme, action=action, version=programme.version, values=signed)
    for line in later:
        _line(at(int(line["day"]), by, ""), programme, line, start, ids)
    for line in told:
        if line["given"]:
            given = ProgrammeTask.objects.get(programme=programme, number=int(line["number"]), retracted=False)
            give_task(act=at(day + 10, desk, ""), programme=programme, line=given, version=given.version)


def _line(act: Act, programme: WorkProgramme, line: Row, start: date, ids: Mapping[str, UUID]) -> None:
    def day(text: str) -> str:
        return (start + timedelta(days=int(text))).isoformat() if text else ""

    lines = next(part for part in PARTS if part.name == line["part"])
    values: dict[str, object] = {"text_vi": line["text_vi"], "text_en": line["text_en"]}
    if line["part"] == "programme_tasks":
        values |= {
            "number": int(line["number"]),
            "indicator": line["indicator"],
            "target": line["target"],
            "due": day(line["due"]),
        }
    elif line["part"] == "opportunities":
        values |= {"partner_id": ids[line["partner"]], "field": line["field"], "product": line["product"], "state": line["state"]}
        values |= {"day": day(line["day"]), "handed_to_id": ids[line["to"]] if line["to"] else None}
    else:
        values |= {"addressee_id": ids[line["to"]], "day": day(line["day"])}
        values |= {"answer": line["answer"], "answered_on": day(line["answered"])}
    add_line(act=act, lines=lines, parent=programme, values=values)


def _rows(name: str) -> list[Row]:
    text = files("banggiao").joinpath("data", "exercise", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), strict=True))
