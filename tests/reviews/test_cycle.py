"""Does a review go its way step by step, with figures that stay as frozen whatever happens later?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from banggiao.activities.services import create_activity, open_review
from banggiao.agreements.models import Agreement
from banggiao.agreements.services import create_agreement
from banggiao.commitments.models import Task
from banggiao.commitments.questions_repeated import repeated_of
from banggiao.core import records
from banggiao.core.errors import InvalidInput, MissingInformation, NotFound, NotPermitted, WrongState
from banggiao.core.lines import add_line, lines_named, rows_of
from banggiao.core.questions import ALL, ask
from banggiao.followup.talking import InboxItem
from banggiao.reports.files import as_json, from_json
from banggiao.reports.review import compose
from banggiao.reports.review_issue import read_paper, standing_paper, take_kept
from banggiao.reports.review_papers import comments_paper, memo_paper
from banggiao.reviews.models import ReviewComment, ReviewReader
from banggiao.reviews.papers import figures_of, kept, paper_at
from banggiao.reviews.questions import asked_of, comments_of, readers_of, review_of
from banggiao.reviews.services import give_tasks, move_comment, move_reader, set_readers, tell_above_readers, write_comment
from banggiao.reviews.states import ANSWERED
from banggiao.sources.models import OfficialFigure
from tests.factories.rows import AT, act, activity, agreement, institution, task, user, viewer
from tests.reviews.cycle import PERIOD, Cycle, cycle

pytestmark = pytest.mark.django_db


def all_bytes(run: Cycle) -> dict[str, bytes]:
    """Every kept file of the standing paper, as a reader takes it."""
    paper = standing_paper(run.review)
    assert paper is not None
    deed = act(run.desk)
    return {f"{lang}/{form}": take_kept(paper, form, lang, act=deed) for lang in ("vi", "en") for form in ("pdf", "docx", "json")}


def comment(run: Cycle, by: Any, text: str = "Đề nghị bổ sung.", **more: Any) -> ReviewComment:
    return write_comment(act=act(by), values={"review_id": run.review.pk, "text": text, **more})


def test_frozen_pages_and_files_stay_byte_for_byte() -> None:
    run = cycle()
    run.step("freeze")
    before, figures = all_bytes(run), figures_of(paper_at(run.review, "frozen"))
    assert figures["activities"].value == "1" and figures["instruments"].value == "1"
    shown = read_paper(standing_paper(run.review), "vi")  # type: ignore[arg-type]
    # Everything changes afterwards: what was counted, what is new, names, and what was retracted.
    for model in {kind for figure in figures.values() for kind, _pk in figure.records}:
        assert model in ("activities.activity", "agreements.agreement", "commitments.commitment")
    visit = activity(start="2025-05-01", level="prime_minister")
    signed = agreement(signed_on="2025-05-02", field="trade")
    records.revise(run.x, act=act(), values={"name_vi": "Tỉnh đổi tên"}, version=run.x.version)
    counted = figures["instruments"].records[0][1]
    old = type(signed).objects.get(pk=counted)
    records.retract(old, act=act())
    assert visit.pk and all_bytes(run) == before
    assert read_paper(standing_paper(run.review), "vi") == shown  # type: ignore[arg-type]
    assert figures_of(paper_at(run.review, "frozen")) == figures
    live = compose(PERIOD, run.desk, at=AT + timedelta(days=1))
    assert as_json(live) != before["vi/json"], "the registers did change"


def test_a_kept_file_that_was_changed_is_refused(settings: Any) -> None:
    run = cycle()
    run.step("freeze")
    digest = standing_paper(run.review).files["vi/json"]  # type: ignore[union-attr]
    path = settings.MEDIA_ROOT / digest[:2] / digest
    data = path.read_bytes()
    path.write_bytes(data.replace(b"1", b"2"))
    with pytest.raises(Exception, match="bị thiếu hoặc bị thay đổi"):
        kept(digest)
    path.write_bytes(data)
    assert from_json(kept(digest)) == read_paper(standing_paper(run.review), "vi")  # type: ignore[arg-type]


def test_frozen_as_of_a_moment_that_has_been() -> None:
    run = cycle()
    with pytest.raises(InvalidInput) as wrong:
        run.step("freeze", figures_as_of=AT + timedelta(days=1))
    assert [p.field for p in wrong.value.problems] == ["figures_as_of"]
    with pytest.raises(InvalidInput):
        run.step("freeze", figures_as_of="hôm qua")
    create_activity(
        act=act(at=AT + timedelta(days=2)),
        values={"code": "HD-2", "name_vi": "Ghi muộn", "kind": "visit", "start": "2025-05-01", "level": "prime_minister"},
    )
    run.step("freeze", figures_as_of=AT.isoformat(), days=3)
    assert run.review.figures_as_of == AT
    assert figures_of(paper_at(run.review, "frozen"))["activities"].value == "1", "what was entered later is not counted"


def test_above_the_level_of_the_review_nothing_is_frozen() -> None:
    run = cycle()
    agreement(signed_on="2025-04-01", field="trade", name_vi="Văn kiện kín")
    run.review = records.revise(run.review, act=act(), values={"classification": "public"}, version=run.review.version)
    assert "Văn kiện kín" in as_json(compose(PERIOD, run.desk, at=AT)).decode()
    run.step("freeze")
    assert figures_of(paper_at(run.review, "frozen"))["instruments"].value == "0"
    assert "Văn kiện kín".encode() not in all_bytes(run)["vi/json"]


@pytest.mark.parametrize(
    ("reached", "action", "by"),
    [
        ("open", "circulate", "desk"), ("open", "conclude", "leader"), ("open", "publish", "leader"),
        ("frozen", "freeze", "desk"), ("frozen", "conclude", "leader"), ("circulated", "freeze", "desk"),
        ("circulated", "publish", "leader"), ("concluded", "freeze", "desk"), ("concluded", "circulate", "desk"),
    ],
)  # fmt: skip
def test_no_step_out_of_turn(reached: str, action: str, by: str) -> None:
    run = cycle()
    if reached != "open":
        run.step("freeze") if reached == "frozen" else run.circulated()
    if reached == "concluded":
        run.step("conclude", run.leader)
    version = run.review.version
    with pytest.raises(WrongState):
        run.step(action, getattr(run, by))
    run.review.refresh_from_db()
    assert (run.review.state, run.review.version) == (reached, version)


def test_who_may_take_which_step() -> None:
    run = cycle()
    for by in (run.leader, run.of_x, viewer("verifier")):
        with pytest.raises(NotPermitted):
            run.step("freeze", by)
    run.circulated()
    for by in (run.desk, run.of_x):
        with pytest.raises(NotPermitted):
            run.step("conclude", by)
    assert run.step("conclude", run.leader).state == "concluded"


def test_circulating_needs_readers_and_a_day() -> None:
    run = cycle()
    run.step("freeze")
    with pytest.raises(MissingInformation) as missing:
        run.step("circulate")
    assert {p.field for p in missing.value.problems} == {"comments_due", "readers"}
    drill = institution("DT-X", exercise=True)
    with pytest.raises(InvalidInput):
        set_readers(act=act(run.desk), review=run.review, institutions=[drill.pk])
    set_readers(act=act(run.desk), review=run.review, institutions=[run.x.pk, run.y.pk])
    set_readers(act=act(run.desk), review=run.review, institutions=[run.x.pk])
    assert review_of(PERIOD, run.of_x, exercise=False) is None, "before it is circulated no reader knows of it"
    run.step("circulate", comments_due=date(2025, 9, 30))
    assert review_of(PERIOD, run.of_x, exercise=False) == run.review
    assert review_of(PERIOD, run.of_y, exercise=False) is None, "who was dropped is not asked"
    assert InboxItem.objects.filter(kind="review").count() == 1


def test_readers_see_their_own_comments_and_who_is_silent_is_named() -> None:
    run = cycle().circulated()
    said = comment(run, run.of_x, figure="instruments", place="Kết quả")
    assert (said.institution_id, said.state) == (run.x.pk, "open")
    assert comments_of(run.review, run.of_x) == [said] and comments_of(run.review, run.of_y) == []
    assert [r.institution_id for r in readers_of(run.review, run.of_y)] == [run.y.pk]
    states = {r.institution.code: r.state for r in readers_of(run.review, run.desk)}
    assert states == {"TINH-X": "commented", "BO-Y": "asked"}
    assert (asked_of(run.review, run.desk).answered, asked_of(run.review, run.desk).readers) == (1, 2)
    with pytest.raises(InvalidInput):
        comment(run, run.of_x, institution_id=run.ours.pk)
    with pytest.raises(NotPermitted):
        comment(run, run.of_y, institution_id=run.x.pk)
    with pytest.raises(InvalidInput) as wrong:
        comment(run, run.of_x, "  ", figure="no such")
    assert {p.field for p in wrong.value.problems} == {"text", "figure"}
    of_y = ReviewReader.objects.get(review=run.review, institution=run.y)
    with pytest.raises(NotPermitted):
        move_reader(act=act(run.of_x), reader=of_y, action="agree", version=of_y.version)
    agreed = move_reader(act=act(run.of_y), reader=of_y, action="agree", version=of_y.version)
    assert (agreed.state, agreed.answered_on) == ("agreed", AT.date().isoformat())


def test_every_comment_is_answered_before_the_conclusion() -> None:
    run = cycle().circulated()
    said = comment(run, run.of_x)
    with pytest.raises(MissingInformation):
        run.step("conclude", run.leader)
    with pytest.raises(NotPermitted):
        move_comment(act=act(run.of_x), comment=said, action="accept", version=said.version)
    with pytest.raises(MissingInformation):
        move_comment(act=act(run.desk), comment=said, action="reject", version=said.version)
    said = move_comment(act=act(run.desk), comment=said, action="reject", version=said.version, values={"answer": "Đã có."})
    assert (said.state, said.answer) == ("rejected", "Đã có.")
    run.step("conclude", run.leader)
    with pytest.raises(WrongState):
        comment(run, run.of_x, "Muộn")
    with pytest.raises(WrongState):
        move_comment(act=act(run.desk, reason="vì"), comment=said, action="reconsider", version=said.version)


def test_conclusions_stand_in_the_paper_and_become_tasks_once() -> None:
    run = cycle().circulated()
    frozen = all_bytes(run)
    with pytest.raises(InvalidInput) as wrong:
        run.point(kind="direction", text_vi="Mở thị trường gạo")
    assert {p.field for p in wrong.value.problems} == {"lead_id", "due"}
    with pytest.raises(InvalidInput):
        run.point(kind="shortcoming", text_vi="Chậm")
    run.point(kind="shortcoming", text_vi="Tiến độ còn chậm", cause="subjective", difficulty="FUNDING")
    run.point(kind="lesson", text_vi="Phân công rõ ngay từ đầu")
    run.point(kind="direction", text_vi="Mở thị trường gạo", lead_id=run.x.pk, due="2025-12-31", product="Nghị định thư")
    run.point(kind="recommendation", text_vi="Bố trí kinh phí", addressee="Thủ tướng Chính phủ")
    run.point(kind="recommendation", text_vi="Trình đề án", addressee="Chính phủ", lead_id=run.x.pk, due="2026-03-31")
    lines = lines_named("activities.review", "points")
    assert rows_of(lines, run.review, run.desk).count() == 5
    assert rows_of(lines, run.review, run.of_x).count() == 0, "readers do not read conclusions still being written"
    assert all_bytes(run) == frozen, "what was frozen does not change by them"
    with pytest.raises(WrongState):
        give_tasks(act=act(run.desk), review=run.review)
    run.step("conclude", run.leader)
    words = as_json(read_paper(standing_paper(run.review), "vi")).decode()  # type: ignore[arg-type]
    for told in (
        "Nguyên nhân: chủ quan; thiếu hoặc chậm vốn",
        "Phân công rõ",
        "Mở thị trường gạo",
        "Thủ tướng Chính phủ: Bố trí",
    ):
        assert told in words
    assert rows_of(lines, run.review, run.of_x).count() == 5
    with pytest.raises(WrongState):
        run.point(kind="lesson", text_vi="Thêm")
    made = give_tasks(act=act(run.desk), review=run.review)
    assert [(t.text_vi, t.lead_id, t.current_due, t.period) for t in made] == [
        ("Mở thị trường gạo", run.x.pk, "2025-12-31", "2025-H2"),
        ("Trình đề án", run.x.pk, "2026-03-31", "2025-H2"),
    ]
    assert give_tasks(act=act(run.desk), review=run.review) == made and Task.objects.count() == 2
    with pytest.raises(NotPermitted):
        give_tasks(act=act(run.leader), review=run.review)


def test_the_next_review_tells_how_the_conclusions_were_carried_out() -> None:
    run = cycle().circulated()
    run.point(kind="direction", text_vi="Mở thị trường gạo", lead_id=run.x.pk, due="2025-12-31")
    run.step("conclude", run.leader)
    give_tasks(act=act(run.desk), review=run.review)
    at = AT + timedelta(days=1)
    following = as_json(compose("2025-H2", run.desk, at=at)).decode()
    assert "1 nhiệm vụ được giao từ kết luận kỳ trước" in following and "Mở thị trường gạo" in following
    assert "Mở thị trường gạo" not in as_json(compose("2026-H2", run.desk, at=at)).decode()


def test_published_with_number_day_and_signer_and_then_only_memos() -> None:
    run = cycle().circulated()
    run.step("conclude", run.leader)
    assert read_paper(standing_paper(run.review), "vi").is_draft  # type: ignore[arg-type]
    with pytest.raises(MissingInformation):
        run.step("publish", run.leader)
    signed = {"number": 12, "issued_on": date(2025, 9, 20), "signer_title": "Thứ trưởng", "signer_name": "Nguyễn Văn Mẫu"}
    run.step("publish", run.leader, **signed)
    paper = read_paper(standing_paper(run.review), "vi")  # type: ignore[arg-type]
    assert not paper.is_draft and (paper.number, paper.signer) == (12, "Nguyễn Văn Mẫu")
    before = all_bytes(run)
    memos = lines_named("activities.review", "memos")
    values = {"should_be": "2", "reason": "Sót một văn kiện", "decided_by": "Vụ trưởng A", "day": date(2025, 10, 1)}
    with pytest.raises(InvalidInput):
        add_line(act=act(run.desk), lines=memos, parent=run.review, values={**values, "figure": "no such"})
    add_line(act=act(run.desk), lines=memos, parent=run.review, values={**values, "figure": "instruments"})
    assert all_bytes(run) == before and figures_of(paper_at(run.review, "published"))["instruments"].value == "1"
    assert OfficialFigure.objects.count() == 0


def test_differences_are_told_record_by_record() -> None:
    run = cycle()
    run.step("freeze")
    old = paper_at(run.review, "frozen")
    gone = figures_of(old)["instruments"].records[0][1]
    later = act(at=AT + timedelta(days=2))
    records.retract(Agreement.objects.get(pk=gone), act=later)
    values = {"kind": "mou", "signed_on": "2025-05-02", "field": "trade"}
    new = create_agreement(act=later, values={**values, "code": "TT-N", "name_vi": "Văn kiện mới", "classification": "public"})
    hidden = create_agreement(act=later, values={**values, "code": "TT-K", "name_vi": "Văn kiện kín"})

    def told(by: Any) -> list[tuple[Any, ...]]:
        answer = ask("review_difference", {"review_period": PERIOD}, by, at=AT + timedelta(days=3), page=ALL)
        return [row.cells for row in answer.rows if row.cells[0].vi == "Văn kiện được ký"]

    rows = told(run.desk)
    assert rows[0][1:] == ("1", "2", "value", None)
    assert {(c[3], c[4].id) for c in rows[1:]} == {("came_in", new.pk), ("came_in", hidden.pk), ("fell_out", gone)}
    set_readers(act=act(run.desk), review=run.review, institutions=[run.x.pk])
    run.step("circulate", comments_due=date(2025, 9, 30))
    assert hidden.pk not in {c[4].id for c in told(run.of_x) if c[4]}, "what a reader may not know of is not named"
    days = {"review_period": PERIOD, "since": AT.date().isoformat(), "until": (AT + timedelta(days=3)).date().isoformat()}
    same = ask("review_difference", days, run.desk, at=AT + timedelta(days=4), page=ALL)
    assert [r.cells[1:3] for r in same.rows if r.cells[0].vi == "Văn kiện được ký" and r.cells[3] == "value"] == [("1", "2")]
    with pytest.raises(NotFound):
        ask("review_difference", {"review_period": PERIOD, "other_period": "2024"}, run.desk, at=AT, page=ALL)


def test_the_table_of_comments_names_the_silent_and_memos_are_a_paper() -> None:
    run = cycle().circulated()
    said = comment(run, run.of_x, "Thiếu một văn kiện.", figure="instruments", place="Kết quả")
    move_comment(act=act(run.desk), comment=said, action="accept_partly", version=1, values={"answer": "Sẽ đính chính."})
    table = as_json(comments_paper(run.review, run.desk, at=AT, language="vi")).decode()
    for words in (
        "Có 1 trên 2 nơi",
        run.y.name_vi,
        "Thiếu một văn kiện.",
        "Tiếp thu một phần",
        "Sẽ đính chính.",
        "Văn kiện được ký: 1",
    ):
        assert words in table
    assert "Thiếu một văn kiện." not in as_json(comments_paper(run.review, run.of_y, at=AT, language="vi")).decode()
    memos = lines_named("activities.review", "memos")
    values = {"should_be": "2", "reason": "Sót", "decided_by": "Vụ trưởng A", "day": date(2025, 10, 1), "figure": "instruments"}
    memo = add_line(act=act(run.desk), lines=memos, parent=run.review, values=values)
    paper = memo_paper(run.review, [memo], at=AT, language="en")
    assert paper.is_draft and "Instruments signed" in as_json(paper).decode()
    run.step("conclude", run.leader)
    concluded = read_paper(standing_paper(run.review), "vi")  # type: ignore[arg-type]
    assert concluded.annexes[-1].title == "Đính chính số liệu", "what was found before the conclusion is printed with it"


def test_those_above_a_silent_reader_hear_of_it_once() -> None:
    cycle().circulated()
    for reader in ReviewReader.objects.all():
        user(f"lanh-dao-{reader.pk}", role="leader", body=reader.institution)
    silent = ReviewReader.objects.exclude(state__in=ANSWERED).count()
    day = date(2025, 11, 26)  # a Wednesday, long after the last rung
    assert silent and [tell_above_readers(act=act(), today=day) for _ in range(2)] == [silent, 0]


def test_what_the_review_before_asked_stands_beside_what_this_one_asks() -> None:
    run = cycle().circulated()
    run.point(
        kind="direction",
        text_vi="Tiếp tục mở thị trường gạo và quả vải",
        lead_id=run.x.pk,
        due="2025-12-31",
        product="Nghị định thư",
    )
    run.step("conclude", run.leader)
    (now,) = give_tasks(act=act(run.desk), review=run.review)
    last = open_review(act=act(), period="2024-H2")
    about = {"origin_type": "activities.review", "given_on": "2025-01-20", "lead_id": run.x.pk}
    before = task(text_vi="Mở thị trường gạo và quả vải", origin_id=last.pk, origin_key="1", **about)
    task(text_vi="Rà soát các hiệp định thuế", origin_id=last.pk, origin_key="2", **about)
    assert [(r.earlier, r.standing) for r in repeated_of(now, run.desk)] == [(before, "proposed")]
