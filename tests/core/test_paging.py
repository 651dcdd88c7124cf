"""Does walking the pages of every register, in every order, give every record once, and does bad input get a plain answer?"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from banggiao.activities.models import Activity
from banggiao.activities.questions import ACTIVITIES
from banggiao.activities.services import open_review
from banggiao.commitments.models import Commitment
from banggiao.core import records
from banggiao.core.errors import InvalidInput, NotFound
from banggiao.core.folding import fold, sort_key
from banggiao.core.lines import add_line, lines_named
from banggiao.core.questions import ALL, Bi, Page, Ref, ask
from banggiao.core.registers import Order, Register, find_record, register_named, register_of, registers
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.chasing.services import create_ladder
from banggiao.followup.dispatches.services import create_dispatch
from banggiao.followup.escalations.services import create_escalation
from banggiao.followup.evidence.services import add_evidence
from banggiao.followup.services import GIVEN_STATES, move_due_date, record_finding
from banggiao.partners.services import create_person, see_in_post
from tests.factories.rows import (
    AT,
    SYSTEM,
    act,
    activity,
    barrier,
    cycle_of_one,
    document,
    institution,
    meeting,
    notice,
    one_call,
    partner,
    programme,
    signal,
    task,
    user,
    watch,
)
from tests.factories.rows import body as committee

pytestmark = [pytest.mark.django_db, pytest.mark.engine, pytest.mark.usefixtures("loaded")]
ORDERS = [(register, order) for register in registers() for order in register.orders]


def several(name: str) -> None:
    """Twelve rows of a register without reference data, many of them with the same key of order."""
    body, held = institution("BO-P"), activity()
    for n in range(12):
        several_of: dict[str, Callable[[], object]] = {
            "documents": lambda n=n: document(f"Bản tin {n % 5}\nsố {n}.", published=f"2025-0{n % 3 + 1}"),
            "people": lambda n=n: create_person(act=act(), values={"name": f"Nguyễn Văn {'ABC'[n % 3]}"}),
            "posts": lambda n=n: see_in_post(
                act=act(),
                person=create_person(act=act(), values={"name": f"Người {n}"}),
                title="Vụ trưởng",
                day=f"202{n % 3}",
                values={},
            ),
            "findings": lambda n=n: record_finding(
                act=act(), values={"kind": "result", "text_vi": f"Kết quả {n}", "period_start": f"202{n % 2}"}
            ),
            "tasks": lambda n=n: task(text_vi=f"Việc {n}", given_on=["2025-07-01", "2025-07", ""][n % 3]),
            "users": lambda n=n: user(f"can.bo.{n}", name=f"Cán bộ {n % 4}"),
            "roles_held": lambda n=n: user(f"can.bo.{n}", role="ministry", body=body, since=date(2025, n % 3 + 1, 1)),
            "reviews": lambda n=n: open_review(act=act(), period=f"{2010 + n}"),
            "review_readers": lambda n=n: cycle_of_one(open_review(act=act(), period=f"{2010 + n}"), body),
            "review_comments": lambda n=n: cycle_of_one(open_review(act=act(), period=f"{2010 + n}"), body),
            "data_calls": lambda: one_call(body),
            "programmes": lambda n=n: programme(institution(f"DSQ-{n}", kind="embassy"), period=f"202{n % 3}"),
            "data_call_answers": lambda: one_call(body),
            "reminder_ladders": lambda n=n: create_ladder(
                act=act(), values={"holds_from": date(2025, n % 3 + 1, n // 3 + 1), "rungs": f"{n}"}
            ),
            "escalations": lambda n=n: create_escalation(
                act=act(),
                values={"question": f"Vấn đề {n}", "needed_by": f"2025-1{n % 3}-01", "asker_id": body.pk},
                subject=held,
            ),
            "watches": lambda n=n: watch(name_vi=f"Theo dõi {n}"),
            "signals": lambda n=n: signal(watch(name_vi=f"Theo dõi {n}"), f"2025-0{n % 3 + 1}"),
            "evidence": lambda n=n: add_evidence(
                act=act(), record=held, grade=n % 5, description=f"Biên bản {n % 4}", day=date(2025, n % 3 + 1, 1)
            ),
            "due_date_moves": lambda n=n: move_due_date(
                act=act(reason="vì"), record=task(text_vi=f"Việc {n}"), to=f"2026-0{n % 3 + 1}", version=1
            ),
            "dispatches": lambda n=n: create_dispatch(
                act=act(), values={"number": f"{n % 4}/BNG", "day": f"2025-0{n % 3 + 1}-01", "issuer_id": body.pk}
            ),
            "statements": lambda n=n: add_line(
                act=act(),
                lines=lines_named("activities.activity", "speakers"),
                parent=held,
                values={"state": "invited", "name": f"Người {n % 4}"},
            ),
            "attendances": lambda n=n: add_line(
                act=act(),
                lines=lines_named("activities.activity", "attendance"),
                parent=held,
                values={"presence": "expected", "institution_id": institution(f"BO-{n}").pk},
            ),
            "bodies": lambda n=n: committee(body, starts=f"202{n % 3}-01"),
            "meetings": lambda n=n: meeting(committee(body), day=["2025-09-12", "", "2025-09"][n % 3]),
            "conclusion_notices": lambda n=n: notice(body, activity_id=held.pk, issued_on=["", "2025-03-20"][n % 2]),
            "economic_items": lambda n=n: add_line(
                act=act(),
                lines=lines_named("activities.activity", "economic_content"),
                parent=held,
                values={"text_vi": f"Dự án {n}", "field": "trade"},
            ),
        }
        several_of[name]()


@pytest.mark.parametrize(("register", "order"), ORDERS, ids=lambda x: getattr(x, "name", ""))
def test_every_record_once_on_every_walk(register: Register, order: Order) -> None:
    if not register.model.objects.exists():
        several(register.name)
    expected = set(register.model.objects.visible_to(SYSTEM).values_list("pk", flat=True))
    whole = [r.id for r in ask(register.name, {"order": order.name}, SYSTEM, at=AT, page=ALL).rows]
    for size in {1 if len(expected) < 20 else 7, 50}:
        walked, cursor, turns = [], "", 0
        while True:
            answer = ask(register.name, {"order": order.name}, SYSTEM, at=AT, page=Page(size, cursor)).listed()
            rows = tuple(answer.rows)
            assert answer.total == len(expected) and 0 < len(rows) <= size
            walked += [row.id for row in rows]
            cursor, turns = answer.next_cursor, turns + 1
            if not cursor:
                break
        assert turns == -(-len(expected) // size)
        assert walked == whole and set(walked) == expected and len(walked) == len(expected)


def test_records_that_come_or_go_between_pages_neither_repeat_nor_hide_others() -> None:
    first = ask("activities", {"order": "oldest"}, SYSTEM, at=AT, page=Page(10)).listed()
    before = [r.id for r in first.rows]
    activity(start="1990-01-01")
    records.retract(Activity.objects.get(pk=before[3]), act=act())
    rest = [r.id for r in ask("activities", {"order": "oldest"}, SYSTEM, at=AT, page=Page(0, first.next_cursor)).rows]
    assert not set(before) & set(rest)
    assert len(rest) == Activity.objects.filter(retracted=False).count() - 10


def test_partners_stand_in_vietnamese_order() -> None:
    names = [row.cells[0].vi for row in ask("partners", {}, SYSTEM, at=AT, page=ALL).rows]
    assert names == sorted(names, key=sort_key)
    places = [names.index(name) for name in ("Ai Cập", "Áo", "Ấn Độ", "Đan Mạch", "Đức", "Fiji", "Nga", "Nhật Bản", "Zambia")]
    assert places == sorted(places)


def test_filters_agree_with_the_rows_they_leave() -> None:
    checked = 0
    for register in registers():
        columns = [f.column.key for f in register.fields]
        for each in register.filters:
            if each.parameter.kind != "code" or each.parameter.name not in columns:
                continue
            place, total = columns.index(each.parameter.name), 0
            for code in vocabulary(each.parameter.vocabulary).codes:
                answer = ask(register.name, {each.parameter.name: code}, SYSTEM, at=AT, page=ALL).listed()
                assert {row.cells[place] for row in answer.rows} <= {code}
                assert answer.parameters[each.parameter.name] == code
                total += answer.total
                checked += answer.total
            everything = ask(register.name, {}, SYSTEM, at=AT, page=ALL).listed()
            assert total == sum(bool(row.cells[place]) for row in everything.rows), (register.name, each.parameter.name)
    assert checked > 2000


def test_periods_partners_and_words_narrow() -> None:
    half = ask("activities", {"period": "2025-H1"}, SYSTEM, at=AT, page=ALL).listed()
    quarters = [ask("activities", {"period": f"2025-Q{n}"}, SYSTEM, at=AT).total for n in (1, 2)]
    assert half.total == sum(quarters) > 0
    assert all("2025-01" <= row.cells[0] < "2025-07" for row in half.rows)
    china = ask("activities", {"partner": "CHN"}, SYSTEM, at=AT, page=ALL).listed()
    assert china.total > 0
    assert all(any(isinstance(ref, Ref) and ref.title.vi == "Trung Quốc" for ref in row.cells[4]) for row in china.rows)
    words = ask("activities", {"q": "tham cap nha nuoc"}, SYSTEM, at=AT, page=ALL).listed()
    assert 0 < words.total < Activity.objects.count()
    assert words.total == ask("activities", {"q": "  THĂM   cấp, nhà nước "}, SYSTEM, at=AT).total
    assert all(isinstance(row.cells[1], Bi) and "tham" in fold(str(row.cells[1])) for row in words.rows)


def test_a_partner_named_twice_makes_one_row() -> None:
    x = partner("XQQ")
    made = activity(partners=[x, x])
    answer = ask("activities", {"partner": "XQQ"}, SYSTEM, at=AT).listed()
    assert ([row.id for row in answer.rows], answer.total) == ([made.pk], 1)


def cursor(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "bad",
    [
        "x", "%%%", "é", "=", "AAAA", "\x00", cursor([]), cursor({}), cursor(["2025"]), cursor(["2025", "not an id"]),
        cursor(["2025", None]),
        cursor([None, str(UUID(int=1))]), cursor([{"a": 1}, str(UUID(int=1))]), cursor([1, str(UUID(int=1))]),
        cursor(["a\x00", str(UUID(int=1))]),
        cursor(["a\ud800", str(UUID(int=1))]), cursor(["a", "b", str(UUID(int=1))]), base64.b64encode(b"[" * 100_000).decode(),
        "A" * 5,
    ],
)  # fmt: skip
def test_a_bad_cursor_is_named(bad: str) -> None:
    with pytest.raises(InvalidInput):
        ask("activities", {}, SYSTEM, at=AT, page=Page(10, bad))


def test_a_page_size_below_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput):
        Page(-1)


@pytest.mark.parametrize("value", ["nonsense", "' OR 1=1 --", "VISIT", "a\x00", "\ud800", "{}", "../../etc", "9" * 5000])
def test_unknown_filter_values_are_named_or_find_nothing(value: str) -> None:
    asked = 0
    for register in registers():
        for parameter in (*(f.parameter for f in register.filters), register_question_order()):
            try:
                answer = ask(register.name, {parameter.name: value}, SYSTEM, at=AT)
            except InvalidInput as error:
                assert [p.field for p in error.problems] == [parameter.name]
            else:
                assert parameter.kind in ("partner", "institution"), (register.name, parameter.name)
                assert answer.total == 0
            asked += 1
    assert asked > 30


def register_question_order() -> object:
    from banggiao.core.questions import Parameter

    return Parameter("order", "Thứ tự")


@pytest.mark.parametrize(
    "words",
    ["%", "_", "'", '"', "a" * 10_000, "a " * 5000, "*", "AND OR NOT NEAR(", "( : )", "\u202e", "😀", "-- ; DROP TABLE", "ﷺ"],
)
def test_hostile_words_are_only_words(words: str) -> None:
    answer = ask("activities", {"q": words}, SYSTEM, at=AT)
    assert answer.total == 0 or not fold(words) or words.startswith("a ")


@pytest.mark.parametrize("key", ["", "x", "\x00", "\ud800", "' OR 1=1", str(UUID(int=3)), "9" * 400, "HD-2025-9999"])
def test_what_is_not_there_is_not_found(key: str) -> None:
    for register in registers():
        with pytest.raises(NotFound):
            find_record(register, key, SYSTEM)


def test_registers_are_found_by_name_and_type() -> None:
    assert register_named("activities") is ACTIVITIES
    assert register_of(Activity.record_type()) is ACTIVITIES
    assert register_of("core.nothing") is None
    with pytest.raises(NotFound):
        register_named("nothing")
    made = barrier()
    assert find_record(register_named("barriers"), made.code, SYSTEM) == made
    assert register_named("documents").title_of(document()) == Bi("Bộ A và Vương quốc X ký bản ghi nhớ về cà phê.")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days(day: str) -> None:
    given = {"code": "X-1", "text_vi": "x", "side": "ours", "current_due": "2025-01-01", "work_state": "active"}
    records.create(Commitment, act=act(), values=given)
    due = Commitment.objects.filter(work_state__in=GIVEN_STATES).exclude(current_due="").count()
    assert due and ask("commitments", {"overdue_on": day}, SYSTEM, at=AT).total == (due if day[0] == "9" else 0)
    assert ask("commitments", {"due_soon_on": day}, SYSTEM, at=AT).total == 0
