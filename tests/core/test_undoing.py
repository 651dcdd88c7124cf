"""Can somebody take back their own last change, and nothing else; and does the ledger tell of both?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from banggiao.core.errors import NotPermitted, StaleEdit, VersionRequired, WrongState

if TYPE_CHECKING:
    from banggiao.core.acts import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def _person(number: int, role: str = "desk") -> Viewer:
    from dataclasses import replace

    from tests.factories.rows import viewer

    return replace(viewer(role), id=UUID(int=number))


def _made(**more: Any) -> tuple[Any, Viewer]:
    from banggiao.activities.services import create_activity
    from tests.factories.rows import act, partner

    me = _person(1)
    values = {"kind": "visit", "name_vi": "Thăm", "start": "2025-03", **more}
    return create_activity(act=act(me), values=values, partners=[partner()]), me


def test_a_change_is_taken_back_with_its_links_and_the_ledger_tells() -> None:
    from banggiao.activities.services import revise_activity
    from banggiao.core.ledger import entries_of, verify
    from banggiao.core.records import full_snapshot
    from banggiao.core.undoing import can_undo, undo
    from tests.factories.rows import act, partner

    record, me = _made()
    before = full_snapshot(record)
    revise_activity(
        act=act(me), activity=record, values={"name_vi": "Thăm cấp Nhà nước", "start": "2025-03-10"}, version=1,
        partners=[partner("XBB", "Nước B")],
    )  # fmt: skip
    assert can_undo(record, me) and full_snapshot(record) != before
    undo(record, act=act(me), version=2)
    assert full_snapshot(record) == before and record.version == 3
    assert [e.action for e in entries_of(record.pk)] == ["create", "revise", "undo"]
    assert list(verify(record.pk)) == []
    undo(record, act=act(me), version=3)
    assert record.name_vi == "Thăm cấp Nhà nước"


def test_a_new_record_is_retracted_unless_another_rests_on_it() -> None:
    from banggiao.activities.models import Activity
    from banggiao.core.undoing import undo
    from tests.factories.rows import SYSTEM, act, agreement

    record, me = _made()
    resting = agreement(activity_id=record.pk)
    with pytest.raises(WrongState):
        undo(record, act=act(me), version=1)
    from banggiao.core.records import retract

    retract(resting, act=act())
    undo(record, act=act(me), version=1)
    assert not Activity.objects.visible_to(SYSTEM).filter(pk=record.pk).exists()


def test_only_the_own_last_change_and_only_while_nobody_wrote_since() -> None:
    from banggiao.activities.models import Activity
    from banggiao.activities.services import revise_activity
    from banggiao.core.undoing import can_undo, undo
    from tests.factories.rows import act

    record, me = _made()
    other = _person(2)
    for viewer, version, error in ((other, 1, NotPermitted), (me, None, VersionRequired)):
        with pytest.raises(error):
            undo(record, act=act(viewer), version=version)
    revise_activity(act=act(other), activity=Activity.objects.get(pk=record.pk), values={"place": "Huế"}, version=1)
    with pytest.raises(StaleEdit):
        undo(record, act=act(me), version=1)
    current = Activity.objects.get(pk=record.pk)
    assert not can_undo(current, me) and can_undo(current, other)


def test_what_stands_for_more_than_one_record_is_not_taken_back() -> None:
    from banggiao.core.records import revise
    from banggiao.core.undoing import undo
    from tests.factories.rows import act

    record, me = _made()
    revise(record, act=act(me), values={"place": "Huế"}, version=1, action="move due date")
    with pytest.raises(WrongState):
        undo(record, act=act(me), version=2)
    undo(record, act=act(me), version=2, steps={"move due date"})
    assert record.place == ""
