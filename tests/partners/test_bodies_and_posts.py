"""Does a body end with its duties handed on, or not at all? Are posts told by documents, over time?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from banggiao.commitments.models import Commitment, Task
from banggiao.core.errors import InvalidInput, NotPermitted, StaleEdit, WrongState
from banggiao.core.ledger import entries_of
from banggiao.core.undoing import undo
from banggiao.partners.models import Institution
from banggiao.partners.services import (
    create_institution,
    create_person,
    create_post,
    revise_institution,
    revise_person,
    revise_post,
)
from banggiao.reports.closing import close_institution, open_duties, revise_body
from banggiao.reports.records import succession_of
from tests.factories.rows import SYSTEM, act, commitment, institution, partner, task, user, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def close(body: Institution, successor: Institution | None, day: str = "2025-07-01", **more: object) -> Institution:
    values: dict[str, object] = {"act": act(), "basis": "Nghị quyết 202", "version": body.version, **more}
    return close_institution(institution=body, day=day, successor=successor, **values)  # type: ignore[arg-type]


def test_open_duties_go_to_the_successor_each_with_its_entry() -> None:
    old, new = institution(), institution("BO-B")
    promise, duty, done = commitment(lead_id=old.pk), task(lead_id=old.pk), task(lead_id=old.pk, work_state="done")
    closed = close(old, new)
    assert (closed.valid_to, closed.successor_id, closed.basis) == ("2025-07-01", new.pk, "Nghị quyết 202")
    assert Commitment.objects.get(pk=promise.pk).lead_id == new.pk and Task.objects.get(pk=duty.pk).lead_id == new.pk
    assert Task.objects.get(pk=done.pk).lead_id == old.pk  # what is over stays where it was done
    last = entries_of(promise.pk).last()
    assert last is not None and last.changes["lead_id"] == [str(old.pk), str(new.pk)] and "→" in last.reason
    assert succession_of(new, SYSTEM)[0] == [closed] and succession_of(closed, SYSTEM)[1] == [new]


def test_an_end_that_leaves_duties_is_refused_with_their_list() -> None:
    old = institution()
    promise, duty = commitment(lead_id=old.pk), task(lead_id=old.pk)
    with pytest.raises(InvalidInput) as refused:
        close(old, None)
    assert {p.field for p in refused.value.problems} == {promise.code, duty.code}
    with pytest.raises(InvalidInput):
        revise_body(act=act(), institution=old, values={"valid_to": "2025-07-01"}, version=old.version)
    old.refresh_from_db()
    assert not old.valid_to and old.version == 1
    assert not close(institution("BO-C"), None).successor_id  # without duties a body may end without a successor


def test_who_may_end_a_body_and_on_what() -> None:
    old, new, gone = institution(), institution("BO-B"), institution("BO-C", valid_to="2024-01-01")
    drill = institution("DT-X", exercise=True)
    for wrong in (old, gone, drill):
        with pytest.raises(InvalidInput) as refused:
            close(old, wrong)
        assert [p.field for p in refused.value.problems] == ["successor_id"]
    with pytest.raises(InvalidInput):
        close(old, new, day="")
    with pytest.raises(InvalidInput):
        close(old, new, day="1/7/2025")
    with pytest.raises(WrongState):
        close(gone, new)
    with pytest.raises(NotPermitted):
        close(old, new, act=act(viewer("ministry", old)))
    with pytest.raises(StaleEdit):
        close(old, new, version=7)
    hidden = task(lead_id=old.pk, owner=new.pk, classification="internal")
    blind = replace(viewer("desk"), sees_all=False)
    with pytest.raises(NotPermitted):
        close(old, new, act=act(blind))
    assert Task.objects.get(pk=hidden.pk).lead_id == old.pk
    assert open_duties(old, blind) == ([], 1)


def test_a_body_just_entered_cannot_leave_while_duties_rest_on_it() -> None:
    desk = user("desk.a", role="desk", body=institution("VU-E"))
    by = viewer("desk", id=desk.pk)
    body = create_institution(act=act(by), values={"kind": "ministry", "name_vi": "Bộ Mới", "classification": "public"})
    assert body.code == "CQ-2025-0001"
    duty = task(lead_id=body.pk)
    with pytest.raises(WrongState):
        undo(body, act=act(by), version=body.version)
    from banggiao.commitments.services import revise_task

    revise_task(act=act(), task=duty, values={"lead_id": None}, version=duty.version)
    assert undo(body, act=act(by), version=body.version).retracted


def test_a_mission_answers_for_countries_and_a_body_for_its_span() -> None:
    here, beside = partner(), partner("XBB", "Nước Y")
    values = {"kind": "embassy", "name_vi": "Đại sứ quán tại X", "host_id": here.pk}
    mission = create_institution(act=act(), values=values, accredited=[beside.pk])
    assert list(mission.accredited_rows.values_list("country__code", flat=True)) == ["XBB"]
    assert entries_of(mission.pk).get().changes["accredited"] == [None, [str(beside.pk)]]
    for values in ({"valid_from": "2025-03-01", "valid_to": "2025-03-01"}, {"valid_to": "2025-03", "valid_from": "2025-04"}):
        with pytest.raises(InvalidInput):
            create_institution(act=act(), values={"kind": "ministry", "name_vi": "Bộ", **values})
    other = institution("BO-B", successor_id=mission.pk)
    with pytest.raises(InvalidInput):
        revise_institution(act=act(), institution=mission, values={"successor_id": other.pk}, version=1)
    with pytest.raises(WrongState):
        institution("BO-B")


def test_posts_rest_on_a_public_document_of_a_day() -> None:
    someone = create_person(act=act(viewer("desk")), values={"name": "Trần Thị B"})
    values = {
        "person_id": someone.pk,
        "title_vi": "Bộ trưởng",
        "first_seen": "2025-03-10",
        "basis": "Thông cáo báo chí 10/3/2025",
    }
    post = create_post(act=act(viewer("desk")), values=values)
    assert (post.first_seen, post.last_seen) == ("2025-03-10", "2025-03-10")
    for wrong in ({"basis": " "}, {"first_seen": ""}, {"last_seen": "2025-03-09"}, {"first_seen": "hôm qua"}):
        with pytest.raises(InvalidInput):
            create_post(act=act(), values={**values, **wrong})
    with pytest.raises(NotPermitted):
        create_post(act=act(viewer("mission")), values=values)
    revise_post(act=act(), post=post, values={"last_seen": "2025-09"}, version=1)
    with pytest.raises(InvalidInput):
        revise_post(act=act(), post=post, values={"last_seen": "2024"}, version=2)
    renamed = revise_person(act=act(), person=someone, values={"name": "Trần Thị Bình"}, version=1)
    assert renamed.sort_key and renamed.name == "Trần Thị Bình"
    with pytest.raises(NotPermitted):
        create_person(act=act(viewer("leader")), values={"name": "Ai đó"})
