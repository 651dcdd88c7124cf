"""The inbox: what calls the reader by name, what was given to their institution, reminders, calls for data."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from banggiao.core.vocabulary import vocabulary
from banggiao.followup.questions_comments import names_of
from banggiao.followup.questions_inbox import Waiting, inbox, item_seen
from banggiao.followup.services_inbox import mark_all_read, mark_read
from banggiao.web.addresses import record_url
from banggiao.web.asking import asker, deed, language
from banggiao.web.formats import format_number
from banggiao.web.frame import render
from banggiao.web.parts import Action, Badge, Chip, Empty, Header, Tone
from banggiao.web.parts_talk import InboxPage, Letter
from banggiao.web.talk import spoken
from banggiao.web.words import label

_TONES: dict[str, Tone] = {
    "mention": "active",
    "assigned": "active",
    "reminder": "risk",
    "call": "risk",
    "overdue_above": "bad",
    "escalation": "risk",
    "decision": "good",
    "due_request": "risk",
    "due_decision": "active",
}


@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """The reader's inbox, all of it or what is unread, of one kind or of all."""
    viewer, kinds = asker(request), vocabulary("inbox_kind")
    kind, unread, after = request.GET.get("kind", ""), request.GET.get("unread") == "yes", request.GET.get("after", "")
    kind = kind if kind in kinds else ""
    items, total, following = inbox(viewer, kind=kind, unread=unread, after=after)
    names = names_of([item.text for item in items])
    kept = {"kind": kind, "unread": "yes" if unread else ""}
    views = [
        Chip(label=_("Tất cả"), url=_url({}), active=not kind and not unread),
        Chip(label=_("Chưa đọc"), url=_url({**kept, "unread": "" if unread else "yes"}), active=unread),
        *(Chip(label=text, url=_url({**kept, "kind": code}), active=code == kind) for code, text in kinds.choices(language())),
    ]
    read_all = Action(
        label=_("Đánh dấu tất cả đã đọc"),
        url=reverse("web:inbox_read_all"),
        method="post",
        icon="check",
        fields=(("until", str(items[0].id)),) if items else (),
    )
    shown = format_number(total, language())
    page = InboxPage(
        header=Header(
            title=_("Hộp thư"),
            subtitle=ngettext("%(shown)s mục", "%(shown)s mục", total) % {"shown": shown},
            actions=(read_all,) if items and not after else (),
        ),
        letters=[_letter(item, names) for item in items],
        total=total,
        views=views,
        next_url=_url({**kept, "after": following}) if following else "",
        first_url=_url(kept) if after else "",
        empty=Empty(
            title=_("Không có mục nào"),
            text=_("Khi có người nhắc tên bạn, hoặc đơn vị của bạn được giao việc, được nhắc hạn, mục mới sẽ nằm ở đây."),
        ),
    )
    return render(request, "inbox.html", page, exercise=any(item.exercise for item in items))


@require_safe
def open_item(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """To the record an item is about, which is read thereby."""
    item = item_seen(key, asker(request))
    mark_read(act=deed(request), item=item)
    url = record_url(item.subject_type, item.subject_id) or reverse("web:inbox")
    return redirect(f"{url}#comment-{item.about}" if item.kind == "mention" else url)


@require_POST
def read(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The item is read without opening its record."""
    mark_read(act=deed(request), item=item_seen(key, asker(request)))
    return redirect("web:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponseBase:
    """Everything up to the newest item shown is read."""
    try:
        count = mark_all_read(act=deed(request), until=UUID(request.POST.get("until", "")))
    except ValueError:
        count = 0
    shown = format_number(count, language())
    text = ngettext("Đã đánh dấu %(shown)s mục là đã đọc.", "Đã đánh dấu %(shown)s mục là đã đọc.", count)
    messages.success(request, text % {"shown": shown})
    return redirect("web:inbox")


def _letter(item: Waiting, names: dict[str, str]) -> Letter:
    kind = Badge(label=label("inbox_kind", item.kind), tone=_TONES.get(item.kind, "neutral"))
    return Letter(
        kind=kind,
        title=item.title.get(language()) if item.title else _("Bản ghi này bạn không còn được xem."),
        url=reverse("web:inbox_item", args=[item.id]) if item.title else "",
        at=item.made_at,
        sender=item.sender if item.kind == "mention" and item.title else "",
        text=spoken(item.text, names),
        unread=not item.read,
        exercise=item.exercise,
        action=None
        if item.read
        else Action(label=_("Đã đọc"), url=reverse("web:inbox_read", args=[item.id]), method="post", icon="check"),
    )


def _url(params: dict[str, str]) -> str:
    query = urlencode({n: v for n, v in params.items() if v})
    return reverse("web:inbox") + (f"?{query}" if query else "")
