"""What stands around every page: navigation, the reader's account, messages; and how a page is rendered into it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_template
from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.accounts.models import User
from banggiao.accounts.questions import Acting, acts_for
from banggiao.core.acts import Viewer
from banggiao.core.questions import Bi, question_named
from banggiao.followup.escalations.questions import waiting_for
from banggiao.followup.evidence.questions import to_check
from banggiao.followup.extensions.questions import waiting_moves
from banggiao.followup.questions_inbox import unread_count
from banggiao.sources.questions import facts_to_check
from banggiao.web.asking import asker, language, today
from banggiao.web.markets.tabs import TABS
from banggiao.web.pages import NavGroup, NavItem, Notice, Person, Shell
from banggiao.web.parts import Action, Link
from banggiao.web.words import label, say

#: Question -> symbol of `img/icons.svg`, in the order of the side bar.
ICONS = {
    "activities": "activity",
    "economic_items": "coins",
    "agreements": "agreement",
    "must_ratify": "clock",
    "evidence": "proof",
    "commitments": "commitment",
    "tasks": "task",
    "barriers": "barrier",
    "bodies": "committee",
    "meetings": "meeting",
    "conclusion_notices": "notice",
    "statements": "speech",
    "directives": "directive",
    "documents": "document",
    "findings": "quote",
    "figures": "figure",
    "six_fields": "six",
    "programmes": "programme",
    "data_calls": "call",
    "dispatches": "dispatch",
    "escalations": "up",
    "signals": "alarm",
    "watches": "radar",
    "partners": "partner",
    "institutions": "institution",
    "people": "people",
    "anniversaries": "bookmark",
}


def render(
    request: HttpRequest, template: str, page: Any, *, status: int = 200, exercise: bool = False, frame: bool = True
) -> HttpResponse:
    """The page in its frame; without `frame` as a reader sees it before sign-in. `exercise` draws the DIỄN TẬP banner."""
    made = shell(request, exercise=exercise) if frame else bare_shell(request)
    response = render_template(request, template, {"page": page, "shell": made}, status=status)
    response["Cache-Control"] = "private, no-store"  # a page of a signed-out session must not come back
    return response


def shell(request: HttpRequest, *, exercise: bool = False) -> Shell:
    """The frame of a signed-in reader's page."""
    viewer, user = asker(request), cast(User, request.user)
    acting = [_acting(each) for each in acts_for(user, today=today(request))]
    return Shell(
        language=language(),
        here=request.get_full_path() if request.method == "GET" else _referer_path(request),
        language_url=reverse("web:language"),
        search_url=reverse("web:search"),
        sign_out_url=reverse("web:sign_out"),
        home_url=reverse("web:home"),
        nav=_navigation(request, viewer),
        user_links=_user_links(viewer),
        user=Person(name=user.name, initials=_initials(user.name), post="; ".join(acting) or _("Chưa được giao vai trò")),
        notices=_notices(request),
        exercise=exercise,
    )


def _acting(each: Acting) -> str:
    """A role and its institution, and in whose stead when it was delegated."""
    text = f"{label('role', each.role)}, {Bi(each.name_vi, each.name_en).get(language())}"
    return _("%(role)s (thay mặt %(name)s)") % {"role": text, "name": each.behalf_of} if each.behalf_of else text


def bare_shell(request: HttpRequest) -> Shell:
    """The frame of a page before sign-in."""
    return Shell(
        language=language(),
        here=request.get_full_path() if request.method == "GET" else reverse("web:home"),
        language_url=reverse("web:language"),
        home_url=reverse("web:home"),
        notices=_notices(request),
    )


def _navigation(request: HttpRequest, viewer: Viewer) -> list[NavGroup]:
    work = [_item(request, _("Tổng quan"), reverse("web:home"), "home")]
    unread = unread_count(viewer)
    work.append(_item(request, _("Hộp thư"), reverse("web:inbox"), "mail", badge=unread or None))
    if viewer.may("followup.approve_due_date") or viewer.may("escalations.decide"):
        count = len(waiting_moves(viewer)) + waiting_for(viewer).count()
        work.append(_item(request, _("Chờ tôi quyết định"), reverse("web:approvals"), "approve", badge=count or None))
    if viewer.may("facts.check"):
        url = reverse("web:list", args=["facts_to_check"])
        work.append(_item(request, _("Thông tin chờ duyệt"), url, "inbox", badge=facts_to_check(viewer) or None))
    if viewer.may("followup.validate"):
        url = reverse("web:list", args=["evidence"])
        work.append(
            _item(request, _("Minh chứng chờ thẩm tra"), f"{url}?state=submitted", ICONS["evidence"], to_check(viewer) or None)
        )
    if viewer.may("reports.view"):
        work.append(_item(request, _("Chỉ số thực hiện"), reverse("web:kpi"), "gauge"))
        work.append(_item(request, _("Báo cáo sơ kết"), reverse("web:reviews"), "report"))
        work.append(_item(request, _("Báo cáo cam kết"), reverse("web:commitments_report"), "day-back"))
    groups: list[tuple[str, list[NavItem]]] = []
    for title, names in (
        (_("Hồ sơ"), ("activities", "economic_items", "agreements", "must_ratify", "commitments", "tasks", "barriers")),
        (_("Họp, hội nghị"), ("bodies", "meetings", "statements", "conclusion_notices")),
        (_("Báo cáo, công văn"), ("six_fields", "programmes", "data_calls", "dispatches", "escalations")),
        (_("Cảnh báo"), ("signals", "watches")),
        (_("Nguồn"), ("documents", "findings", "figures", "directives")),
        (_("Danh bạ"), ("partners", "institutions", "people", "anniversaries")),
    ):
        asked = [question_named(name) for name in names]
        items = [
            _item(request, q.title.get(language()), reverse("web:list", args=[q.name]), ICONS[q.name])
            for q in asked
            if viewer.may(q.permission)
        ]
        if items:
            groups.append((title, items))
    if viewer.may("markets.view"):
        pages = [_item(request, say(tab.label), reverse(f"web:{tab.route}"), tab.icon) for tab in TABS]
        # The others stand below the first in the address, and are no part of it.
        pages[0] = replace(pages[0], active=request.path == pages[0].url)
        groups.insert(1, (_("Thị trường"), pages))
    if keeping := _administration(request, viewer):
        groups.append((_("Quản trị"), keeping))
    return [NavGroup(label=_("Điều hành"), items=work, folds=False), *_folded(groups)]


def _folded(groups: list[tuple[str, list[NavItem]]]) -> list[NavGroup]:
    """The groups with one open: that of the page read, else the first."""
    here = next((n for n, (_title, items) in enumerate(groups) if any(item.active for item in items)), 0)
    return [NavGroup(label=title, items=items, open=n == here) for n, (title, items) in enumerate(groups)]


def _administration(request: HttpRequest, viewer: Viewer) -> list[NavItem]:
    """What keeps the installation itself, each for those who may."""
    entries = (
        ("accounts.view", _("Người dùng"), reverse("web:list", args=["users"]), "user"),
        ("accounts.view", _("Vai trò đang giao"), reverse("web:list", args=["roles_held"]), "lock"),
        ("accounts.manage", _("Quyền của vai trò"), reverse("web:permissions"), "check"),
        ("accounts.manage", _("Danh mục dùng chung"), reverse("web:vocabularies"), "list"),
        ("calendar.edit", _("Lịch làm việc"), reverse("web:calendar"), "workdays"),
        ("reminders.edit", _("Nấc nhắc việc"), reverse("web:ladders"), "ladder"),
        ("jobs.view", _("Thư điện tử gửi đi"), reverse("web:outbox"), "outbox"),
        ("jobs.view", _("Công việc nền"), reverse("web:jobs"), "settings"),
        ("audit.view", _("Nhật ký"), reverse("web:list", args=["ledger"]), "history"),
    )
    return [_item(request, title, url, icon) for permission, title, url, icon in entries if viewer.may(permission)]


def _user_links(viewer: Viewer) -> list[Link]:
    links = [
        Link(label=_("Tài khoản và ủy quyền"), url=reverse("web:account")),
        Link(label=_("Thư và lịch của bạn"), url=reverse("web:mail")),
        Link(label=_("Khóa truy cập API"), url=reverse("web:tokens")),
        Link(label=_("Quyền của từng vai trò"), url=reverse("web:permissions")),
        Link(label=_("Danh mục dùng chung"), url=reverse("web:vocabularies")),
    ]
    if viewer.may("reports.view") and not viewer.may("audit.view"):
        links.append(Link(label=_("Nhật ký"), url=reverse("web:list", args=["ledger"])))
    return links


def _item(request: HttpRequest, title: str, url: str, icon: str, badge: int | None = None) -> NavItem:
    here, place = request.path, url.partition("?")[0]
    return NavItem(
        label=title, url=url, icon=icon, badge=badge, active=here == place or (place != "/" and here.startswith(f"{place}/"))
    )


def _notices(request: HttpRequest) -> list[Notice]:
    levels = {messages.SUCCESS: "success", messages.WARNING: "warning", messages.ERROR: "error"}
    return [
        Notice(text=str(m), level=levels.get(m.level, "info"), action=_undoing(m.extra_tags))  # type: ignore[arg-type]
        for m in messages.get_messages(request)
    ]


def _undoing(tags: str) -> Action | None:
    """The button that takes back what the message tells of: `undo ADDRESS VERSION`, as `undo.note` writes it."""
    word, _space, rest = (tags or "").partition(" ")
    url, _space, version = rest.partition(" ")
    if word != "undo":
        return None
    return Action(label=_("Hoàn tác"), url=url, method="post", fields=(("version", version),))


def _referer_path(request: HttpRequest) -> str:
    parts = urlsplit(request.headers.get("Referer", ""))
    return parts.path if parts.netloc == request.get_host() and parts.path else reverse("web:home")


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[-2:] if len(words) > 1 else words)).upper()
