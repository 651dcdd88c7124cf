"""What does a user want by mail, and which mails wait, went out or failed?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from banggiao.accounts.models import User
from banggiao.core import personal
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Row, register_question
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.mail.models import MailChoice, OutboxMail

_COLUMNS = (
    Column("subject", N_("Tiêu đề thư"), "lead"),
    Column("reader", N_("Người nhận")),
    Column("state", N_("Tình trạng"), "code", "mail_state"),
    Column("attempts", N_("Số lần gửi"), "number"),
    Column("queued_at", N_("Vào hàng lúc"), "datetime"),
    Column("sent_at", N_("Gửi lúc"), "datetime"),
    Column("error", N_("Lỗi gần nhất")),
)


def mail_choice(user: User) -> tuple[str, str]:
    """(mode, address) that the user chose; ("none", "") before they chose anything."""
    choice = MailChoice.objects.filter(user=user).first()
    return choice.mode if choice else "none", personal.current(user.pk).get("email", "")


def failed_mails(viewer: Viewer, limit: int) -> list[OutboxMail]:
    """The latest mails that failed and wait for somebody to send them again. Raises NotPermitted."""
    viewer.require("jobs.view")
    return list(OutboxMail.objects.filter(state="failed").select_related("user").order_by("-pk")[:limit])


def _mails(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    rows = OutboxMail.objects.select_related("user")
    if params["state"]:
        if params["state"] not in vocabulary("mail_state"):
            raise InvalidInput(N_("Giá trị “%(value)s” không hợp lệ."), value=params["state"][:80], remedy=N_("Hãy chọn lại."))
        rows = rows.filter(state=params["state"])
    total, rows = rows.count(), rows.order_by("-pk")
    if page.cursor:
        try:
            rows = rows.filter(pk__lt=UUID(page.cursor))
        except ValueError:
            raise InvalidInput(N_("Không hiểu vị trí trang."), remedy=N_("Hãy mở lại danh sách từ trang đầu.")) from None
    found = list(rows[: page.size + 1] if page.size else rows)
    more = bool(page.size) and len(found) > page.size
    found = found[: page.size] if more else found
    listed = tuple(
        Row((m.subject, m.user.name, m.state, m.attempts, m.queued_at, m.sent_at, m.error), m.pk, exercise=m.exercise)
        for m in found
    )
    used = {n: v for n, v in params.items() if v}
    cursor = str(found[-1].pk) if more else ""
    return Answer("mails", MAILS.title, _COLUMNS, listed, total, at, "mails_queued", next_cursor=cursor, parameters=used)


MAILS = register_question(
    Question(
        "mails",
        Bi("Thư điện tử gửi đi", "Outgoing mail"),
        "jobs.view",
        (Parameter("state", N_("Tình trạng"), "code", "mail_state"),),
        _COLUMNS,
        _mails,
    )
)
