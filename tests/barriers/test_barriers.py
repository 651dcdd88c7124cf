"""Is a barrier resolved only with a summary and a date, by those who may?"""

from __future__ import annotations

import pytest

from banggiao.barriers.services import move_barrier, revise_barrier
from banggiao.core.errors import InvalidInput, MissingInformation, NotPermitted, StaleEdit, WrongState
from tests.factories.rows import act, barrier, viewer

pytestmark = pytest.mark.django_db


def test_the_life_of_a_barrier() -> None:
    desk = act(viewer("desk"))
    made = barrier()
    assert made.state == "draft"
    with pytest.raises(WrongState):
        move_barrier(act=desk, barrier=made, action="resolve", version=1, values={"summary": "x", "resolved_on": "2025"})
    made = move_barrier(act=desk, barrier=made, action="wait_on_them", version=1)
    with pytest.raises(MissingInformation) as raised:
        move_barrier(act=desk, barrier=made, action="resolve_in_part", version=2, values={"summary": "Phía bạn hứa sẽ xem xét"})
    assert [p.field for p in raised.value.problems] == ["resolved_on"], "a statement of intent is no resolution"
    values = {"summary": "Đã dỡ bỏ với hai nhóm hàng", "resolved_on": "2025-08"}
    made = move_barrier(act=desk, barrier=made, action="resolve_in_part", version=2, values=values)
    made = move_barrier(act=desk, barrier=made, action="progress", version=3)
    with pytest.raises(MissingInformation):
        move_barrier(act=desk, barrier=made, action="rest", version=4)
    assert move_barrier(act=desk.because("Chờ vụ mới"), barrier=made, action="rest", version=4).state == "dormant"


def test_what_is_refused() -> None:
    made, desk = barrier(), act(viewer("desk"))
    with pytest.raises(NotPermitted):
        revise_barrier(act=act(viewer("verifier")), barrier=made, values={"name_vi": "x"}, version=1)
    with pytest.raises(InvalidInput):
        revise_barrier(act=desk, barrier=made, values={"kind": "nothing"}, version=1)
    with pytest.raises(StaleEdit):
        revise_barrier(act=desk, barrier=made, values={"name_vi": "x"}, version=2)
    with pytest.raises(NotPermitted):
        move_barrier(act=act(viewer("leader")), barrier=made, action="open", version=1)
