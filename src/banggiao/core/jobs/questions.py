"""What waits, runs, is done or has died among the jobs, and what runs on a schedule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput
from banggiao.core.jobs.models import STATES, Job, Schedule
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Row, register_question

_COLUMNS = (
    Column("task", N_("Việc"), "lead"),
    Column("state", N_("Tình trạng"), "code", "job_state"),
    Column("attempts", N_("Số lần chạy"), "number"),
    Column("enqueued_at", N_("Vào hàng lúc"), "datetime"),
    Column("run_after", N_("Chạy từ lúc"), "datetime"),
    Column("finished_at", N_("Xong lúc"), "datetime"),
    Column("error", N_("Lỗi gần nhất")),
)


def schedules(viewer: Viewer) -> list[Schedule]:
    """What runs by itself, by name. Raises NotPermitted."""
    viewer.require("jobs.view")
    return list(Schedule.objects.order_by("name"))


def _jobs(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    rows = Job.objects.all()
    if params["state"]:
        if params["state"] not in STATES:
            raise InvalidInput(N_("Giá trị “%(value)s” không hợp lệ."), value=params["state"][:80], remedy=N_("Hãy chọn lại."))
        rows = rows.filter(state=params["state"])
    total = rows.count()
    rows = rows.order_by("-pk")  # ids rise with time
    if page.cursor:
        rows = rows.filter(pk__lt=_id(page.cursor))
    found = list(rows[: page.size + 1] if page.size else rows)
    more = bool(page.size) and len(found) > page.size
    found = found[: page.size] if more else found
    listed = tuple(
        Row(
            (j.task.rsplit(".", 1)[-1], j.state, j.attempts, j.enqueued_at, j.run_after, j.finished_at, _last_line(j.error)), j.pk
        )
        for j in found
    )
    used = {n: v for n, v in params.items() if v}
    cursor = str(found[-1].pk) if more else ""
    return Answer("jobs", JOBS.title, _COLUMNS, listed, total, at, "jobs_queued", next_cursor=cursor, parameters=used)


JOBS = register_question(
    Question(
        "jobs",
        Bi("Công việc nền", "Background jobs"),
        "jobs.view",
        (Parameter("state", N_("Tình trạng"), "code", "job_state"),),
        _COLUMNS,
        _jobs,
    )
)


def _last_line(error: str) -> str:
    lines = error.strip().splitlines()
    return lines[-1][:300] if lines else ""


def _id(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise InvalidInput(N_("Không hiểu vị trí trang."), remedy=N_("Hãy mở lại danh sách từ trang đầu.")) from None
