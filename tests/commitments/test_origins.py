"""Do what other records ask for become tasks that lead back to them, once each?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from banggiao.commitments.models import Task
from banggiao.commitments.services import Ask, create_tasks_from
from banggiao.core import records
from banggiao.core.errors import InvalidInput, NotPermitted
from banggiao.core.visibility import Involvement
from tests.factories.rows import act, barrier, institution, viewer

pytestmark = pytest.mark.django_db


def test_an_ask_is_made_a_task_once_and_leads_back() -> None:
    lead, other, third = institution("BO-A"), institution("BO-B"), institution("BO-C")
    origin = barrier(owner=lead.pk, classification="public")
    asks = [
        Ask("Gửi công thư", "1", lead.pk, (other.pk, lead.pk, other.pk), "2026-06-30", "Công thư", {"given_on": "2026-01-05"}),
        Ask("Báo cáo kết quả", "2"),
    ]
    first, second = create_tasks_from(act=act(), origin=origin, asks=asks)
    assert (first.origin_type, first.origin_id, first.origin_key) == ("barriers.barrier", origin.pk, "1")
    assert (first.first_due, first.current_due, first.product, first.owner) == ("2026-06-30", "2026-06-30", "Công thư", lead.pk)
    assert (first.classification, first.given_on, first.work_state, second.lead_id) == (
        "public",
        "2026-01-05",
        "proposed",
        None,
    )
    assert records.read_links(Task.links["coordinating"], first.pk) == [str(other.pk)]
    assert Involvement.objects.filter(record_id=first.pk, institution_id=other.pk, role="coordinating").exists()
    again = create_tasks_from(act=act(), origin=origin, asks=[*asks, Ask("Họp", "3", third.pk)])
    assert [task.pk for task in again[:2]] == [first.pk, second.pk]
    assert Task.objects.count() == 3
    records.retract(first, act=act())
    assert create_tasks_from(act=act(), origin=origin, asks=asks[:1])[0].pk != first.pk


def test_what_cannot_be_made_a_task() -> None:
    origin, made_up = barrier(), institution("BO-X", exercise=True)
    ask = Ask("Gửi công thư", "1")
    for wrong in (
        [replace(ask, text=" ")],
        [replace(ask, key="")],
        [ask, ask],
        [replace(ask, lead=made_up.pk)],
        [replace(ask, due="sớm")],
    ):
        with pytest.raises(InvalidInput):
            create_tasks_from(act=act(), origin=origin, asks=wrong)
    with pytest.raises(NotPermitted):
        create_tasks_from(act=act(viewer("mission")), origin=origin, asks=[ask])
    assert not Task.objects.exists()
