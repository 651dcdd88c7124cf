"""Is a register of a past moment the one that was known then, for each viewer?"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import Q

from banggiao.activities.models import Activity
from banggiao.core import records
from banggiao.core.history import as_known, links_then
from tests.factories.rows import AT, SYSTEM, act, activity, institution, partner, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
WHERE = Q(start__gte="2025-01", start__lt="2025-07")


def holds(record: Activity) -> bool:
    return "2025-01" <= record.start < "2025-07"


def known(days: int, who: object = SYSTEM) -> list[Activity]:
    return as_known(Activity, who, AT + timedelta(days=days), where=WHERE, holds=holds)  # type: ignore[arg-type]


def test_a_register_as_it_was_known() -> None:
    first, second = partner(), partner("XBB", "Cộng hòa Y")
    stays, moved, gone = (activity(name_vi=n, partners=[first]) for n in ("ở lại", "dời", "rút"))
    later = act(at=AT + timedelta(days=2))
    records.revise(
        moved, act=later, values={"start": "2025-08-01", "documents_signed": 0}, links={"partners": [second]}, version=1
    )
    records.retract(gone, act=later)
    new = activity(name_vi="mới")
    records.revise(new, act=act(at=AT + timedelta(days=3)), values={"name_vi": "mới hơn"}, version=1)
    assert known(-1) == []
    assert {r.pk: r.name_vi for r in known(1)} == {stays.pk: "ở lại", moved.pk: "dời", gone.pk: "rút", new.pk: "mới"}
    then = next(r for r in known(1) if r.pk == moved.pk)
    assert (then.start, then.documents_signed, links_then(then, "partners")) == ("2025-03-10", None, [str(first.pk)])
    assert links_then(moved, "partners") == [str(second.pk)]
    assert [r.pk for r in known(2)] == sorted([stays.pk, new.pk])
    assert {r.name_vi for r in known(3)} == {"ở lại", "mới hơn"}


def test_the_past_is_no_way_around_the_filter() -> None:
    ours, theirs = institution("BO-A"), UUID(int=5)
    made = {owner: activity(owner=owner) for owner in (ours.pk, theirs)}
    for record in made.values():
        records.revise(record, act=act(at=AT + timedelta(days=2)), values={"place": "Huế"}, version=1)
    who = viewer("ministry", ours)
    assert [r.pk for r in known(1, who)] == [r.pk for r in known(2, who)] == [made[ours.pk].pk]
    assert len(known(1, viewer("desk"))) == 2
