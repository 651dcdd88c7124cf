"""How does a list look by state? Lanes of cards whose buttons are the steps of the record's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from banggiao.core import faces
from banggiao.core.questions import Answer, Row
from banggiao.core.registers import Face, Register
from banggiao.followup.questions import timeliness
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, language, moment, today
from banggiao.web.jinja import written
from banggiao.web.parts import Action, StepAxis
from banggiao.web.parts_lists import Board, Card, Lane
from banggiao.web.records import axis_of
from banggiao.web.tables import lead_column
from banggiao.web.words import label, plain_value, state_badge

#: Cards of a lane; the list shows the rest.
MOST = 10


def board_of(register: Register, face: Face, params: Mapping[str, str], request: HttpRequest, back: str) -> Board:
    """The lanes in which records stand; a step comes back to the address `back`."""
    machine = face.machine
    assert machine is not None  # noqa: S101  a board is declared with its machine
    terms = next(f.column.vocabulary for f in register.fields if machine.field in f.paths)
    narrows = next((f.parameter.name for f in register.filters if f.path == machine.field), "")
    due = next((other.dates[-1] for other in register.faces if other.dates), "")
    lanes = []
    for lane in faces.board(register, machine, params, asker(request), at=moment(request), most=MOST):
        cards = [
            replace(
                card_of(lane.answer, row, request, due=due),
                steps=_coming_back(axis_of(register, machine, lane.records[row.id], asker(request)), back),
            )
            for row in lane.answer.rows
            if row.id is not None and row.id in lane.records
        ]
        every = list_url(register.name, {**params, narrows: lane.state}) if narrows and lane.total > len(cards) else ""
        lanes.append(Lane(state=state_badge(terms, lane.state), total=lane.total, cards=cards, all_url=every))
    return Board(lanes=lanes, most=MOST)


def card_of(answer: Answer, row: Row, request: HttpRequest, *, due: str = "current_due") -> Card:
    """A row as a card: its name, code and lead, what its due date means today, and the date in the column `due`, if any."""
    values = {c.key: v for c, v in zip(answer.columns, row.cells, strict=True)}
    code = next((c.key for c in answer.columns if c.type == "mono"), "")
    timely, day = _timely(values, request), values.get(due) or ""
    note = written(plain_value(day, "date")) if day else ""
    if timely in ("overdue", "due_soon", "unknown"):
        note = " · ".join(filter(None, (note, label("timeliness", timely))))
    lead = values.get("lead")
    return Card(
        title=str(plain_value(values[lead_column(answer.columns)]) or "…"),
        url=record_url(row.record_type, row.id),
        code=str(values.get(code) or ""),
        note=note,
        note_tone={"overdue": "bad", "due_soon": "risk", "unknown": "risk"}.get(timely, ""),
        lead=lead.title.get(language()) if lead else "",
        exercise=row.exercise,
    )


def _timely(values: Mapping[str, Any], request: HttpRequest) -> str:
    if "current_due" not in values or "work_state" not in values:
        return ""
    return timeliness(
        due=values["current_due"] or "",
        done_on=values.get("done_on") or "",
        state=values["work_state"] or "",
        today=today(request),
    )


def _coming_back(axis: StepAxis, back: str) -> StepAxis:
    """The axis with buttons that lead back to the board."""

    def returning(action: Action) -> Action:
        if action.method == "post":
            return replace(action, fields=(*action.fields, ("back", back)), style="plain")
        return replace(action, url=f"{action.url}?{urlencode({'back': back})}", style="plain")

    following = axis.next
    if following and following.action:
        following = replace(following, action=returning(following.action))
    return replace(axis, next=following, others=[returning(action) for action in axis.others])
