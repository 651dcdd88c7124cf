"""Does what is sent twice at once over two connections, as a double click or a second try does, write once?"""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from banggiao.core.ledger import verify
from banggiao.followup.models import DueDateMove, Evidence
from banggiao.followup.planning.models import Difficulty
from banggiao.followup.services import move_due_date, move_work
from tests.api.world import caller, make_world
from tests.factories.rows import SIX, act
from tests.factories.threads import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
TODAY = timezone.localdate().isoformat()
SENT: list[tuple[str, type[Any], dict[str, Any]]] = [
    ("evidence", Evidence, {"description": "Công văn 12", "day": TODAY, "grade": 2}),
    ("difficulties", Difficulty, {"code": "FUNDING", "since": TODAY, "text": "Chờ vốn", "unblocker_name": "Bộ Tài chính"}),
]


@pytest.mark.parametrize(("part", "model", "body"), SENT, ids=[part for part, _m, _b in SENT])
def test_one_key_writes_once(part: str, model: type[Any], body: dict[str, Any]) -> None:
    world = make_world()
    path, callers = f"/api/registers/tasks/NV-1/{part}", [caller(world, "desk") for _n in range(3)]
    answers = together(3, lambda n: callers[n].send("POST", path, body, key="một lần"))
    assert sorted({a.status_code for a in answers}) in ([200], [200, 409]), [a.content for a in answers]
    assert model.objects.filter(subject_id=world.task.pk).count() == 1
    assert callers[0].send("POST", path, body, key="một lần").status_code == 200
    assert model.objects.filter(subject_id=world.task.pk).count() == 1 and list(verify()) == []


def test_of_two_who_take_one_step_or_move_one_date_at_once_one_is_told() -> None:
    from banggiao.commitments.models import Task
    from banggiao.core.errors import BangGiaoError

    world = make_world()
    task = world.task

    def assign(_number: int) -> str:
        try:
            move_work(act=act(), record=Task.objects.get(pk=task.pk), action="assign", version=task.version, values=SIX)
        except BangGiaoError as error:
            return type(error).__name__
        return "done"

    answers = together(3, assign)
    assert answers.count("done") <= 1 and set(answers) <= {"done", "StaleEdit", "WrongState", "MissingInformation"}, answers
    earlier = {"to": "2025-01-31", "version": Task.objects.get(pk=task.pk).version}

    def move(_number: int) -> str:
        try:
            move_due_date(act=act(), record=Task.objects.get(pk=task.pk), **earlier)
        except BangGiaoError as error:
            return type(error).__name__
        return "done"

    answers = together(3, move)
    assert sorted(answers) == ["StaleEdit", "StaleEdit", "done"], answers
    assert DueDateMove.objects.filter(subject_id=task.pk, state="approved").count() == 1 and list(verify()) == []
