"""What stands on the pages of a review and beside its paper: who has commented, what was made of it, memos, papers, tasks."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.activities.models import Review
from banggiao.commitments.models import Task
from banggiao.core.acts import Viewer
from banggiao.core.lines import rows_of
from banggiao.core.questions import Bi
from banggiao.reviews.lines import MEMOS, POINTS
from banggiao.reviews.models import ReviewComment, ReviewReader
from banggiao.reviews.papers import figures_of, paper_at, papers_of
from banggiao.reviews.questions import asked_of, comments_of, points_to_give, readers_of
from banggiao.reviews.states import ANSWERED
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import language
from banggiao.web.jinja import written
from banggiao.web.line_sections import sections
from banggiao.web.parts import Action, Cell, Definition, Empty, Link, Section, Table, TableColumn, TableRow, Tally
from banggiao.web.words import label, partial_date, state_badge

_BEFORE_CONCLUSION = ("open", "frozen", "circulated")


def beside_review(review: Review, viewer: Viewer, today: date) -> list[Section]:
    """The papers, who has commented, the comments, the conclusions with their tasks, the memos."""
    lines = (POINTS, *((MEMOS,) if review.state != "open" else ()))
    return [
        _papers(review, viewer),
        _readers(review, viewer, today),
        *_comments(review, viewer),
        *sections(review, viewer, lines),
        *_given(review, viewer),
    ]


def beside_reader(reader: ReviewReader, viewer: Viewer, today: date) -> list[Section]:
    """What the body said, and the way to say more."""
    return [
        Section(
            id="own",
            title=_("Ý kiến đã góp"),
            table=_comment_table([c for c in comments_of(reader.review, viewer) if c.institution_id == reader.institution_id]),
            empty=Empty(title=_("Chưa có ý kiến"), text=_("Đọc báo cáo rồi góp ý theo phần hoặc theo số liệu.")),
            actions=[_report_action(reader.review), *_comment_action(reader.review, viewer)],
        )
    ]


def beside_paper(review: Review, viewer: Viewer) -> list[Section]:
    """What stands beside the paper: the way to the review, how far comments have got, and the memos."""
    asked = asked_of(review, viewer)
    here = record_url(review.record_type(), review.pk)
    tallies = []
    if asked.readers:
        tallies = [
            Tally(label=_("Nơi đã trả lời"), url=f"{here}#readers", value=f"{asked.answered}/{asked.readers}"),
            Tally(label=_("Ý kiến chờ giải trình"), url=f"{here}#comments", value=asked.open_comments),
        ]
    found = [
        Section(
            id="review",
            title=_("Kỳ sơ kết"),
            link=Link(label=_("Mở hồ sơ kỳ sơ kết"), url=here),
            tallies=tallies,
            text="" if tallies else _("Góp ý, nội dung kết luận, đính chính ở hồ sơ kỳ sơ kết."),
            actions=_comment_action(review, viewer),
        )
    ]
    memos = list(rows_of(MEMOS, review, viewer))
    if memos:
        figures = figures_of(paper_at(review, "frozen"))
        rows = [
            Definition(
                label=figures[m.figure].label.get(language()) if m.figure in figures else m.figure,
                cell=Cell(
                    value=_("%(was)s, nay là %(now)s")
                    % {"was": figures[m.figure].value if m.figure in figures else "?", "now": m.should_be},
                    note=m.reason,
                ),
            )
            for m in memos
        ]
        url = reverse("web:review_paper", args=[review.pk, "memo"])
        action = Action(label=_("Bản đính chính (Word)"), url=url, icon="download")
        found.append(
            Section(
                id="memos",
                title=_("Đính chính số liệu"),
                definitions=rows,
                note=_("Báo cáo và các số đã chốt được giữ nguyên."),
                actions=(action,) if viewer.may("exports.take") else (),
            )
        )
    return found


def _papers(review: Review, viewer: Viewer) -> Section:
    rows = [
        TableRow(
            cells=(
                Cell(value=label("review_state", paper.stage), badge=state_badge("review_state", paper.stage)),
                Cell(value=written(paper.as_of)),
                Cell(value=written(paper.recorded_at)),
                Cell(value=paper.files[f"{language()}/pdf"][:16]),
            ),
            exercise=paper.exercise and not review.exercise,
        )
        for paper in papers_of(review)
    ]
    columns = (
        TableColumn(key="stage", label=_("Tình trạng"), lead=True),
        TableColumn(key="as_of", label=_("Thời điểm số liệu")),
        TableColumn(key="kept", label=_("Lúc lưu")),
        TableColumn(key="digest", label=_("SHA-256 của tệp PDF"), kind="code"),
    )
    actions = [_report_action(review)]
    if rows:
        query = {"review_period": review.period, "exercise": "yes" if review.exercise else ""}
        actions.append(Action(label=_("So với sổ hiện nay"), url=list_url("review_difference", query), icon="history"))
    return Section(
        id="papers",
        title=_("Báo cáo đã lưu"),
        table=Table(caption=_("Báo cáo đã lưu"), columns=columns, rows=rows) if rows else None,
        empty=Empty(title=_("Chưa chốt số liệu"), text=_("Báo cáo đang dựng từ các sổ; sau khi chốt, trang và tệp giữ nguyên.")),
        actions=actions,
    )


def _readers(review: Review, viewer: Viewer, today: date) -> Section:
    found = readers_of(review, viewer)
    rows = []
    for reader in found:
        late = reader.state not in ANSWERED and bool(reader.current_due) and reader.current_due < today.isoformat()
        rows.append(
            TableRow(
                cells=(
                    Cell(
                        value=Bi(reader.institution.name_vi, reader.institution.name_en).get(language()),
                        url=record_url(reader.record_type(), reader.pk),
                    ),
                    Cell(
                        value=label("review_reader_state", reader.state), badge=state_badge("review_reader_state", reader.state)
                    ),
                    Cell(
                        value=partial_date(reader.current_due) if reader.current_due else None,
                        note=label("timeliness", "overdue") if late else "",
                        note_tone="bad",
                    ),
                    Cell(value=partial_date(reader.answered_on) if reader.answered_on else None),
                ),
                overdue=late,
            )
        )
    columns = (
        TableColumn(key="institution", label=_("Nơi được hỏi ý kiến"), lead=True),
        TableColumn(key="state", label=_("Tình trạng góp ý")),
        TableColumn(key="due", label=_("Hạn góp ý"), kind="date"),
        TableColumn(key="answered", label=_("Ngày trả lời"), kind="date"),
    )
    asked = asked_of(review, viewer)
    may = viewer.may("reviews.run") and review.state in _BEFORE_CONCLUSION
    url = reverse("web:review_readers", args=[review.pk])
    return Section(
        id="readers",
        title=_("Ai đã góp ý"),
        meta=_("%(answered)d trên %(asked)d nơi đã trả lời") % {"answered": asked.answered, "asked": asked.readers}
        if found
        else "",
        table=Table(caption=_("Ai đã góp ý"), columns=columns, rows=rows) if rows else None,
        empty=Empty(title=_("Chưa chọn nơi được hỏi ý kiến"), text=_("Chọn bộ, tỉnh rồi mới gửi lấy ý kiến được.")),
        actions=(Action(label=_("Chọn nơi được hỏi ý kiến"), url=url, icon="edit"),) if may else (),
        note=label("counting_rule", "review_answers") if rows else "",
    )


def _comments(review: Review, viewer: Viewer) -> list[Section]:
    found = comments_of(review, viewer)
    if not found and review.state != "circulated":
        return []
    actions = _comment_action(review, viewer)
    if found and viewer.may("exports.take"):
        word = reverse("web:review_paper", args=[review.pk, "comments"])
        excel = reverse("web:export", args=["review_comments", "xlsx"]) + f"?review={review.pk}"
        actions.append(Action(label=_("Bảng tổng hợp %(form)s") % {"form": "Word"}, url=word, icon="download"))
        actions.append(Action(label=_("Bảng tổng hợp %(form)s") % {"form": "Excel"}, url=excel, icon="download"))
    return [
        Section(
            id="comments",
            title=_("Ý kiến góp ý và giải trình, tiếp thu"),
            table=_comment_table(found),
            empty=Empty(title=_("Chưa có ý kiến"), text=_("Ý kiến của các nơi được hỏi hiện ở đây, cùng kết quả xử lý.")),
            link=Link(label=_("Xem tất cả"), url=list_url("review_comments", {"review": str(review.pk)})) if found else None,
            actions=actions,
        )
    ]


def _comment_table(comments: list[ReviewComment]) -> Table | None:
    figures = figures_of(paper_at(comments[0].review, "frozen")) if comments else {}
    rows = []
    for each in comments:
        figure = figures.get(each.figure)
        about = "; ".join(filter(None, (each.place, f"{figure.label.get(language())}: {figure.value}" if figure else "")))
        rows.append(
            TableRow(
                cells=(
                    Cell(value=each.text, url=record_url(each.record_type(), each.pk), note=about),
                    Cell(value=Bi(each.institution.name_vi, each.institution.name_en).get(language())),
                    Cell(value=label("review_comment_state", each.state), badge=state_badge("review_comment_state", each.state)),
                    Cell(value=each.answer or None),
                )
            )
        )
    columns = (
        TableColumn(key="text", label=_("Ý kiến"), lead=True),
        TableColumn(key="institution", label=_("Nơi góp ý")),
        TableColumn(key="state", label=_("Kết quả xử lý")),
        TableColumn(key="answer", label=_("Giải trình")),
    )
    return Table(caption=_("Ý kiến"), columns=columns, rows=rows) if rows else None


def _given(review: Review, viewer: Viewer) -> list[Section]:
    """The tasks that the conclusions became."""
    if review.state not in ("concluded", "published"):
        return []
    tasks = Task.objects.visible_to(viewer).filter(origin_type=review.record_type(), origin_id=review.pk).select_related("lead")
    rows = [
        TableRow(
            cells=(
                Cell(value=Bi(task.text_vi, task.text_en).get(language()), url=record_url(task.record_type(), task.pk)),
                Cell(value=Bi(task.lead.name_vi, task.lead.name_en).get(language()) if task.lead else None),
                Cell(value=partial_date(task.current_due) if task.current_due else None),
                Cell(value=label("work_state", task.work_state), badge=state_badge("work_state", task.work_state)),
            )
        )
        for task in tasks.order_by("pk")
    ]
    columns = (
        TableColumn(key="task", label=_("Nhiệm vụ"), lead=True),
        TableColumn(key="lead", label=_("Cơ quan chủ trì")),
        TableColumn(key="due", label=_("Hạn thực hiện"), kind="date"),
        TableColumn(key="state", label=_("Tình trạng")),
    )
    actions = []
    if viewer.may("reviews.run") and viewer.may("commitments.edit") and points_to_give(review).count() > len(rows):
        url = reverse("web:review_tasks", args=[review.pk])
        actions.append(Action(label=_("Giao nhiệm vụ từ kết luận"), url=url, method="post", style="primary", icon="task"))
    return [
        Section(
            id="given",
            title=_("Nhiệm vụ từ kết luận"),
            table=Table(caption=_("Nhiệm vụ từ kết luận"), columns=columns, rows=rows) if rows else None,
            empty=Empty(
                title=_("Chưa giao nhiệm vụ"),
                text=_("Mỗi phương hướng, và mỗi kiến nghị có cơ quan chủ trì, thành một nhiệm vụ của kỳ sau."),
            ),
            actions=actions,
        )
    ]


def _report_action(review: Review) -> Action:
    query = "?exercise=yes" if review.exercise else ""
    return Action(label=_("Đọc báo cáo"), url=reverse("web:review", args=[review.period]) + query, icon="report")


def _comment_action(review: Review, viewer: Viewer) -> list[Action]:
    if review.state != "circulated" or not viewer.may("reviews.comment"):
        return []
    mine = any(reader.institution_id in viewer.institutions for reader in readers_of(review, viewer))
    if not (mine or viewer.may("reviews.run")):
        return []
    return [Action(label=_("Góp ý"), url=reverse("web:review_comment", args=[review.pk]), icon="add", style="primary")]
