"""Are levels of relations told over time, entered with their paper, and their anniversaries counted?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from banggiao.core.errors import InvalidInput, NotPermitted
from banggiao.core.ledger import entries_of
from banggiao.core.periods import parse_period
from banggiao.core.questions import ALL, Page, ask
from banggiao.partners.models import Partner, RelationLevel
from banggiao.partners.questions import current_level
from banggiao.partners.questions_levels import anniversaries, home_day, roundness, standing_levels
from banggiao.partners.services import create_level, create_partner, revise_level
from tests.factories.rows import AT, SYSTEM, act, partner, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def step(
    state: Partner, level: str = "strategic", day: str = "2013-09-25", event: str = "established", **more: str
) -> RelationLevel:
    values = {"partner_id": state.pk, "level": level, "event": event, "day": day, "basis": "Tuyên bố chung", **more}
    return create_level(act=act(), values=values)


def test_the_latest_step_is_the_level_and_diplomatic_relations_are_none() -> None:
    state, other = partner(), partner("XBB", "Nước Y")
    step(state, "diplomatic", "1973-04-12")
    assert current_level(state) is None and standing_levels(SYSTEM) == {}
    step(state, "strategic", "2013-09-25")
    upper = step(state, "comprehensive_strategic", "2024-10-07", "upgraded")
    existing = step(other, "special", "", "existing")
    assert standing_levels(SYSTEM) == {state.pk: upper, other.pk: existing}
    assert current_level(state) == upper
    answer = ask("standing_levels", {}, SYSTEM, at=AT, page=ALL).listed()
    assert [row.cells[1] for row in answer.rows] == ["XBB", "XAA"]
    assert ask("standing_levels", {"level": "strategic"}, SYSTEM, at=AT).total == 0
    partners = ask("partners", {"relation": "comprehensive_strategic"}, SYSTEM, at=AT).listed()
    assert [row.id for row in partners.rows] == [state.pk]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"day": "2026-01-01"}, "day"), ({"day": ""}, "day"), ({"level": "friendly"}, "level"), ({"day": "2013-13"}, "day"),
        ({"event": "renewed"}, "event"),
    ],
)  # fmt: skip
def test_a_step_that_cannot_be_is_refused_with_its_field(values: dict[str, str], field: str) -> None:
    state = partner()
    with pytest.raises(InvalidInput) as refused:
        step(state, **values)
    assert [p.field for p in refused.value.problems] == [field]
    assert not RelationLevel.objects.exists()


def test_a_step_stands_once_and_territories_have_none() -> None:
    state = partner()
    step(state)
    with pytest.raises(InvalidInput):
        step(state)
    with pytest.raises(InvalidInput):
        step(partner("XTT", "Vùng T", kind="territory"))
    with pytest.raises(NotPermitted):
        create_level(act=act(viewer("mission")), values={"partner_id": state.pk, "level": "special", "event": "established"})


def test_a_step_is_corrected_with_its_history() -> None:
    made = step(partner())
    revise_level(act=act(), level=made, values={"day": "2013-09-24"}, version=1)
    assert [e.changes.get("day") for e in entries_of(made.pk)][1] == ["2013-09-25", "2013-09-24"]
    with pytest.raises(InvalidInput):
        revise_level(act=act(), level=made, values={"day": "2030-01-01"}, version=2)
    with pytest.raises(NotPermitted):
        revise_level(act=act(viewer("leader")), level=made, values={"basis": "x"}, version=2)


def test_anniversaries_of_full_and_partial_days() -> None:
    state, bloc = partner(), partner("XBB", "Nước Y")
    step(state, "diplomatic", "1992-02-29")
    step(state, "strategic", "2015-11")
    step(bloc, "comprehensive", "2007")
    step(bloc, "comprehensive", "2010-01-01", "enhanced")
    found = [(day, s.level, years) for day, s, years in anniversaries(SYSTEM, parse_period("2025"))]
    assert found == [("2025", "comprehensive", 18), ("2025-02-28", "diplomatic", 33), ("2025-11", "strategic", 10)]
    assert anniversaries(SYSTEM, parse_period("2028"))[1][0] == "2028-02-29"
    assert anniversaries(SYSTEM, parse_period("2015")) == [] or all(
        y > 0 for _d, _s, y in anniversaries(SYSTEM, parse_period("2015"))
    )
    answer = ask("anniversaries", {}, SYSTEM, at=AT, page=ALL).listed()
    assert answer.total == 3 and answer.rule == "anniversaries"  # the year of the moment
    round_ones = ask("anniversaries", {"roundness": "round", "period": "2025-H2"}, SYSTEM, at=AT).listed()
    assert [row.cells[3] for row in round_ones.rows] == [10]
    assert ask("anniversaries", {"partner": "XBB"}, SYSTEM, at=AT).total == 1
    first = ask("anniversaries", {}, SYSTEM, at=AT, page=Page(2))
    rest = ask("anniversaries", {}, SYSTEM, at=AT, page=Page(2, first.next_cursor)).listed()
    assert len(rest.listed().rows) == 1 and not rest.next_cursor  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        ask("anniversaries", {"roundness": "square"}, SYSTEM, at=AT)
    with pytest.raises(InvalidInput):
        ask("anniversaries", {}, SYSTEM, at=AT, page=Page(2, "x"))


def test_kinds_of_years_and_days_at_home() -> None:
    assert [roundness(n) for n in (10, 25, 100, 33)] == ["round", "half_round", "round", "other"]
    assert str(home_day(datetime(2025, 12, 31, 20, tzinfo=UTC))) == "2026-01-01"
    assert home_day(datetime.max.replace(tzinfo=UTC)) == datetime.max.date()


def test_a_partner_is_entered_with_a_code_of_its_own() -> None:
    bloc = create_partner(
        act=act(), values={"code": "XBL", "kind": "bloc", "name_vi": "Khối Z", "name_en": "Bloc Z"}, members=[partner().pk]
    )
    assert list(bloc.membership_rows.values_list("member__code", flat=True)) == ["XAA"]
    for wrong in ("", "x", "xaa", "X A", "X" * 17, "ĐẠI"):
        with pytest.raises(InvalidInput) as refused:
            create_partner(act=act(), values={"code": wrong, "kind": "state", "name_vi": "Nước", "name_en": "Land"})
        assert [p.field for p in refused.value.problems] == ["code"]
    with pytest.raises(Exception, match="đã có trong sổ"):
        create_partner(act=act(), values={"code": "XAA", "kind": "state", "name_vi": "Nước khác", "name_en": "Other"})
    with pytest.raises(NotPermitted):
        create_partner(act=act(viewer("ministry")), values={"code": "XCC", "kind": "state", "name_vi": "Nước", "name_en": "Land"})
