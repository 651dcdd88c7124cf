"""What does a mail say? What waits and where it stands; of a record that is not public its code only, and never its content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banggiao.core.acts import Viewer
from banggiao.core.record import Record
from banggiao.core.registers import Register, register_of
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.talking import InboxItem

#: Items that a digest names one by one; the rest it counts.
MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits: which kind of notice, what the record may be called outside, and where it is read."""

    kind: str
    name: str
    url: str
    exercise: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is sent."""

    subject: str
    body: str
    exercise: bool


def lines_of(items: Sequence[InboxItem], viewer: Viewer, language: str) -> dict[InboxItem, Line]:
    """The lines of those items whose record the reader may still see, in the order of the items."""
    kinds, known = vocabulary("inbox_kind"), _records(items, viewer)
    made: dict[InboxItem, Line] = {}
    for item in items:
        if item.subject_id in known:
            register, record = known[item.subject_id]
            url = f"{settings.ADDRESS}/inbox/{item.pk}"
            made[item] = Line(kinds.label(item.kind, language), outside_name(register, record, language), url, record.exercise)
    return made


def outside_name(register: Register, record: Record, language: str) -> str:
    """What a record may be called outside the installation: code and title of a public one, else the code or its kind only.

    Always one line: a title with line ends would write lines of its own into a mail.
    """
    code = str(getattr(record, register.code_path, "") or "") if register.code_path else ""
    if record.classification == "public":
        return " ".join(f"{code} {register.title_of(record).get(language)}".split())
    return code or register.one.get(language)


def notice(line: Line) -> Letter:
    """The mail about one thing, in the language in force."""
    body = _("%(kind)s: %(name)s") % {"kind": line.kind, "name": line.name}
    return _letter(body, [body, "", line.url], exercise=line.exercise)


def digest(lines: Sequence[Line], more: int, waiting: Sequence[tuple[str, int, str]]) -> Letter:
    """The one mail of a day: the lines, how many `more` there are, and what waits for a decision (name, count, address)."""
    count = len(lines) + more + sum(number for _name, number, _url in waiting)
    subject = ngettext("%(count)d việc đang chờ bạn", "%(count)d việc đang chờ bạn", count) % {"count": count}
    text: list[str] = []
    for name, number, url in waiting:
        text += [f"{name}: {number}", url, ""]
    for line in lines:
        mark = "[DIỄN TẬP] " if line.exercise else ""
        text += [mark + _("%(kind)s: %(name)s") % {"kind": line.kind, "name": line.name}, line.url, ""]
    if more:
        rest = ngettext("Và %(count)d mục khác trong hộp thư.", "Và %(count)d mục khác trong hộp thư.", more) % {"count": more}
        text += [rest, f"{settings.ADDRESS}/inbox", ""]
    return _letter(subject, text, exercise=any(line.exercise for line in lines))


def _letter(subject: str, text: Sequence[str], *, exercise: bool) -> Letter:
    mark = "[DIỄN TẬP] " if exercise else ""
    foot = _("Thư này do hệ thống gửi, xin đừng trả lời. Đổi cách nhận thư: %(url)s") % {
        "url": f"{settings.ADDRESS}/account/mail"
    }
    # A header takes no line ends, and mail programmes cut long ones.
    flat = " ".join(f"{mark}Bang Giao: {subject}".split())
    body = "\n".join([*(["DIỄN TẬP", ""] if exercise else []), *text, "", "-- ", foot, ""])
    return Letter(flat if len(flat) <= 200 else f"{flat[:199]}…", body, exercise)


def _records(items: Sequence[InboxItem], viewer: Viewer) -> dict[object, tuple[Register, Record]]:
    wanted: dict[str, set[object]] = {}
    for item in items:
        wanted.setdefault(item.subject_type, set()).add(item.subject_id)
    found: dict[object, tuple[Register, Record]] = {}
    for kind, ids in wanted.items():
        register = register_of(kind)
        if register is not None and viewer.may(register.permission):
            rows = register.model.objects.visible_to(viewer).in_bulk(list(ids))
            found |= {pk: (register, record) for pk, record in rows.items()}
    return found
