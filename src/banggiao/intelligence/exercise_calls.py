"""What was asked of the made-up bodies, and what did they answer? Told by packaged tables, played by the same services."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from importlib.resources import files
from uuid import UUID

from banggiao.core.acts import Act, Viewer
from banggiao.followup.data_calls.models import DataCall, DataCallAnswer
from banggiao.followup.data_calls.services import create_call, move_answer, move_call, save_rows
from banggiao.followup.dispatches.services import create_dispatch

Row = Mapping[str, str]
At = Callable[[int, Viewer, str], Act]
_ASKER = "DT-VU-E"


def play_calls(at: At, start: date, desk: Viewer, reporters: Mapping[str, Viewer], bodies: Mapping[str, UUID]) -> None:
    """Ask and answer what is not there yet; `at` makes the act of somebody on a day counted from the start.

    A body without an account of its own returns its form to the desk, which enters it.
    """
    known = set(DataCall.objects.filter(exercise=True).values_list("code", flat=True))
    for row in (row for row in _rows("data_calls") if row["code"] not in known):
        answers = [each for each in _rows("data_call_answers") if each["call"] == row["code"]]
        columns = [each for each in _rows("data_call_columns") if each["call"] == row["code"]]
        call = _ask(at, start, desk, row, columns, bodies, [each["body"] for each in answers])
        if not row["opened"]:
            continue
        for body in dict.fromkeys(each["body"] for each in answers):
            told = [each for each in answers if each["body"] == body and each["row"] != "0"]
            answer = DataCallAnswer.objects.get(call=call, institution_id=bodies[body])
            if told:
                _answer(at, start, reporters.get(body, desk), desk, answer, told, columns)
        if row["ends"] == "consolidated":
            for action in ("close", "consolidate"):
                act = at(int(row["due"]) + 5, desk, "Đã đủ phiếu.")
                call = move_call(act=act, call=call, action=action, version=call.version)


def _ask(
    at: At, start: date, desk: Viewer, row: Row, columns: list[Row], bodies: Mapping[str, UUID], asked: list[str]
) -> DataCall:
    opened = int(row["opened"] or -2)
    act = at(opened, desk, "Lập đề nghị báo cáo.")
    questions = [
        {**{name: each[name] for name in ("label", "kind", "unit", "terms")}, "required": bool(each["required"])}
        for each in columns
    ]
    values = {
        "code": row["code"],
        "name_vi": row["name_vi"],
        "name_en": row["name_en"],
        "purpose": row["purpose"],
        "asker_id": bodies[_ASKER],
        "deadline": (start + timedelta(days=int(row["due"]))).isoformat(),
        "many_rows": bool(row["many_rows"]),
        "questions": questions,
    }
    call = create_call(act=act, values=values, addressees=[bodies[code] for code in dict.fromkeys(asked)])
    if not row["opened"]:
        return call
    letter = {"number": row["letter"], "day": act.at.date().isoformat(), "direction": "out", "issuer_id": bodies[_ASKER]}
    create_dispatch(act=act, values={**letter, "about": f"V/v {row['name_vi'][0].lower()}{row['name_vi'][1:]}"}, subject=call)
    return move_call(act=act, call=call, action="open", version=call.version)


def _answer(at: At, start: date, by: Viewer, desk: Viewer, answer: DataCallAnswer, told: list[Row], columns: list[Row]) -> None:
    day, state = int(told[0]["day"]), told[0]["state"]
    rows = [{"id": "", "values": _values(each, columns, start)} for each in told]
    answer = save_rows(act=at(day, by, ""), answer=answer, rows=rows, version=answer.version)
    if state == "draft":
        return
    answer = move_answer(act=at(day, by, ""), answer=answer, action="submit", version=answer.version)
    if state == "approved":
        head = {"approved_by": f"Thủ trưởng {answer.institution.name_vi}", "letter": f"{answer.institution.code}/CV"}
        move_answer(act=at(day, by, ""), answer=answer, action="approve", version=answer.version, values=head)
    elif state == "returned":
        act = at(day + 1, desk, "Thiếu giá trị và dự kiến hoàn thành, đề nghị bổ sung.")
        move_answer(act=act, answer=answer, action="return", version=answer.version)


def _values(row: Row, columns: list[Row], start: date) -> dict[str, str]:
    """The cells of a row; a date is told in months from the start."""
    values = {}
    for place, (text, column) in enumerate(zip(row["values"].split("|"), columns, strict=False), 1):
        if text and column["kind"] == "date":
            month = start.year * 12 + start.month - 1 + int(text)
            text = f"{month // 12}-{month % 12 + 1:02d}"
        if text:
            values[f"c{place}"] = text
    return values


def _rows(name: str) -> list[Row]:
    text = files("banggiao").joinpath("data", "exercise", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), strict=True))
