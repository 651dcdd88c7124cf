"""Do personal values stay out of the ledger, carry their ground, and go without breaking a chain?"""

from __future__ import annotations

import json
from datetime import date, timedelta
from uuid import UUID

import pytest

from banggiao.core.errors import MissingInformation
from banggiao.core.ledger import LedgerEntry, verify
from banggiao.core.personal import Ground, PersonalValue, current, digest, erase, erase_expired, keep, report
from banggiao.partners.models import Person
from banggiao.partners.services import create_person
from tests.factories.rows import AT, act

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
GROUND = Ground("liên hệ công vụ", "đồng ý", "danh thiếp", date(2030, 1, 1))


def person() -> Person:
    return create_person(act=act(), values={"name": "Trần Thị B"})


def test_the_ledger_keeps_a_salted_digest_only() -> None:
    who = person()
    row = keep(act=act(), subject_id=who.pk, field="phone", value="0901234567", ground=GROUND)
    other = keep(act=act(), subject_id=UUID(int=1), field="phone", value="0901234567", ground=GROUND)
    written = json.dumps([e.changes for e in LedgerEntry.objects.all()])
    assert "0901234567" not in written and row.salt not in written
    assert digest(row) in written and digest(row) != digest(other), "the same value twice does not show"
    assert current(who.pk) == {"phone": "0901234567"}
    assert list(verify()) == []


def test_erasing_leaves_a_chain_that_verifies() -> None:
    who = person()
    keep(act=act(), subject_id=who.pk, field="phone", value="0901234567", ground=GROUND)
    keep(act=act(), subject_id=who.pk, field="email", value="b@example.org", ground=GROUND)
    later = AT + timedelta(days=1)
    assert erase(act=act(at=later, reason="theo yêu cầu"), subject_id=who.pk) == 2
    assert current(who.pk) == {}
    assert not PersonalValue.objects.exclude(value="", salt="").exists()
    assert list(verify()) == []
    assert erase(act=act(at=later), subject_id=who.pk) == 0, "nothing left, nothing written"
    assert LedgerEntry.objects.filter(record_type="core.personalvalue").count() == 3
    assert LedgerEntry.objects.filter(record_id=who.pk).count() == 1, "the person's own chain is apart"


def test_a_new_value_replaces_and_erases_the_earlier() -> None:
    who = person()
    keep(act=act(), subject_id=who.pk, field="phone", value="0901", ground=GROUND)
    keep(act=act(at=AT + timedelta(days=1)), subject_id=who.pk, field="phone", value="0902", ground=GROUND)
    assert current(who.pk) == {"phone": "0902"}
    assert [(r["value"], bool(r["erased_at"])) for r in report(who.pk)] == [("", True), ("0902", False)]


def test_the_report_tells_everything_with_its_ground() -> None:
    who = person()
    keep(act=act(), subject_id=who.pk, field="phone", value="0901", ground=GROUND)
    keep(act=act(), subject_id=UUID(int=1), field="phone", value="0999", ground=GROUND)
    (row,) = report(who.pk)
    assert row.pop("recorded_at") is not None
    assert row == {
        "field": "phone", "value": "0901", "purpose": "liên hệ công vụ", "basis": "đồng ý", "source": "danh thiếp",
        "keep_until": "2030-01-01", "erased_at": None,
    }  # fmt: skip


@pytest.mark.parametrize("missing", ["purpose", "basis", "source"])
def test_without_a_ground_nothing_is_kept(missing: str) -> None:
    parts = {"purpose": "a", "basis": "b", "source": "c", "keep_until": None, missing: ""}
    with pytest.raises(MissingInformation) as raised:
        keep(act=act(), subject_id=UUID(int=1), field="phone", value="0901", ground=Ground(**parts))  # type: ignore[arg-type]
    assert [p.field for p in raised.value.problems] == [missing]
    assert not PersonalValue.objects.exists()


def test_values_are_erased_when_their_time_is_over() -> None:
    who = person()
    for field, until in (("phone", date(2025, 9, 14)), ("email", date(2025, 9, 15)), ("fax", None)):
        keep(act=act(), subject_id=who.pk, field=field, value="x", ground=Ground("a", "b", "c", until))
    assert [erase_expired(act=act(), today=AT.date()), erase_expired(act=act(), today=AT.date())] == [1, 0]
    assert set(current(who.pk)) == {"email", "fax"}
    assert list(verify()) == []
