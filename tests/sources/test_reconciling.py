"""Are published figures that cannot all be right found, explained, decided on by people, and never repaired?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from banggiao.core.errors import InvalidInput, NotPermitted, StaleEdit
from banggiao.core.questions import ask
from banggiao.sources.loading import load_totals
from banggiao.sources.models import FigureDecision, OfficialFigure
from banggiao.sources.reconciling import clashing_figures, group_of, implied_by, span_of
from banggiao.sources.services_figures import decide, revise_figure
from tests.factories.rows import AT, SYSTEM, act, institution, viewer
from tests.sources.clashes import figure

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return [clash.kind for group in clashing_figures(SYSTEM) for clash in group.clashes]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ((253, "2025-H1", ""), (253, "2025-H1", ""), []),
        ((253, "2025-H1", ""), (258, "2025-H1", ""), ["same_period"]),
        ((253, "2025-H1", ""), (253, "2025-01/2025-06", "exact"), []),
        ((50, "2025-H1", ""), (253, "2025-01-01/2025-06-30", ""), ["same_period"]),
        ((350, "2025", "about"), (350, "2025", "nearly"), []),
        ((200, "2025-H1", "more_than"), (253, "2025-H1", ""), []),
        ((260, "2025-H1", "more_than"), (253, "2025-H1", ""), ["same_period"]),
        ((300, "2025", "below"), (350, "2025", "about"), ["same_period"]),
        ((339, "2025-01/2025-09", ""), (350, "2025", ""), []),
        ((339, "2025-01/2025-09", ""), (258, "2024-10/2025-10", ""), ["part_above_whole"]),
        ((927, "2021/2025", ""), (950, "2025", ""), ["part_above_whole"]),
        ((60, "2023-01/2024-03", ""), (59, "2024", ""), []),
        ((5, "2024", ""), (9, "2025", ""), []),
        ((5, "", ""), (9, "", ""), []),
        ((5, "khi nào", ""), (9, "khi nào", ""), []),
        ((2, "2024", "times"), (9, "2024", ""), []),
    ],
)
def test_two_figures_clash_or_not(one: Any, other: Any, found: list[str]) -> None:
    for value, period, qualifier in (one, other):
        figure(value, period, qualifier=qualifier)
    assert kinds() == found


@pytest.mark.parametrize(
    ("comparison", "value", "qualifier", "earlier", "period", "clash"),
    [
        ("gấp 2,5 lần năm 2024", 350, "about", 170, "2024", True),
        ("gấp 2,5 lần năm 2024", 350, "about", 140, "2024", False),
        ("gấp đôi năm 2024", 253, "", 170, "2024", True),
        ("gấp đôi năm 2024", 253, "", 126, "2024", False),
        ("gấp đôi cùng kỳ năm 2024", 253, "", 170, "2024", False),
        ("gấp đôi cùng kỳ năm 2024", 253, "", 170, "2024-H1", True),
        ("gấp 0 lần năm 2024", 253, "", 170, "2024", False),
        ("tăng mạnh so với năm 2024", 253, "", 170, "2024", False),
    ],
)
def test_a_comparison_speaks_of_another_period(
    comparison: str, value: int, qualifier: str, earlier: int, period: str, clash: bool
) -> None:
    figure(value, "2025-H1", qualifier=qualifier, comparison=comparison)
    figure(earlier, period)
    assert kinds() == (["comparison"] if clash else [])


def test_other_things_and_other_worlds_are_not_compared() -> None:
    figure(253, "2025-H1")
    figure(10, "2025-H1", measure="partnerships_upgraded", unit="nước")
    figure(999, "2025-H1", exercise=True)
    figure(11, "2025-H1", measure="", label_vi="Thỏa thuận đã ký")
    assert kinds() == []
    figure(12, "2025-H1", measure="", label_vi="thỏa thuận  ĐÃ KÝ")
    assert kinds() == ["same_period"], "without a measure the same words and unit are the same thing"


def test_why_they_may_differ_is_said() -> None:
    figure(253, "2025-H1", as_of="2025-07-22", counting_rule="signed_by_key_leaders")
    figure(300, "2025-H1", qualifier="about", unit="văn kiện")
    [group] = clashing_figures(SYSTEM)
    assert group.clashes[0].reasons == ("other_rule", "rule_not_told", "other_day", "round_number", "other_unit")


def test_the_real_figures_clash_as_the_press_has_it() -> None:
    load_totals(act=act())
    group = next(g for g in clashing_figures(SYSTEM) if g.figures[0].measure == "agreements_signed")
    told = {(c.kind, int(c.first.value), int(c.second.value), int(c.implied or 0)) for c in group.clashes}
    assert told == {("comparison", 253, 170, 126), ("comparison", 350, 170, 140)}
    assert {int(f.value) for f in OfficialFigure.objects.filter(measure="agreements_signed")} == {170, 253, 339, 350, 927}
    assert [int(f.value) for f in group.beside] == [927, 350, 339], "the others of the same years stand beside them"
    listed = ask("figure_clashes", {}, SYSTEM, at=AT)
    assert listed.total == sum(len(g.clashes) for g in clashing_figures(SYSTEM)) and listed.rule == "figures_that_clash"


def test_a_figure_that_the_viewer_may_not_know_of_clashes_with_nothing() -> None:
    here, there = institution("BO-A"), institution("BO-B")
    open_one = figure(253, "2025-H1")
    figure(300, "2025-H1", classification="internal", owner=there.pk)
    assert clashing_figures(viewer("ministry", here)) == [] and group_of(open_one, viewer("ministry", here)) is None
    assert len(clashing_figures(viewer("ministry", there))) == 1


def test_a_decision_says_which_for_what_and_why_and_repairs_nothing() -> None:
    body = institution("VU-E")
    desk = act(viewer("desk", body))
    one, other = figure(253, "2025-H1"), figure(258, "2025-H1")
    for used_for, reason, considered in (("", "x", [one, other]), ("x", " ", [one, other]), ("x", "x", [other])):
        with pytest.raises(InvalidInput):
            decide(act=desk, chosen=one, considered=considered, used_for=used_for, reason=reason)
    with pytest.raises(NotPermitted):
        decide(act=act(viewer("mission", body)), chosen=one, considered=[one, other], used_for="x", reason="x")
    decide(act=desk, chosen=one, considered=[one, other], used_for="Báo cáo sơ kết", reason="Số của Bộ Ngoại giao")
    [group] = clashing_figures(desk.viewer)
    assert group.undecided() == [] and group.decisions[0].chosen_id == one.pk
    assert {f.value for f in OfficialFigure.objects.all()} == {Decimal(253), Decimal(258)}
    third = figure(270, "2025-H1")
    [group] = clashing_figures(desk.viewer)
    assert group.undecided() == [third], "what is published later was not looked at"
    assert FigureDecision.objects.get().version == 1


def test_only_what_a_figure_counts_can_be_said_afterwards() -> None:
    desk = act(viewer("desk", institution("VU-E")))
    one = figure(253, "2025-H1")
    with pytest.raises(InvalidInput) as raised:
        revise_figure(act=desk, figure=one, values={"value": 254, "period": "2025"}, version=1)
    assert {p.field for p in raised.value.problems} == {"value", "period"}
    stale = OfficialFigure.objects.get(pk=one.pk)
    revise_figure(act=desk, figure=one, values={"counting_rule": "signed_by_key_leaders"}, version=1)
    with pytest.raises(StaleEdit):
        revise_figure(act=desk, figure=stale, values={"counting_rule": "signed_by_all_levels"}, version=1)
    with pytest.raises(InvalidInput):
        revise_figure(act=desk, figure=one, values={"counting_rule": "khong co"}, version=2)
    with pytest.raises(NotPermitted):
        revise_figure(act=act(viewer("province")), figure=one, values={"measure": ""}, version=2)


def test_every_counting_rule_has_a_version() -> None:
    rules = ask("counting_rules", {}, SYSTEM, at=AT)
    assert rules.total > 10 and all(row.cells[2] for row in rules.rows)


def test_spans_hold_their_own_number_and_comparisons_need_a_period() -> None:
    for qualifier in ("", "exact", "nearly", "about", "more_than", "over", "below", "at_least", "at_most", "rounded", "all"):
        span = span_of(Decimal(100), qualifier)
        assert span.low <= 100 <= span.high
    unsaved = OfficialFigure(value=Decimal(10), period="", comparison="gấp đôi năm 2024")
    assert implied_by(unsaved) is None


def test_what_the_registers_count_stands_beside_with_its_list() -> None:
    from banggiao.reports.own_counts import own_counts
    from tests.factories.rows import agreement

    one = figure(3, "2025-H1", counting_rule="instruments_signed")
    other = figure(5, "2025-H1", counting_rule="signed_by_key_leaders")
    unknown = figure(7, "2025-H1", measure="overseas_missions_of_senior_leaders")
    agreement(classification="public")
    agreement(classification="public", signed_on="2025-09-01")
    agreement(kind="declaration", classification="public")
    agreement(exercise=True)
    hidden = agreement(classification="internal", owner=institution("BO-B").pk)
    [count] = own_counts([one, other, unknown], SYSTEM)
    assert (count.count, count.rule, count.same_rule) == (2, "instruments_signed", True)
    listed = ask("counted_here", {"measure": count.measure, "period": count.period}, SYSTEM, at=AT)
    assert listed.total == count.count and listed.rule == count.rule and hidden.pk in {row.id for row in listed.rows}
    [seen] = own_counts([other], viewer("ministry", institution("BO-A")))
    assert (seen.count, seen.same_rule) == (1, False), "what is hidden is not counted either"
    with pytest.raises(InvalidInput):
        ask("counted_here", {"measure": unknown.measure, "period": "2025"}, SYSTEM, at=AT)
