"""Does each thing reach its reader by mail once, at a fit hour, and say no more than it may? Against a real SMTP server."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import Message
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage

from banggiao.accounts.models import User
from banggiao.accounts.services import revise_user
from banggiao.core import installation, personal
from banggiao.core.acts import Act
from banggiao.core.calendar import CalendarException
from banggiao.core.errors import InvalidInput, NotFound, NotPermitted, SecrecyRefused
from banggiao.core.ledger import LedgerEntry
from banggiao.core.questions import ask
from banggiao.followup.mail.models import MailChoice, MailedItem, OutboxMail
from banggiao.followup.mail.questions import failed_mails, mail_choice
from banggiao.followup.mail.services import choose_mail, queue_mail, send_again, send_queued
from banggiao.followup.services import move_due_date
from banggiao.followup.services_inbox import mark_read, notify
from banggiao.followup.talking import InboxItem
from banggiao.partners.models import Institution
from tests.factories.rows import SYSTEM, act, commitment, institution, partner, user, viewer
from tests.factories.threads import together

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2025, 9, 15, 9, 0, tzinfo=HANOI)
pytestmark = pytest.mark.django_db


class Server:
    """What a mail server does with what it is handed: keeps it, or answers `reply` to the next ones."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.replies: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  the server calls it so
        if self.replies:
            return self.replies.pop(0)
        message = email.message_from_bytes(envelope.content, policy=default)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.mails.append(message)
        return "250 OK"


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    kept = Server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.ADDRESS = "https://bang.giao.example"
    settings.DEFAULT_FROM_EMAIL = "banggiao@bang.giao.example"
    yield kept
    controller.stop()


def text_of(mail: Message) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")  # type: ignore[attr-defined]


def by_itself(at: datetime) -> Act:
    return act(SYSTEM, at=at)


def reader(body: Institution, mode: str, *, name: str = "can.bo", since: datetime = MONDAY - timedelta(days=30)) -> User:
    made = user(name, role="ministry", body=body)
    choose_mail(act=act(viewer("ministry", body, id=made.pk), at=since), user=made, mode=mode, address=f"{name}@bo.example")
    return made


def tell(body: Institution, *, at: datetime = MONDAY, kind: str = "reminder", **more: Any) -> Any:
    duty = commitment(lead_id=body.pk, **more)
    notify(act=by_itself(at), kind=kind, record=duty, institutions=[body.pk])
    return duty


def run(at: datetime) -> tuple[int, int]:
    return queue_mail(act=by_itself(at)), send_queued(act=by_itself(at))


def test_a_notice_goes_out_once_with_code_and_link_only(server: Server) -> None:
    body = institution()
    made = reader(body, "at_once")
    duty = tell(body, text_vi="Nội dung nội bộ không được lộ")
    later = MONDAY + timedelta(minutes=15)
    assert [run(later), run(later), run(later + timedelta(hours=1))] == [(1, 1), (0, 0), (0, 0)]
    (mail,) = server.mails
    item = InboxItem.objects.get()
    assert mail["X-Envelope-To"] == "can.bo@bo.example" == mail["To"]
    assert mail["Subject"] == f"Bang Giao: Nhắc hạn: {duty.code}"
    assert mail["Auto-Submitted"] == "auto-generated" and mail["From"] == "banggiao@bang.giao.example"
    text = text_of(mail)
    assert f"https://bang.giao.example/inbox/{item.pk}" in text
    assert "nội bộ" not in str(mail) and "Nội dung" not in text
    kept = OutboxMail.objects.get()
    assert (kept.state, kept.message_id, kept.attempts) == ("sent", mail["Message-ID"], 1)
    assert "can.bo@bo.example" not in str([e.changes for e in LedgerEntry.objects.all()]), "the ledger keeps no address"
    assert MailedItem.objects.get().user == made


def test_of_a_public_record_the_title_is_said_in_the_language_of_the_reader(server: Server) -> None:
    body = institution()
    made = reader(body, "at_once")
    revise_user(act=act(), user=made, values={"language": "en"}, version=made.version)
    duty = tell(body, text_vi="Mở cửa", text_en="Open the market", classification="public")
    assert run(MONDAY + timedelta(minutes=15)) == (1, 1)
    assert server.mails[0]["Subject"] == f"Bang Giao: Reminder: {duty.code} Open the market"


def test_an_exercise_says_so_in_the_subject(server: Server) -> None:
    body = institution("DT-BO", exercise=True)
    reader(body, "at_once")
    tell(body, exercise=True)
    assert run(MONDAY + timedelta(minutes=15)) == (1, 1)
    assert str(server.mails[0]["Subject"]).strip().startswith("[DIỄN TẬP] Bang Giao: ")
    assert text_of(server.mails[0]).startswith("DIỄN TẬP")


@pytest.mark.parametrize(
    ("at", "sends"),
    [
        (MONDAY.replace(hour=7, minute=59), False), (MONDAY.replace(hour=8), True), (MONDAY.replace(hour=17, minute=29), True),
        (MONDAY.replace(hour=17, minute=30), False), (MONDAY - timedelta(days=1), False), (MONDAY - timedelta(days=13), False),
        (MONDAY + timedelta(days=1), False),
    ],
    ids=["early", "opens", "late", "closed", "Sunday", "National Day", "swapped day off"],
)  # fmt: skip
def test_quiet_on_days_off_and_outside_working_hours(server: Server, at: datetime, sends: bool) -> None:
    CalendarException.objects.create(day=MONDAY.date() + timedelta(days=1), works=False, decision="QĐ hoán đổi")
    body = institution()
    reader(body, "digest")
    tell(body, at=MONDAY - timedelta(days=20))
    assert run(at) == ((1, 1) if sends else (0, 0))


def test_a_post_abroad_is_written_to_in_its_own_hours(server: Server) -> None:
    post = institution("DSQ-US", kind="embassy", host_id=partner("USA", "Hoa Kỳ").pk)
    reader(post, "at_once")
    tell(post)
    assert run(MONDAY) == (0, 0), "evening in Washington"
    evening = MONDAY.replace(hour=21)  # ten in the morning there
    assert run(evening) == (1, 1)
    assert "Bang Giao: " in server.mails[0]["Subject"]


def test_what_came_out_of_hours_or_above_the_limit_comes_as_one_digest(server: Server, settings: Any) -> None:
    settings.MAIL_MOST_A_DAY = 3
    body = institution()
    reader(body, "at_once")
    for minute in range(5):
        tell(body, at=MONDAY + timedelta(minutes=minute))
    assert run(MONDAY + timedelta(minutes=10)) == (3, 3)
    assert run(MONDAY + timedelta(minutes=25)) == (0, 0)
    tell(body, at=MONDAY.replace(hour=22))
    tuesday = MONDAY + timedelta(days=1)
    assert [run(tuesday), run(tuesday + timedelta(minutes=15))] == [(1, 1), (0, 0)]
    text = text_of(server.mails[-1])
    assert server.mails[-1]["Subject"] == "Bang Giao: 3 việc đang chờ bạn"
    assert text.count("/inbox/") == 3
    tell(body, at=tuesday + timedelta(minutes=20))
    assert run(tuesday + timedelta(minutes=30)) == (1, 1)
    assert OutboxMail.objects.filter(kind="notice").count() == 4


def test_a_digest_comes_once_a_day_as_long_as_something_waits(server: Server) -> None:
    body, above = institution("VU-A"), institution("BO-A")
    made = user("lanh.dao", role="leader", body=above)
    choose_mail(act=act(viewer("leader", above, id=made.pk), at=MONDAY), user=made, mode="digest", address="l@bo.example")
    assert run(MONDAY) == (0, 0), "nothing waits"
    duty = commitment(lead_id=body.pk)
    move_due_date(act=act(reason="vì"), record=duty, to="2026-01-01", version=1)
    notify(act=by_itself(MONDAY), kind="mention", record=duty, users=[made.pk])
    assert [run(MONDAY + timedelta(hours=n)) for n in (1, 2, 25, 26)] == [(1, 1), (0, 0), (1, 1), (0, 0)]
    text = text_of(server.mails[0])
    assert "Chờ bạn duyệt chuyển hạn: 1\nhttps://bang.giao.example/approvals" in text
    assert text.count("/inbox/") == 1
    for item in InboxItem.objects.all():
        mark_read(act=act(viewer("leader", above, id=made.pk)), item=item)
    duty.refresh_from_db()
    assert run(MONDAY + timedelta(days=2)) == (1, 1), "the request still waits"
    assert "/inbox/" not in text_of(server.mails[-1]).replace("/inbox\n", "")


def test_no_mail_of_what_the_reader_may_no_longer_see_or_has_read_or_did_not_want(server: Server) -> None:
    body, other = institution("BO-A"), institution("BO-B")
    made = reader(body, "at_once")
    user("khong.chon", role="ministry", body=body)
    none = reader(body, "none", name="khong.nhan")
    hidden = commitment(lead_id=other.pk)
    notify(act=by_itself(MONDAY), kind="mention", record=hidden, users=[made.pk, none.pk])
    tell(body)
    mark_read(act=act(viewer("ministry", body, id=made.pk)), item=InboxItem.objects.get(institution=body))
    tell(body, at=MONDAY - timedelta(days=60))
    assert run(MONDAY + timedelta(minutes=15)) == (0, 0)
    assert not server.mails


def test_a_server_that_is_away_or_busy_is_tried_again_and_a_refusal_is_kept(server: Server, settings: Any) -> None:
    body = institution()
    reader(body, "at_once")
    tell(body)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    at = MONDAY + timedelta(minutes=15)
    assert run(at) == (1, 0)
    kept = OutboxMail.objects.get()
    assert (kept.state, kept.attempts) == ("queued", 1) and "refused" in kept.error
    settings.EMAIL_PORT, server.replies = port, ["451 later"]
    assert send_queued(act=by_itself(at + timedelta(minutes=1))) == 0, "not before its time"
    assert send_queued(act=by_itself(at + timedelta(minutes=6))) == 0
    assert (OutboxMail.objects.get().state, OutboxMail.objects.get().attempts) == ("queued", 2)
    assert send_queued(act=by_itself(at + timedelta(minutes=30))) == 1
    assert len(server.mails) == 1 and server.mails[0]["Message-ID"] == kept.message_id
    tell(body, at=at)
    server.replies = ["550 no"]
    assert run(at + timedelta(minutes=45)) == (1, 0)
    (failed,) = failed_mails(SYSTEM, 9)
    assert "550" in failed.error and send_queued(act=by_itself(at + timedelta(days=1))) == 0
    with pytest.raises(NotPermitted):
        send_again(act=act(viewer("desk", body)), mail_id=failed.pk)
    send_again(act=act(viewer("administrator", body), at=at), mail_id=failed.pk)
    assert send_queued(act=by_itself(at + timedelta(days=1))) == 1
    with pytest.raises(NotFound):
        send_again(act=act(viewer("administrator", body)), mail_id=failed.pk)
    rows = list(ask("mails", {"state": "sent"}, SYSTEM, at=at).rows)
    assert len(rows) == 2


def test_a_server_that_hangs_up_after_an_answer_loses_no_other_mail(server: Server) -> None:
    body = institution()
    reader(body, "at_once")
    for minute in range(2):
        tell(body, at=MONDAY + timedelta(minutes=minute))
    server.replies = ["421 busy, good-bye"]
    assert run(MONDAY + timedelta(minutes=15)) == (2, 1)
    assert [m.state for m in OutboxMail.objects.order_by("state")] == ["queued", "sent"]
    assert send_queued(act=by_itself(MONDAY + timedelta(minutes=25))) == 1


def test_a_server_that_is_away_is_asked_once_in_a_run(server: Server, settings: Any) -> None:
    body = institution()
    reader(body, "at_once")
    for minute in range(3):
        tell(body, at=MONDAY + timedelta(minutes=minute))
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert run(MONDAY + timedelta(minutes=15)) == (3, 0)
    assert sorted(m.attempts for m in OutboxMail.objects.all()) == [0, 0, 1]
    settings.EMAIL_PORT = port
    assert send_queued(act=by_itself(MONDAY + timedelta(minutes=30))) == 3


def test_what_is_tried_again_keeps_to_working_hours_too(server: Server) -> None:
    body = institution()
    reader(body, "at_once")
    friday = MONDAY.replace(hour=17, minute=25) + timedelta(days=4)
    tell(body, at=friday)
    server.replies = ["451 later"]
    assert run(friday) == (1, 0)
    evening, night = friday + timedelta(minutes=10), friday + timedelta(days=1, hours=7)
    assert [send_queued(act=by_itself(at)) for at in (evening, night, friday + timedelta(days=2))] == [0, 0, 0]
    kept = OutboxMail.objects.get()
    assert (kept.state, kept.attempts) == ("queued", 1)
    assert kept.try_after == (MONDAY + timedelta(days=7)).replace(hour=8)
    assert send_queued(act=by_itself(kept.try_after)) == 1


def test_five_failures_end_it(server: Server, settings: Any) -> None:
    body = institution()
    reader(body, "at_once")
    tell(body)
    settings.EMAIL_PORT = 1
    queue_mail(act=by_itself(MONDAY + timedelta(minutes=15)))
    for day in range(1, 8):
        send_queued(act=by_itself(MONDAY + timedelta(days=day)))
    kept = OutboxMail.objects.get()
    assert (kept.state, kept.attempts) == ("failed", 5)


def test_a_worker_killed_between_never_sends_twice(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the server took the mail and before that was written down: what was sent is not sent again."""
    body = institution()
    reader(body, "at_once")
    tell(body)
    at = MONDAY + timedelta(minutes=15)
    queue_mail(act=by_itself(at))

    class Killed(BaseException):
        pass

    send = EmailMessage.send

    def sends_and_dies(message: EmailMessage, fail_silently: bool = False) -> int:
        send(message, fail_silently)
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", sends_and_dies)
        with pytest.raises(Killed):
            send_queued(act=by_itself(at))
    assert len(server.mails) == 1 and OutboxMail.objects.get().state == "sending"
    assert [send_queued(act=by_itself(at + timedelta(minutes=n))) for n in (1, 10, 20, 60 * 24)] == [0, 0, 0, 0]
    assert len(server.mails) == 1 and OutboxMail.objects.get().state == "failed"
    assert queue_mail(act=by_itself(at + timedelta(minutes=15))) == 0


def test_an_enclave_and_an_installation_without_a_server_send_nothing(
    server: Server, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = institution()
    made = reader(body, "at_once")
    tell(body)
    at = MONDAY + timedelta(minutes=15)
    with monkeypatch.context() as other:
        for module in ("banggiao.core.installation", "banggiao.followup.mail.services"):
            other.setattr(f"{module}.installed_level", lambda: "enclave")
        assert run(at) == (0, 0)
        with pytest.raises(SecrecyRefused):
            choose_mail(act=act(viewer("ministry", body, id=made.pk)), user=made, mode="digest", address="a@b.example")
    host, settings.EMAIL_HOST = settings.EMAIL_HOST, ""
    assert run(at) == (0, 0)
    settings.EMAIL_HOST = host
    assert run(at) == (1, 1)
    assert installation.installed_level() != "enclave"


def test_each_chooses_for_themselves_and_the_address_is_a_personal_value() -> None:
    body = institution()
    made, other = user("can.bo", role="ministry", body=body), user("khac", role="ministry", body=body)
    own = act(viewer("ministry", body, id=made.pk))
    for mode, address, field in (
        ("weekly", "a@b.example", "mode"),
        ("digest", "khong-phai", "address"),
        ("at_once", "", "address"),
    ):
        with pytest.raises(InvalidInput) as raised:
            choose_mail(act=own, user=made, mode=mode, address=address)
        assert [p.field for p in raised.value.problems] == [field]
    with pytest.raises(NotPermitted):
        choose_mail(act=own, user=other, mode="none", address="")
    assert mail_choice(made) == ("none", "")
    choose_mail(act=own, user=made, mode="digest", address=" a@b.example ")
    assert mail_choice(made) == ("digest", "a@b.example")
    assert personal.report(made.pk)[0]["purpose"]
    choose_mail(act=own, user=made, mode="none", address="")
    assert MailChoice.objects.get().mode == "none"
    personal.erase(act=act(), subject_id=made.pk)
    assert mail_choice(made) == ("none", "")


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_workers_queue_and_send_once(server: Server) -> None:
    body = institution()
    reader(body, "at_once")
    for minute in range(4):
        tell(body, at=MONDAY + timedelta(minutes=minute))
    at = MONDAY + timedelta(minutes=15)
    assert sum(together(2, lambda _n: queue_mail(act=by_itself(at)))) == 4
    assert sum(together(2, lambda _n: send_queued(act=by_itself(at)))) == 4
    assert len({mail["Message-ID"] for mail in server.mails}) == len(server.mails) == 4
