"""The work done in the background: what runs on a schedule, what waits, what has failed and can be sent again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.jobs.questions import schedules
from banggiao.core.jobs.services import resend, switch_schedule
from banggiao.core.questions import Answer, Page, ask
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, deed, moment, typed
from banggiao.web.frame import render
from banggiao.web.pages import HomePage
from banggiao.web.parts import Action, Badge, Cell, Empty, Header, Link, Section, Table, TableColumn, TableRow, Tone
from banggiao.web.tables import basis_of
from banggiao.web.words import label, say

ROWS = 25
#: Task -> what it does, in words.
TASKS = {
    "remind_leads": N_("Nhắc cơ quan chủ trì về hạn"),
    "tell_levels_above": N_("Báo cấp trên việc quá hạn qua nấc cuối"),
    "queue_notices": N_("Xếp thư thông báo vào hàng gửi"),
    "send_mail": N_("Gửi thư trong hàng"),
    "expire_personal_values": N_("Xóa thông tin cá nhân hết hạn lưu"),
    "make_up_trade": N_("Tạo dữ liệu thương mại TỔNG HỢP"),
}
_TONES: dict[str, Tone] = {"READY": "neutral", "RUNNING": "active", "DONE": "good", "DEAD": "bad"}


@require_safe
def jobs(request: HttpRequest) -> HttpResponseBase:
    """Schedules, failed jobs first, then the latest."""
    viewer, at = asker(request), moment(request)
    viewer.require("jobs.view")
    dead = ask("jobs", {"state": "DEAD"}, viewer, at=at, page=Page(ROWS)).listed()
    latest = ask("jobs", {}, viewer, at=at, page=Page(ROWS)).listed()
    page = HomePage(
        header=Header(title=_("Công việc nền"), subtitle=_("Việc hệ thống tự làm: nhắc hạn, đọc tài liệu, dọn dẹp.")),
        sections=[
            _dead(dead, viewer),
            _schedules(viewer),
            Section(
                id="latest",
                title=_("Việc gần đây"),
                link=Link(label=_("Xem tất cả"), url=list_url("jobs")),
                table=_table(latest, viewer),
                empty=Empty(title=_("Hàng đợi trống"), text=_("Việc đã xong và đang chờ sẽ hiện ở đây.")),
            ),
        ],
    )
    return render(request, "home_desk.html", page)


@require_POST
def send_again(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A failed job is queued again."""
    resend(act=deed(request), job_id=key)
    messages.success(request, _("Đã xếp lại việc vào hàng đợi."))
    return redirect("web:jobs")


@require_POST
def switch(request: HttpRequest, name: str) -> HttpResponseBase:
    """A schedule is switched on or off."""
    active = typed(request, "active") == "yes"
    switch_schedule(act=deed(request), name=name, active=active)
    messages.success(request, _("Đã bật lịch chạy.") if active else _("Đã tắt lịch chạy."))
    return redirect("web:jobs")


def _dead(answer: Answer, viewer: Viewer) -> Section:
    empty = Empty(
        title=_("Không có việc hỏng"), text=_("Việc chạy lỗi 5 lần sẽ nằm ở đây cho đến khi có người xem và cho chạy lại.")
    )
    return Section(
        id="dead",
        title=_("Việc hỏng, chờ xử lý"),
        meta=str(answer.total) if answer.total else "",
        table=_table(answer, viewer) if answer.total else None,
        empty=empty,
    )


def _schedules(viewer: Viewer) -> Section:
    rows = []
    for each in schedules(viewer):
        text = _("đang bật") if each.active else _("đã tắt")
        switch_to = Action(
            label=_("Tắt") if each.active else _("Bật"), url=reverse("web:switch_schedule", args=[each.name]), method="post",
            confirm=_("Tắt lịch chạy này? Việc này sẽ không còn được làm tự động.") if each.active else "",
            fields=(("active", "no" if each.active else "yes"),),
        )  # fmt: skip
        rows.append(
            TableRow(
                cells=[
                    Cell(value=task_name(each.task), note=each.name),
                    Cell(value=_every(each.every_minutes)),
                    Cell(value=each.next_at if each.active else None),
                    Cell(value=text, badge=Badge(label=text, tone="good" if each.active else "risk")),
                    *([Cell(actions=[switch_to])] if viewer.may("jobs.manage") else ()),
                ]
            )
        )
    columns = [
        TableColumn(key="task", label=_("Việc"), lead=True),
        TableColumn(key="every", label=_("Chu kỳ")),
        TableColumn(key="next", label=_("Lần tới"), kind="datetime"),
        TableColumn(key="state", label=_("Tình trạng")),
        *([TableColumn(key="switch", label=_("Thao tác"))] if viewer.may("jobs.manage") else ()),
    ]
    table = Table(caption=_("Lịch chạy"), columns=columns, rows=rows)
    return Section(id="schedules", title=_("Lịch chạy"), table=table)


def _table(answer: Answer, viewer: Viewer) -> Table:
    manage = viewer.may("jobs.manage")
    rows = []
    for row in answer.rows:
        task, state, attempts, enqueued, _run_after, finished, error = row.cells
        again = Action(label=_("Chạy lại"), url=reverse("web:resend_job", args=[row.id]), method="post")
        rows.append(
            TableRow(
                cells=[
                    Cell(value=task_name(task), note=error, note_tone="bad" if state == "DEAD" else "neutral"),
                    Cell(value=label("job_state", state), badge=Badge(label=label("job_state", state), tone=_TONES[state])),
                    Cell(value=attempts),
                    Cell(value=enqueued),
                    Cell(value=finished),
                    *([Cell(actions=[again] if state == "DEAD" else ())] if manage else ()),
                ]
            )
        )
    columns = [
        TableColumn(key="task", label=_("Việc"), lead=True),
        TableColumn(key="state", label=_("Tình trạng")),
        TableColumn(key="attempts", label=_("Số lần chạy"), kind="number"),
        TableColumn(key="enqueued", label=_("Vào hàng lúc"), kind="datetime"),
        TableColumn(key="finished", label=_("Xong lúc"), kind="datetime"),
        *([TableColumn(key="again", label=_("Thao tác"))] if manage else ()),
    ]
    return Table(caption=_("Công việc nền"), columns=columns, rows=rows, basis=basis_of(answer) if answer.total else None)


def task_name(task: str) -> str:
    """What a task does, in words; its own name where nobody wrote them."""
    name = task.rsplit(".", 1)[-1]
    return say(TASKS[name]) if name in TASKS else name


def _every(minutes: int) -> str:
    if minutes % (24 * 60) == 0:
        return ngettext("mỗi %(n)d ngày", "mỗi %(n)d ngày", minutes // 1440) % {"n": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("mỗi %(n)d giờ", "mỗi %(n)d giờ", minutes // 60) % {"n": minutes // 60}
    return ngettext("mỗi %(n)d phút", "mỗi %(n)d phút", minutes) % {"n": minutes}
