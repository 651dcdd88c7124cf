"""Do agenda, delegation, economic content and outcomes keep their rules, rights and history, and count as they should?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from banggiao.activities.lines import AGENDA, DELEGATION, ECONOMIC, OUTCOMES, SITES
from banggiao.activities.models import Activity, AgendaItem, Delegate
from banggiao.activities.questions import high_level
from banggiao.activities.services import create_activity, enter_activity, move_activity, revise_activity
from banggiao.core import records
from banggiao.core.errors import BangGiaoError, InvalidInput, MissingInformation, NotFound, NotPermitted, StaleEdit, WrongState
from banggiao.core.ledger import entries_of, replay, verify
from banggiao.core.lines import Lines, add_line, add_lines, change_line, find_line, remove_line, rows_of
from banggiao.core.periods import parse_period
from banggiao.core.questions import ask
from banggiao.core.search_query import find
from tests.factories.rows import AT, SYSTEM, act, activity, institution, viewer

pytestmark = pytest.mark.django_db


def problems(lines: Lines, parent: Activity, **values: Any) -> set[str]:
    with pytest.raises(InvalidInput) as raised:
        add_line(act=act(viewer("desk")), lines=lines, parent=parent, values=values)
    return {p.field for p in raised.value.problems}


@pytest.mark.parametrize(
    ("start", "end"), [("2025-03-10", "2025-03-09"), ("2025-03-10", "2025-02"), ("2025-03-10", "2024"), ("2025-03", "2025-02-28")]
)
def test_an_activity_does_not_end_before_it_begins(start: str, end: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        activity(start=start, end=end)
    assert [p.field for p in raised.value.problems] == ["end"]
    made = activity(start="2025-01-01", end="2025-12-31")
    with pytest.raises(InvalidInput):
        revise_activity(act=act(viewer("desk")), activity=made, values={"start": start, "end": end}, version=1)
    assert activity(start="2025-03-10", end="2025-03").end == "2025-03", "an end known to the month only is no contradiction"


def test_plan_to_held() -> None:
    desk = act(viewer("desk"))
    assert activity().status == "held", "what lies behind has been held"
    plan = activity(start="2025-12-01")
    assert plan.status == "planned"
    with pytest.raises(InvalidInput):
        move_activity(act=desk, activity=plan, action="hold", version=1)
    with pytest.raises(MissingInformation):
        move_activity(act=desk, activity=plan, action="postpone", version=1)
    with pytest.raises(NotPermitted):
        move_activity(act=act(viewer("province")), activity=plan, action="confirm", version=1)
    late = move_activity(act=desk.because("Đối tác đề nghị"), activity=plan, action="postpone", version=1)
    with pytest.raises(WrongState):
        move_activity(act=desk, activity=late, action="hold", version=2, values={"start": "2025-09-01"})
    again = move_activity(act=desk, activity=late, action="replan", version=2, values={"start": "2025-09-10"})
    held = move_activity(act=desk, activity=again, action="hold", version=3)
    assert (held.status, held.start) == ("held", "2025-09-10")
    assert [e.action for e in entries_of(plan.pk)] == ["create", "postpone", "replan", "hold"]


def test_who_may_enter_one() -> None:
    values = {"kind": "call", "name_vi": "Điện đàm", "start": "2025-03-01"}
    with pytest.raises(NotPermitted):
        create_activity(act=act(viewer("mission")), values=values)
    assert enter_activity(act=act(viewer("mission")), values=values).code.startswith("HD-2025-"), (
        "an accepted fact asks for facts.check"
    )


def test_agenda_in_order_with_its_rules() -> None:
    visit, other = activity(end="2025-03-11"), activity()
    desk = act(viewer("desk"))
    here = add_line(act=desk, lines=SITES, parent=visit, values={"name": "Điểm cầu Huế"})
    there = add_line(act=desk, lines=SITES, parent=other, values={"name": "Nơi khác"})
    rows = [("2025-03-11", "08:30", "Ngày thứ hai"), ("2025-03-10", "14:00", "Buổi chiều"), ("2025-03-10", "08:00", "Khai mạc")]
    for day, time, title in rows:
        add_line(act=desk, lines=AGENDA, parent=visit, values={"day": day, "time": time, "title_vi": title, "site_id": here.pk})
    assert [item.title_vi for item in rows_of(AGENDA, visit, SYSTEM)] == ["Khai mạc", "Buổi chiều", "Ngày thứ hai"]
    assert problems(AGENDA, visit, title_vi=" ") == {"title_vi"}
    assert problems(AGENDA, visit, title_vi="A", time="25:00") == {"time"}
    assert problems(AGENDA, visit, title_vi="A", day="2025-03-12") == {"day"}
    assert problems(AGENDA, visit, title_vi="A", site_id=there.pk) == {"site_id"}
    assert AgendaItem.objects.count() == 3


def test_nobody_takes_part_twice() -> None:
    visit = activity()
    first = {"side": "ours", "role": "head", "name": "Nguyễn Văn A", "post": "Bộ trưởng"}
    add_line(act=act(), lines=DELEGATION, parent=visit, values=first)
    assert problems(DELEGATION, visit, side="ours", name="nguyễn văn a", post="Bộ trưởng") == {"name"}
    assert problems(DELEGATION, visit, side="ours") == {"name"}
    assert problems(DELEGATION, visit, side="us", name="B") == {"side"}
    add_line(act=act(), lines=DELEGATION, parent=visit, values={**first, "post": "Thứ trưởng"})  # two people of one name
    assert Delegate.objects.count() == 2


def test_money_has_a_currency() -> None:
    visit = activity()
    some = {"text_vi": "Dự án", "field": "investment"}
    assert problems(ECONOMIC, visit, **some, amount=Decimal(5)) == {"currency"}
    assert problems(ECONOMIC, visit, **some, currency="USD") == {"amount"}
    assert problems(ECONOMIC, visit, **some, amount=Decimal(-5), currency="USD") == {"amount"}
    assert problems(ECONOMIC, visit, text_vi="Dự án") == {"field"}
    made = add_line(act=act(), lines=ECONOMIC, parent=visit, values={**some, "amount": Decimal("12.50"), "currency": "USD"})
    assert (made.amount, made.currency) == (Decimal("12.50"), "USD")


def test_lines_belong_to_one_world() -> None:
    drill = activity(exercise=True, code="DT-HD-X")
    assert problems(ECONOMIC, drill, text_vi="A", field="trade", lead_id=institution().pk) == {"lead_id"}
    made = add_line(act=act(), lines=OUTCOMES, parent=drill, values={"kind": "agreed", "text_vi": "Thống nhất"})
    assert made.exercise


def test_all_or_none() -> None:
    visit = activity()
    with pytest.raises(InvalidInput):
        add_lines(act=act(), lines=SITES, parent=visit, rows=[{"name": "A"}, {"name": ""}])
    assert not rows_of(SITES, visit, SYSTEM).exists()


def test_changing_and_taking_out_keeps_the_history() -> None:
    visit, desk = activity(), act(viewer("desk"))
    line = add_line(act=desk, lines=OUTCOMES, parent=visit, values={"kind": "agreed", "text_vi": "Lập quỹ chung"})
    assert [h.record_id for h in find("quy chung", SYSTEM)] == [visit.pk], "search finds the record by its lines"
    with pytest.raises(NotPermitted):
        change_line(act=act(viewer("leader")), lines=OUTCOMES, parent=visit, line=line, values={"kind": "result"}, version=1)
    changed = change_line(act=desk, lines=OUTCOMES, parent=visit, line=line, values={"text_vi": "Mở trạm kiểm dịch"}, version=1)
    with pytest.raises(StaleEdit):
        change_line(act=desk, lines=OUTCOMES, parent=visit, line=line, values={"text_vi": "Khác"}, version=1)
    assert find("quy chung", SYSTEM) == [] and find("tram kiem dich", SYSTEM)
    remove_line(act=desk, lines=OUTCOMES, parent=visit, line=changed, version=2)
    assert find("tram kiem dich", SYSTEM) == [] and not rows_of(OUTCOMES, visit, SYSTEM).exists()
    entries = list(entries_of(line.pk))
    assert [e.action for e in entries] == ["create", "revise", "retract"]
    line.refresh_from_db()
    assert records.defaults_of(type(line)) | replay(entries) == records.full_snapshot(line)
    assert list(verify(line.pk)) == []


def test_lines_are_seen_with_their_record() -> None:
    body, other = institution("BO-A"), institution("BO-B")
    hidden = activity(owner=body.pk)
    line = add_line(act=act(), lines=OUTCOMES, parent=hidden, values={"kind": "agreed", "text_vi": "Bí mật nghề nghiệp"})
    stranger, insider = viewer("ministry", other), viewer("ministry", body)
    assert not type(line).objects.visible_to(stranger).exists() and type(line).objects.visible_to(insider).exists()
    assert find("bi mat nghe nghiep", stranger) == []
    with pytest.raises(NotFound):
        find_line(OUTCOMES, activity(), line.pk, SYSTEM)
    opened = activity(classification="public")
    shown = add_line(act=act(), lines=OUTCOMES, parent=opened, values={"kind": "agreed", "text_vi": "Công khai"})
    revise_activity(
        act=act(viewer("desk")), activity=opened, values={"classification": "internal", "owner": body.pk}, version=opened.version
    )
    assert not type(shown).objects.visible_to(stranger).filter(pk=shown.pk).exists(), "lines follow their record"


def test_share_of_high_level_activities_with_a_project() -> None:
    for n, (content, project) in enumerate([("", False), ("Thương mại", False), ("", True)]):
        made = activity(level="president", start=f"2025-0{n + 1}-10", economic_content=content)
        if project:
            add_line(act=act(), lines=ECONOMIC, parent=made, values={"text_vi": "Dự án", "field": "trade", "project": True})
    activity(level="president", start="2025-12-10"), activity(level="minister"), activity(level="president", start="2024-03")
    answer = ask("economic_share", {"period": "2025"}, SYSTEM, at=AT)
    shares = [(row.cells[0].vi, *row.cells[1:]) for row in answer.rows]
    assert shares == [("Chủ tịch nước", 3, 2, 1, 33.3), ("Cộng", 3, 2, 1, 33.3)]
    assert high_level(SYSTEM, parse_period("2025")).count() == 3, "a plan is not yet an activity held"
    for value, total in (("project", 1), ("some", 2), ("none", 4)):
        assert ask("activities", {"economic": value}, SYSTEM, at=AT).total == total, value
    with pytest.raises(BangGiaoError):
        ask("activities", {"economic": "perhaps"}, SYSTEM, at=AT)
    assert ask("economic_items", {"project": "yes", "period": "2025"}, SYSTEM, at=AT).total == 1
