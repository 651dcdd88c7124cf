"""Every write of mail: what a user wants, what is put into the outbox, and what leaves it, once each."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from banggiao.accounts.models import User
from banggiao.accounts.questions import viewer_of
from banggiao.core import personal
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound, NotPermitted
from banggiao.core.installation import installed_level, refuse_outward
from banggiao.core.ledger import append
from banggiao.followup.chasing.questions import Desk, Desks
from banggiao.followup.escalations.questions import waiting_for
from banggiao.followup.extensions.questions import waiting_moves
from banggiao.followup.mail.letters import MOST_LINES, Letter, digest, lines_of, notice
from banggiao.followup.mail.models import MODES, MailChoice, MailedItem, OutboxMail
from banggiao.followup.questions_inbox import unread_of
from banggiao.followup.talking import InboxItem

#: When somebody may be written to, by the clock of their own post.
OPENS, CLOSES = time(8), time(17, 30)
MOST_ATTEMPTS, A_RUN, LEASE = 5, 50, timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Reader:
    user: User
    viewer: Viewer
    desk: Desk
    choice: MailChoice


def choose_mail(*, act: Act, user: User, mode: str, address: str) -> MailChoice:
    """A user says whether and where they want mail. The address is kept as a personal value and never enters the ledger.

    Raises NotPermitted for anybody else, SecrecyRefused in an enclave, InvalidInput.
    """
    if act.viewer.id != user.pk and not act.viewer.is_system:
        raise NotPermitted(
            N_("Chỉ chủ tài khoản chọn cách nhận thư."), subject=user.username, remedy=N_("Hãy đăng nhập rồi chọn.")
        )
    address, problems = address.strip(), []
    if mode not in MODES:
        problems.append(FieldProblem("mode", N_("Hãy chọn trong danh sách.")))
    if mode != "none":
        refuse_outward(user.username)
        try:
            validate_email(address)
        except ValidationError:
            problems.append(FieldProblem("address", N_("Địa chỉ thư điện tử chưa đúng.")))
    if problems:
        raise InvalidInput(N_("Thông tin nhập chưa hợp lệ."), remedy=N_("Hãy sửa các trường được nêu."), problems=problems)
    with transaction.atomic():
        before = MailChoice.objects.filter(user=user).first()
        if address and personal.current(user.pk).get("email") != address:
            ground = personal.Ground(
                purpose=N_("Gửi thông báo công việc"),
                basis=N_("Người dùng tự chọn"),
                source=N_("Người dùng tự khai"),
                keep_until=None,
            )
            personal.keep(act=act, subject_id=user.pk, field="email", value=address, ground=ground)
        choice, _made = MailChoice.objects.update_or_create(user=user, defaults={"mode": mode, "since": act.at})
        chain = uuid5(NAMESPACE_URL, f"banggiao:mail:{user.pk}")
        append(act, "followup.mailchoice", chain, "choose mail", {"mode": [before.mode if before else None, mode]})
    return choice


def queue_mail(*, act: Act) -> int:
    """Put into the outbox what each user is to be told now; returns how many mails. Nothing where mail is off or refused.

    Nobody is written to on a day off or outside working hours of their own post. What came then, or above the most mails of a
    day, is told of in the digest of the next working day.
    """
    if not settings.EMAIL_HOST or installed_level() == "enclave":
        return 0
    desks, made = Desks(), 0
    choices = MailChoice.objects.exclude(mode="none").filter(user__is_active=True, user__retracted=False)
    for choice in choices.select_related("user").order_by("user_id"):
        user: User = choice.user
        viewer = viewer_of(user, today=desks.of(None).today(act.at))
        desk = _desk_of(desks, viewer)
        if desk.is_open(act.at, OPENS, CLOSES):
            with override(user.language):
                made += _queue_for(act, _Reader(user, viewer, desk, choice))
    return made


def send_queued(*, act: Act) -> int:
    """Send what waits in the outbox; returns how many mails left it.

    A mail is marked as being sent before it is. Where nobody can say whether it arrived (the worker died, the server hung up in
    the middle), it is not sent again by itself: what it tells of stands in the inbox, and an administrator may send it again.
    A server that cannot be reached or refuses for the moment is tried again later, at most five times; the rest of the run then
    waits for the next. What was late or is tried again keeps to the working hours of its reader too.
    """
    lost = OutboxMail.objects.filter(state="sending", leased_until__lt=act.at)
    lost.update(state="failed", error=N_("Không rõ thư đã đến hay chưa: việc gửi bị ngắt giữa chừng."))
    if not settings.EMAIL_HOST or installed_level() == "enclave":
        return 0
    due = OutboxMail.objects.filter(state="queued", try_after__lte=act.at).order_by("try_after", "pk")
    waiting, sent = list(due.values_list("pk", flat=True)[:A_RUN]), 0
    if not waiting:
        return 0
    connection, desks = get_connection(), Desks()
    for pk in waiting:
        due_still = OutboxMail.objects.filter(pk=pk, state="queued", try_after__lte=act.at)
        mail = OutboxMail.objects.select_related("user").get(pk=pk)
        desk = _desk_of(desks, viewer_of(mail.user, today=desks.of(None).today(act.at)))
        if not desk.is_open(act.at, OPENS, CLOSES):
            due_still.update(try_after=desk.opens_next(act.at, OPENS, CLOSES))
            continue
        lease = {"state": "sending", "leased_until": act.at + LEASE, "attempts": F("attempts") + 1}
        if not due_still.update(**lease):
            continue
        mail.refresh_from_db(fields=["attempts"])
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            _later(mail, error, act.at)
            break
        sent += _send(mail, connection, act.at)
    connection.close()
    return sent


def send_again(*, act: Act, mail_id: UUID) -> OutboxMail:
    """A mail that failed is queued again. Raises NotPermitted, NotFound when it is not among the failed."""
    act.viewer.require("jobs.manage", subject=str(mail_id))
    with transaction.atomic():
        if not OutboxMail.objects.filter(pk=mail_id, state="failed").update(
            state="queued", attempts=0, try_after=act.at, error=""
        ):
            raise NotFound(N_("Không có thư này trong danh sách thư không gửi được."), subject=str(mail_id))
        mail = OutboxMail.objects.get(pk=mail_id)
        append(act, "followup.outboxmail", mail.pk, "resend", {"state": ["failed", "queued"]})
    return mail


def _desk_of(desks: Desks, viewer: Viewer) -> Desk:
    """By which calendar and clock somebody works who may act for several bodies: always the same one."""
    return desks.of(min(viewer.institutions, key=str, default=None))


def _queue_for(act: Act, reader: _Reader) -> int:
    today = reader.desk.today(act.at)
    opened = datetime.combine(today, OPENS, reader.desk.zone)
    unread = unread_of(reader.viewer).order_by("made_at", "pk")
    day_key = f"digest:{reader.user.pk}:{today.isoformat()}"
    had_digest = OutboxMail.objects.filter(key=day_key).exists()
    if reader.choice.mode == "digest":
        return 0 if had_digest else _queue_digest(act, reader, day_key, list(unread), all_that_waits=True)
    told = MailedItem.objects.filter(user=reader.user).values("item")
    fresh = list(unread.filter(made_at__gte=reader.choice.since).exclude(pk__in=told))
    kept = [item for item in fresh if item.made_at < opened]
    made = 0 if had_digest or not kept else _queue_digest(act, reader, day_key, kept, all_that_waits=False)
    if had_digest:
        kept = []
    now = [item for item in fresh if item not in kept]
    sent = OutboxMail.objects.filter(user=reader.user, kind="notice", queued_at__gte=opened).count()
    lines = lines_of(now, reader.viewer, reader.user.language)
    for item, line in list(lines.items())[: max(settings.MAIL_MOST_A_DAY - sent, 0)]:
        made += _put(act, reader, "notice", f"notice:{item.pk}:{reader.user.pk}", notice(line), [item])
    return made


def _queue_digest(act: Act, reader: _Reader, key: str, items: Sequence[InboxItem], *, all_that_waits: bool) -> int:
    lines = lines_of(items, reader.viewer, reader.user.language)
    waiting = _decisions(reader.viewer) if all_that_waits else []
    if not lines and not waiting:
        return 0
    shown = list(lines.values())
    letter = digest(shown[:MOST_LINES], max(len(shown) - MOST_LINES, 0), waiting)
    return _put(act, reader, "digest", key, letter, list(lines))


def _decisions(viewer: Viewer) -> list[tuple[str, int, str]]:
    counted = (
        (_("Chờ bạn duyệt chuyển hạn"), len(waiting_moves(viewer)), f"{settings.ADDRESS}/approvals"),
        (_("Chờ bạn quyết định"), waiting_for(viewer).count(), f"{settings.ADDRESS}/approvals"),
    )
    return [each for each in counted if each[1]]


def _put(act: Act, reader: _Reader, kind: str, key: str, letter: Letter, items: Sequence[InboxItem]) -> int:
    """One mail with the items it tells of, all or nothing; 0 where another worker was quicker."""
    host = settings.ADDRESS.partition("://")[2].partition(":")[0]
    try:
        with transaction.atomic():
            mail = OutboxMail.objects.create(
                user=reader.user, kind=kind, key=key, subject=letter.subject, body=letter.body, exercise=letter.exercise,
                message_id=f"<{uuid5(NAMESPACE_URL, key)}@{host}>", queued_at=act.at, try_after=act.at,
            )  # fmt: skip
            rows = [MailedItem(mail=mail, item=item, user=reader.user) for item in items]
            # A digest names again what still waits; a notice is the only one of its item.
            MailedItem.objects.bulk_create(rows, ignore_conflicts=kind == "digest", batch_size=200)
    except IntegrityError:
        return 0
    return 1


def _send(mail: OutboxMail, connection: Any, at: datetime) -> int:
    address = personal.current(mail.user.pk).get("email", "")
    if not address or not mail.user.is_active:
        return _failed(mail, N_("Người nhận không còn nhận thư."))
    # No answer is wanted from programmes that answer mail by themselves (RFC 3834).
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    message = EmailMessage(mail.subject, mail.body, None, [address], headers=headers, connection=connection)
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        _failed(mail, str(error)) if _for_good(error) else _later(mail, error, at)
        # A server that says 421 has hung up (RFC 5321, 3.8): the next mail would be lost on the same connection.
        connection.close()
        return 0
    except (OSError, smtplib.SMTPException) as error:
        connection.close()
        return _failed(mail, f"{type(error).__name__}: {error}")
    OutboxMail.objects.filter(pk=mail.pk).update(state="sent", sent_at=at, leased_until=None, error="")
    return 1


def _for_good(error: Exception) -> bool:
    """Whether the server will never take it: its code begins with 5 (RFC 5321, 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def _later(mail: OutboxMail, error: Exception, at: datetime) -> int:
    if mail.attempts >= MOST_ATTEMPTS:
        return _failed(mail, f"{type(error).__name__}: {error}")
    wait = timedelta(minutes=5 * 3 ** (mail.attempts - 1))
    OutboxMail.objects.filter(pk=mail.pk).update(
        state="queued", try_after=at + wait, leased_until=None, error=f"{type(error).__name__}: {error}"[:400]
    )
    return 0


def _failed(mail: OutboxMail, error: str) -> int:
    OutboxMail.objects.filter(pk=mail.pk).update(state="failed", leased_until=None, error=error[:400])
    return 0
