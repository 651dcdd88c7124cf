"""Can promises be cut up, put together and replaced without changing what was counted?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Q

from banggiao.commitments.models import Commitment, Succession
from banggiao.commitments.questions_succession import earlier_of, later_of
from banggiao.commitments.succession import Part, merge, split, supersede
from banggiao.core import records
from banggiao.core.errors import InvalidInput, MissingInformation, NotPermitted, StaleEdit, VersionRequired, WrongState
from banggiao.core.history import as_known
from banggiao.followup.services import move_work
from banggiao.followup.talking import InboxItem
from tests.factories.rows import AT, SIX, SYSTEM, act, commitment, institution, partner, viewer

pytestmark = [pytest.mark.django_db]
WHY = act(reason="Theo biên bản họp")
LATER = act(at=AT + timedelta(days=30), reason="Theo biên bản họp")


def promise(**values: Any) -> Commitment:
    """An active promise of weight 6."""
    made = commitment(weight=Decimal(6), **SIX, **values)
    made = move_work(act=act(), record=made, action="assign", version=made.version)
    return move_work(act=act(), record=made, action="start", version=made.version)


def two() -> list[Part]:
    return [Part("Mở cửa cho gạo", Decimal(2)), Part("Mở cửa cho cà phê", Decimal(4))]


def test_parts_go_on_where_the_whole_stood() -> None:
    lead, other, state = institution(), institution("BO-B"), partner()
    whole = promise(lead_id=lead.pk, partner_id=state.pk)
    made = split(act=LATER, commitment=whole, parts=[two()[0], Part("Cà phê", Decimal(4), other.pk)], version=whole.version)
    whole = Commitment.objects.get(pk=whole.pk)
    assert whole.work_state == "superseded"
    assert sum(c.weight for c in made) == whole.weight
    for part in made:
        assert (part.first_due, part.made_on, part.partner_id, part.work_state) == (
            "2025-09-30",
            "2025-03-11",
            state.pk,
            "active",
        )
    assert [c.lead_id for c in made] == [lead.pk, other.pk]
    assert {s.later_id for s in later_of(whole, SYSTEM)} == {c.pk for c in made}
    assert [s.earlier_id for s in earlier_of(made[0], SYSTEM)] == [whole.pk]
    assert {i.institution_id for i in InboxItem.objects.filter(kind="assigned", subject_id__in=[c.pk for c in made])} == {
        other.pk
    }


def test_what_was_counted_before_stays() -> None:
    lead = institution()
    whole, second = promise(lead_id=lead.pk), promise(lead_id=lead.pk)

    def then() -> list[tuple[str, str, Decimal, str]]:
        rows = as_known(Commitment, SYSTEM, AT + timedelta(days=1), where=Q(), holds=lambda _c: True)
        return sorted((c.code, c.work_state, c.weight, c.first_due) for c in rows)

    before = then()
    made = split(act=LATER, commitment=whole, parts=two(), version=whole.version)
    one = merge(act=LATER, commitments=[*made, second], text_vi="Cả ba", versions={c.pk: c.version for c in [*made, second]})
    assert one.weight == 12 == sum(c.weight for c in Commitment.objects.exclude(work_state="superseded"))
    assert then() == before


@pytest.mark.parametrize(("parts", "field"), [
    ([two()[0]], "parts"), ([*two(), Part("Thừa", Decimal(1))], "parts"), ([two()[0], Part(" ", Decimal(4))], "parts.2.text_vi"),
    ([Part("A", Decimal(0)), Part("B", Decimal(6))], "parts.1.weight"), ([Part("A", Decimal("NaN")), two()[0]], "parts.1.weight"),
])  # fmt: skip
def test_a_split_that_does_not_add_up(parts: list[Part], field: str) -> None:
    whole = promise(lead_id=institution().pk)
    with pytest.raises(InvalidInput) as raised:
        split(act=WHY, commitment=whole, parts=parts, version=whole.version)
    assert field in [p.field for p in raised.value.problems]
    assert Succession.objects.count() == 0 and Commitment.objects.count() == 1


def test_a_merged_one_has_the_earliest_first_day_and_the_document() -> None:
    lead, state = institution(), partner()
    one = promise(lead_id=lead.pk, partner_id=state.pk)
    other = promise(lead_id=lead.pk, partner_id=state.pk, deadline="2026-01-31")
    versions = {one.pk: one.version, other.pk: other.version}
    with pytest.raises(MissingInformation) as raised:
        merge(act=WHY, commitments=[one, other], text_vi="Cả hai", versions=versions)
    assert [p.field for p in raised.value.problems] == ["document"]
    made = merge(act=WHY, commitments=[one, other], text_vi="Cả hai", versions=versions, document="Công hàm 12/X ngày 1/9/2025")
    assert (made.first_due, made.current_due, made.weight, made.partner_id) == ("2025-09-30", "2026-01-31", 12, state.pk)
    assert {s.document for s in earlier_of(made, SYSTEM)} == {"Công hàm 12/X ngày 1/9/2025"}
    with pytest.raises(InvalidInput):
        merge(act=WHY, commitments=[made, promise(lead_id=lead.pk)], text_vi="Khác bên", versions={}, document="x")


def test_a_circle_is_refused_and_named() -> None:
    lead = institution()
    a, b, c = (promise(lead_id=lead.pk) for _ in range(3))
    supersede(act=WHY, commitment=a, by=b, version=a.version)
    supersede(act=WHY, commitment=b, by=c, version=b.version)
    for old in (a, b, c):
        with pytest.raises(WrongState) as raised:
            supersede(act=WHY, commitment=c, by=old, version=c.version)
        chain = raised.value.params["chain"]
        assert str(chain).startswith(c.code) and str(chain).endswith(c.code)
    assert raised.value.params["chain"] == f"{c.code} → {c.code}"
    with pytest.raises(WrongState):
        supersede(act=WHY, commitment=promise(lead_id=lead.pk), by=a, version=1)  # what is replaced replaces nothing


def test_dropping_a_promise_to_a_partner_needs_their_document() -> None:
    lead, state = institution(), partner()
    old, new = promise(lead_id=lead.pk, partner_id=state.pk), promise(lead_id=lead.pk)
    with pytest.raises(MissingInformation):
        supersede(act=WHY, commitment=old, by=new, version=old.version)
    assert supersede(act=WHY, commitment=old, by=new, version=old.version, document="Thư 5/9").kind == "superseded"


def test_who_may_and_on_which_version() -> None:
    whole, lead = promise(lead_id=institution().pk), institution("BO-C")
    for who in (viewer("ministry", lead), viewer("verifier", lead), viewer("enterprise", lead)):
        with pytest.raises(NotPermitted):
            split(act=act(who, reason="vì"), commitment=whole, parts=two(), version=whole.version)
    with pytest.raises(MissingInformation):
        split(act=act(viewer("desk", lead)), commitment=whole, parts=two(), version=whole.version)
    for version, error in ((None, VersionRequired), (1, StaleEdit)):
        with pytest.raises(error):
            split(act=WHY, commitment=whole, parts=two(), version=version)
    assert Commitment.objects.count() == 1, "nothing half written"
    done = move_work(act=act(), record=whole, action="complete", version=whole.version, values={"done_on": "2025-09-01"})
    with pytest.raises(WrongState):
        split(act=WHY, commitment=done, parts=two(), version=done.version)


def test_one_end_hidden_hides_the_line() -> None:
    a, b = institution(), institution("BO-B")
    whole = promise(lead_id=a.pk)
    made = split(act=WHY, commitment=whole, parts=[two()[0], Part("Riêng", Decimal(4), b.pk)], version=whole.version)
    reader = viewer("ministry", a)
    assert [s.later_id for s in later_of(whole, reader)] == [made[0].pk]
    records.retract(made[0], act=act())
    assert later_of(whole, reader) == []
