"""Do commitments and tasks keep their dates and states away from plain editing, and directives their full name?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from banggiao.commitments.models import Directive
from banggiao.commitments.questions import tasks_for
from banggiao.commitments.services import create_commitment, create_directive, create_task, revise_commitment, revise_task
from banggiao.core.errors import InvalidInput, NotFound, NotPermitted
from banggiao.core.periods import parse_period
from banggiao.core.search_query import find
from tests.factories.rows import SYSTEM, act, commitment, task, viewer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["first_due", "current_due", "work_state", "validation_state"])
@pytest.mark.parametrize("kind", ["commitment", "task"])
def test_dates_and_states_are_not_edited_by_hand(kind: str, name: str) -> None:
    made: Any = {"commitment": commitment, "task": task}[kind]()
    revise: Callable[..., Any] = {"commitment": revise_commitment, "task": revise_task}[kind]
    desk = act(viewer("desk"))
    with pytest.raises(InvalidInput) as raised:
        revise(act=desk, **{kind: made}, values={name: "2030-01-01"}, version=1)
    assert [p.field for p in raised.value.problems] == [name]
    with pytest.raises(NotPermitted):
        revise(act=act(viewer("mission")), **{kind: made}, values={"product": "x"}, version=1)
    assert revise(act=desk, **{kind: made}, values={"product": "Hồ sơ"}, version=1).product == "Hồ sơ"


def test_the_deadline_is_first_and_current_due_date() -> None:
    for made in (commitment(deadline="2025-12"), task(deadline="2025-12")):
        assert (made.first_due, made.current_due, made.work_state, made.validation_state) == (
            "2025-12",
            "2025-12",
            "proposed",
            "draft",
        )
    assert commitment(deadline="").current_due == ""


@pytest.mark.parametrize(
    ("make", "values", "error"),
    [
        (create_commitment, {"text_vi": "  ", "side": "ours"}, InvalidInput),
        (create_commitment, {"text_vi": "x", "side": "nobody"}, NotFound),
        (create_commitment, {"text_vi": "x", "side": "ours", "measurable": 9}, InvalidInput),
        (create_commitment, {"text_vi": "x", "side": "ours", "deadline": "sớm"}, InvalidInput),
        (create_task, {"text_vi": ""}, InvalidInput),
        (create_task, {"text_vi": "x", "period": "nửa đầu năm"}, InvalidInput),
        (create_task, {"text_vi": "x", "topic": "nothing"}, InvalidInput),
    ],
)
def test_what_is_refused(make: Callable[..., object], values: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        make(act=act(), values=values)


def test_tasks_of_a_period() -> None:
    half, quarter, year, other = (task(period=p) for p in ("2025-H2", "2025-Q4", "2025", "2026-H1"))
    assert [t.pk for t in tasks_for(SYSTEM, parse_period("2025-H2"))] == [half.pk, quarter.pk]
    assert [t.pk for t in tasks_for(SYSTEM, parse_period("2025"))] == [half.pk, quarter.pk, year.pk]
    assert other.period_start == "2026-01"


def test_a_bare_number_never_names_a_directive() -> None:
    for number, day in (("21/NQ-CP", "2021-02-28"), ("21/NQ-CP", "2023-02-14"), ("21-NQ/TW", "2022-06-16")):
        create_directive(act=act(), values={"kind": "resolution", "number": number, "day": day, "name_vi": f"Nghị quyết {day}"})
    assert sorted(Directive.objects.values_list("code", flat=True)) == [
        "resolution-21-NQ.TW-2022", "resolution-21.NQ-CP-2021", "resolution-21.NQ-CP-2023"
    ]  # fmt: skip
    # Those that lack a word of the query follow behind all that hold it.
    first, second, other = (hit.title_vi for hit in find("21/NQ-CP", SYSTEM))
    assert first == second == "Nghị quyết 21/NQ-CP" and other == "Nghị quyết 21-NQ/TW"
    assert find("21-NQ/TW", SYSTEM)[0].title_vi == other
