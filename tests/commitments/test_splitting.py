"""Is the text of a directive split, confirmed, left out, taken back and compared with what was asked before?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from banggiao.commitments.lines import PARAGRAPHS
from banggiao.commitments.models import Directive, Paragraph, Task
from banggiao.commitments.questions_repeated import ALIKE, asked_again_since, asked_before, likeness, repeated_of
from banggiao.commitments.questions_splitting import coverage_of, lacking, settled_share
from banggiao.commitments.services import Ask, create_directive
from banggiao.commitments.services_splitting import (
    ask_of,
    confirm,
    confirm_above,
    join_text,
    judge_repeated,
    leave_out,
    take_back,
)
from banggiao.commitments.splitting import proposals_of
from banggiao.core import records
from banggiao.core.errors import InvalidInput, MissingInformation, NotFound, NotPermitted, StaleEdit, WrongState
from banggiao.core.lines import rows_of
from banggiao.core.questions import ALL, ask
from banggiao.sources.models import Citation
from tests.factories.rows import AT, SYSTEM, act, document, institution, viewer

pytestmark = pytest.mark.django_db
TEXT = """THÔNG BÁO
Kết luận tại cuộc họp giao ban ngoại giao kinh tế quý này

I. ĐÁNH GIÁ

1. Các đơn vị đã ký hai bản ghi nhớ trong quý.

II. NHIỆM VỤ

1. Bộ B:

a) Chủ trì, phối hợp với Bộ A và Bộ Chưa Có rà soát các cam kết quá hạn, báo cáo trước ngày 30/8/2025;

b) Cử đầu mối trong tháng 9; định kỳ hằng tháng gửi kết quả.

2. Giao Bộ A xây dựng mẫu báo cáo thống nhất cho từng cam kết.
"""
SAME = [
    (
        "Bộ Công Thương rà soát các cam kết quá hạn, báo cáo trước ngày 30/4",
        "Chủ trì rà soát 8 cam kết quá hạn chưa có báo cáo tiến độ",
    ),
    ("Bộ X hoàn thiện hồ sơ mở cửa thị trường quả bưởi", "Tiếp tục hoàn thiện hồ sơ mở cửa thị trường cho quả bưởi"),
    ("Cục C rà soát cam kết quá hạn", "Yêu cầu Cục C khẩn trương rà soát toàn bộ các cam kết đã quá hạn"),
    ("Bộ X xây dựng cơ sở dữ liệu về cam kết", "Bộ X sớm hoàn thành cơ sở dữ liệu cam kết, đưa vào sử dụng trong quý IV"),
    ("Đàm phán mở thêm đường bay thẳng tới Ấn Độ", "Bộ Xây dựng đẩy nhanh đàm phán đường bay thẳng tới Ấn Độ"),
    (
        "Hằng tháng báo cáo thay đổi chính sách thuế quan của nước sở tại",
        "Báo cáo kịp thời thay đổi chính sách thuế quan của sở tại",
    ),
    ("Xây dựng mẫu báo cáo thống nhất cho từng cam kết", "Ban hành mẫu báo cáo thống nhất về cam kết, gửi các đơn vị"),
    ("Tỉnh X cung cấp danh mục dự án kêu gọi đầu tư", "Tỉnh X, Tỉnh Y khẩn trương gửi danh mục dự án kêu gọi đầu tư"),
]
OTHER = [
    ("Bộ Công Thương rà soát các cam kết quá hạn", "Bộ Công Thương rà soát quy trình cấp chứng nhận xuất xứ"),
    ("Hoàn thiện hồ sơ mở cửa thị trường quả bưởi", "Hoàn thiện hồ sơ mở cửa thị trường lao động"),
    ("Xây dựng đề án phát triển ngành Halal", "Xây dựng đề án thu hút chuyên gia bán dẫn"),
    ("Văn phòng Bộ A đôn đốc việc thực hiện Thông báo này", "Cục C rà soát cam kết quá hạn"),
    ("Hoàn thành đàm phán Hiệp định tránh đánh thuế hai lần", "Hoàn thành đàm phán gói hỗ trợ ngân sách"),
    ("Trao đổi với phía Nước M về rào cản kiểm dịch", "Cung cấp thông tin thị trường Nước M hằng tháng"),
    ("Tổ chức các tuần văn hóa tại thị trường trọng điểm", "Tổ chức đoàn khảo sát thị trường trọng điểm"),
    ("Bộ Y tế tìm nguồn cung nguyên liệu dược", "Bộ Y tế đàm phán nguồn cung vắc-xin"),
]  # fmt: skip


def notice(number: str = "07/TB-BA", day: str = "2025-07-15", **more: Any) -> Directive:
    return create_directive(act=act(), values={"kind": "notice", "number": number, "day": day, "issuer_vi": "Bộ A", **more})


@pytest.fixture
def split() -> tuple[Directive, dict[str, Paragraph]]:
    institution("BO-A", name_vi="Bộ A")
    institution("BO-B", name_vi="Bộ B")
    directive = notice()
    rows = join_text(act=act(), directive=directive, document=document(TEXT), version=1)
    return Directive.objects.get(pk=directive.pk), {row.number: row for row in rows}


def test_a_text_is_split_once_and_its_tasks_are_proposed(split: tuple[Directive, dict[str, Paragraph]]) -> None:
    directive, rows = split
    assert list(rows) == ["I", "I.1", "II", "II.1", "II.1.a", "II.1.b", "II.2"]
    same = join_text(act=act(), directive=directive, document=directive.document, version=None)
    assert [row.pk for row in same] == [row.pk for row in rows.values()]
    with pytest.raises(InvalidInput):
        join_text(act=act(), directive=directive, document=document("Điều 1. Giao Bộ A.", name="x.txt"), version=2)
    proposed = proposals_of(directive, SYSTEM)
    (first,), (second,) = proposed[rows["II.1.a"].pk], proposed[rows["II.1.b"].pk]
    assert first.lead is not None and (first.lead.code, [b.code for b in first.coordinating]) == ("BO-B", ["BO-A"])
    assert (first.unknown, first.said.due) == (("Bộ Chưa Có",), "2025-08-30")
    assert (second.said.lead, second.said.every, second.said.inferred) == ("Bộ B", "monthly", ("heading", "year"))
    assert proposed[rows["I.1"].pk] == []
    assert rows["II.1"].pk not in proposed


def test_what_is_confirmed_is_made_once_and_can_be_taken_back(split: tuple[Directive, dict[str, Paragraph]]) -> None:
    directive, rows = split
    paragraph = rows["II.1.a"]
    proposed = proposals_of(directive, SYSTEM)[paragraph.pk]
    asks = [replace(ask_of(proposed[0]), text="Rà soát cam kết quá hạn"), Ask("Tự thêm", "h1")]
    first, by_hand = confirm(act=act(), paragraph=paragraph, asks=asks)
    assert [task.pk for task in confirm(act=act(), paragraph=paragraph, asks=asks)] == [first.pk, by_hand.pk]
    assert (first.text_vi, first.enumerator, first.given_on, first.giver) == (
        "Rà soát cam kết quá hạn",
        "II.1.a",
        "2025-07-15",
        "Bộ A",
    )
    assert (first.directive_id, first.assignee) == (directive.pk, "Bộ B, Bộ A, Bộ Chưa Có")
    cited = Citation.objects.get(subject_id=first.pk)
    assert (cited.start, cited.end) == (paragraph.start, paragraph.end)
    assert lacking(first) == ["person_in_charge", "responsibility", "authority"]
    with pytest.raises(WrongState):
        leave_out(act=act(), paragraph=paragraph, reason="direction", version=1)
    assert settled_share([directive.pk]) == {directive.pk: "1/4"}
    assert take_back(act=act(), paragraph=paragraph) == 2
    assert not Task.objects.filter(retracted=False).exists()
    (again,) = confirm(act=act(), paragraph=paragraph, asks=asks[:1])
    records.revise(again, act=act(), values={"product": "Biên bản"}, version=1)
    with pytest.raises(WrongState):
        take_back(act=act(), paragraph=paragraph)


def test_coverage_counts_tasks_and_reasons(split: tuple[Directive, dict[str, Paragraph]]) -> None:
    directive, rows = split
    made = confirm_above(act=act(), directive=directive, confidence=0.8)
    assert [task.enumerator for task in made] == ["II.1.a", "II.1.b", "II.2"]
    assert made[1].cycle_days == 30
    assert confirm_above(act=act(), directive=directive, confidence=0.8) == []
    before = coverage_of(directive, SYSTEM)
    assert (before.asking, before.with_tasks, before.with_reason, before.open) == (4, 3, 0, 1)
    waiting = ask("directive_paragraphs", {"directive": str(directive.pk), "standing": "open"}, SYSTEM, at=AT)
    assert [row.cells[0] for row in waiting.rows] == ["I.1"]
    assert ask("directives", {"uncovered": "yes"}, SYSTEM, at=AT).total == 1
    left = leave_out(act=act(), paragraph=rows["I.1"], reason="assessment", version=1)
    with pytest.raises(StaleEdit):
        leave_out(act=act(), paragraph=left, reason="direction", version=1)
    after = coverage_of(directive, SYSTEM)
    assert (after.settled, after.open) == (4, 0)
    (row,) = ask("directive_coverage", {}, SYSTEM, at=AT, page=ALL).rows
    assert row.cells[3:] == (4, 3, 1, 0)
    assert [ask("directives", {"uncovered": value}, SYSTEM, at=AT).total for value in ("yes", "no")] == [0, 1]
    confirm(act=act(), paragraph=left, asks=[Ask("Vẫn giao", "h1")])
    assert Paragraph.objects.get(pk=left.pk).no_task == ""


def test_who_may_not_and_what_is_not_there(split: tuple[Directive, dict[str, Paragraph]]) -> None:
    directive, rows = split
    mission = act(viewer("mission"))
    paragraph = rows["I.1"]
    for refused in (
        lambda: confirm(act=mission, paragraph=paragraph, asks=[Ask("x", "1")]),
        lambda: confirm_above(act=mission, directive=directive, confidence=0),
        lambda: leave_out(act=mission, paragraph=paragraph, reason="direction", version=1),
        lambda: take_back(act=mission, paragraph=paragraph),
        lambda: join_text(act=mission, directive=directive, document=directive.document, version=2),
    ):
        with pytest.raises(NotPermitted):
            refused()
    with pytest.raises(NotFound):
        leave_out(act=act(), paragraph=paragraph, reason="tired", version=1)
    with pytest.raises(MissingInformation):
        leave_out(act=act(), paragraph=paragraph, reason="other", version=1)
    hidden = document("Điều 1. Giao Bộ A.", name="y.txt")
    editor = act(replace(viewer("mission"), permissions=frozenset({"commitments.edit"})))
    with pytest.raises(NotFound):
        join_text(act=editor, directive=notice("09/TB-BA"), document=hidden, version=1)
    with pytest.raises(InvalidInput):
        join_text(act=act(), directive=notice("10/TB-BA", exercise=True), document=hidden, version=1)
    assert rows_of(PARAGRAPHS, directive, viewer("mission")).count() == 0


def test_asks_are_alike_as_a_reader_says() -> None:
    assert [pair for pair in SAME if likeness(*pair) < ALIKE] == []
    assert [pair for pair in OTHER if likeness(*pair) >= ALIKE] == [OTHER[1]]


def test_an_ask_made_again_is_shown_beside_the_last_one_until_a_person_says(
    split: tuple[Directive, dict[str, Paragraph]],
) -> None:
    directive, rows = split
    first = confirm_above(act=act(), directive=directive, confidence=0.8)[0]
    stranger = create_directive(act=act(), values={"kind": "notice", "number": "1/TB", "day": "2025-10-01", "issuer_vi": "Bộ Z"})
    later_paper, last_paper = notice("12/TB-BA", "2025-10-15"), notice("20/TB-BA", "2026-01-15")
    made = []
    for number, paper in enumerate((stranger, later_paper, last_paper)):
        text = f"1. Giao Bộ B rà soát các cam kết quá hạn.\n\n2. Bộ A họp báo {number}."
        join_text(act=act(), directive=paper, document=document(text, name=f"{number}.txt"), version=1)
        made.append(confirm_above(act=act(), directive=paper, confidence=0.5)[0])
    other, later, last = made
    assert repeated_of(other, SYSTEM) == []
    (beside,) = repeated_of(later, SYSTEM)
    assert (beside.earlier.pk, beside.standing) == (first.pk, "proposed") and beside.likeness >= ALIKE
    assert asked_before([later.pk]) == {}
    judge_repeated(act=act(), later=later, earlier=first, same=True, likeness=beside.likeness)
    judge_repeated(act=act(), later=last, earlier=later, same=True)
    judge_repeated(act=act(), later=last, earlier=first, same=False)
    assert asked_before([first.pk, later.pk, last.pk]) == {later.pk: 1, last.pk: 2}
    assert [task.pk for task in asked_again_since(first, SYSTEM)] == [later.pk]
    assert [(r.earlier.pk, r.standing) for r in repeated_of(last, SYSTEM)] == [(later.pk, "confirmed"), (first.pk, "rejected")]
    assert {row.id for row in ask("tasks", {"asked_again": "yes"}, SYSTEM, at=AT, page=ALL).rows} == {later.pk, last.pk}
    listed = ask("asked_again", {"standing": "confirmed"}, SYSTEM, at=AT, page=ALL)
    assert [(row.id, row.cells[-1]) for row in listed.rows] == [(last.pk, 2), (later.pk, 1)]
    judge_repeated(act=act(), later=later, earlier=first, same=False)
    assert asked_before([last.pk]) == {last.pk: 1}
    for wrong in ((later, later), (first, later)):
        with pytest.raises(InvalidInput):
            judge_repeated(act=act(), later=wrong[0], earlier=wrong[1], same=True)
    with pytest.raises(NotPermitted):
        judge_repeated(act=act(viewer("mission")), later=later, earlier=first, same=True)


def test_words_kept_higher_than_the_directive_do_not_come_into_it(split: tuple[Directive, dict[str, Paragraph]]) -> None:
    other = notice("08/TB-BA", classification="public")
    with pytest.raises(InvalidInput) as raised:
        join_text(act=act(), directive=other, document=document("Điều 1. Giao Bộ A rà soát.", name="y.txt"), version=1)
    assert [p.field for p in raised.value.problems] == ["document"] and not Paragraph.objects.filter(directive=other).exists()


def test_a_task_is_kept_as_high_as_the_words_it_quotes() -> None:
    directive = notice(classification="public")
    text = document("Điều 1. Giao Bộ A rà soát.", name="z.txt", classification="public")
    (row,) = join_text(act=act(), directive=directive, document=text, version=1)
    records.revise(text, act=act(), values={"classification": "internal"}, version=1)
    (made,) = confirm(act=act(), paragraph=row, asks=[Ask("Rà soát", "k")])
    assert (row.classification, made.classification) == ("public", "internal")
