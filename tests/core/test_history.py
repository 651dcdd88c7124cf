"""Is a register of a past moment the one that was known then, for each viewer?"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import Q

from banggiao.activities.models import Activity
from banggiao.commitments.models import Commitment
from banggiao.core import records
from banggiao.core.history import all_links_then, as_known, links_then
from banggiao.core.ledger import LedgerEntry, verify
from banggiao.followup.models import ProgressUpdate
from banggiao.followup.services import report_progress
from tests.factories.rows import AT, SYSTEM, act, activity, commitment, institution, partner, viewer

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


def test_forward_through_the_ledger_and_back_through_it_lead_to_the_same() -> None:
    """Which way is shorter depends on how much was written before and since; the answer must not."""
    first, second = partner(), partner("XBB", "Cộng hòa Y")
    made = [activity(name_vi=f"việc {n}", partners=[first]) for n in range(3)]

    def told(days: int) -> list[object]:
        rows = known(days)
        links = all_links_then(rows, "partners")
        return [(r.pk, r.name_vi, r.start, r.place, links[r.pk], r.snapshot()) for r in rows]

    at_first = told(1)
    assert [row[1] for row in at_first] == ["việc 0", "việc 1", "việc 2"]  # type: ignore[index]
    for turn in range(2, 12):
        for place, record in enumerate(made):
            record.refresh_from_db()
            values = {"place": f"nơi {turn}", "start": "2025-04-01" if turn % 2 else "2026-01-01"}
            links = {"partners": [second] if turn % 2 else []}
            records.revise(record, act=act(at=AT + timedelta(days=turn)), values=values, links=links, version=record.version)
            if place == 1 and turn == 7:
                records.retract(record, act=act(at=AT + timedelta(days=turn)))
        assert told(1) == at_first, f"after {turn - 1} rounds of changes"
    written = LedgerEntry.objects.filter(record_type="activities.activity")
    before, after = (written.filter(**{f"recorded_at__{op}": AT + timedelta(days=1)}).count() for op in ("lte", "gt"))
    assert after > before, "the last rounds went back through what was written since"


def test_who_could_not_know_of_it_then_does_not_see_it_in_the_past_and_who_may_not_now_neither(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("banggiao.core.installation.installed_level", lambda: "enclave")
    ours, theirs = institution("BO-A"), institution("BO-B")
    opened, closed = activity(owner=theirs.pk), activity(owner=ours.pk, name_vi="đóng")
    later = act(at=AT + timedelta(days=2))
    records.revise(opened, act=later, values={"owner": ours.pk}, version=1)
    records.revise(closed, act=later, values={"classification": "confidential"}, version=1)
    who = viewer("ministry", ours)
    assert [r.pk for r in known(1, who)] == []
    assert [r.pk for r in known(2, who)] == [opened.pk]
    assert [r.pk for r in known(1, viewer("desk"))] == [opened.pk], "raised above the clearance: gone from the past too"
    assert len(known(1, viewer("desk", clearance="confidential"))) == 2


def test_what_is_said_about_a_record_is_known_to_those_who_led_it_then_and_do_now() -> None:
    ours, theirs = institution("BO-A"), institution("BO-B")
    duty = commitment(owner=None, lead_id=ours.pk, classification="internal")
    report_progress(act=act(), record=duty, day=AT.date(), text="đã gửi thư")
    records.revise(duty, act=act(at=AT + timedelta(days=2)), values={"lead_id": theirs.pk}, version=duty.version)

    def words(days: int, who: object) -> int:
        rows = as_known(ProgressUpdate, who, AT + timedelta(days=days), where=Q(), holds=lambda _r: True)  # type: ignore[arg-type]
        return len(rows)

    before, after = viewer("ministry", ours), viewer("ministry", theirs)
    assert (words(1, before), words(3, before)) == (0, 0), "no longer theirs to read"
    assert (words(1, after), words(3, after)) == (0, 1), "not theirs then"
    assert words(1, viewer("desk")) == 1
    assert [c.pk for c in as_known(Commitment, after, AT + timedelta(days=3), where=Q(), holds=lambda _c: True)] == [duty.pk]


def test_a_chain_never_goes_back_in_time() -> None:
    record = activity()
    records.revise(record, act=act(at=AT + timedelta(days=2)), values={"place": "Huế"}, version=1)
    records.revise(record, act=act(at=AT), values={"place": "Đà Nẵng"}, version=2)
    assert [r.place for r in known(1)] == [""], "a clock set back does not let a write slip into the past"
    assert [r.place for r in known(2)] == ["Đà Nẵng"] and list(verify()) == []
