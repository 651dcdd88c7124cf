"""What stands around every page: navigation, the reader's account, messages; and how a page is rendered into it."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_template
from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.accounts.models import User
from banggiao.accounts.questions import acts_for
from banggiao.core.acts import Viewer
from banggiao.core.questions import question_named
from banggiao.followup.questions_inbox import unread_count
from banggiao.sources.questions import facts_to_check
from banggiao.web.asking import asker, language, today
from banggiao.web.pages import NavGroup, NavItem, Notice, Person, Shell
from banggiao.web.words import label

#: Question -> symbol of `img/icons.svg`, in the order of the side bar.
ICONS = {
    "activities": "activity",
    "agreements": "agreement",
    "commitments": "commitment",
    "tasks": "task",
    "barriers": "barrier",
    "directives": "directive",
    "documents": "document",
    "findings": "quote",
    "figures": "figure",
    "data_calls": "inbox",
    "dispatches": "mail",
    "partners": "partner",
    "institutions": "institution",
    "people": "people",
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
    acting = [
        f"{label('role', role)}, {en if language() == 'en' and en else vi}"
        for role, vi, en in acts_for(user, today=today(request))
    ]
    return Shell(
        language=language(),
        here=request.get_full_path() if request.method == "GET" else _referer_path(request),
        language_url=reverse("web:language"),
        search_url=reverse("web:search"),
        sign_out_url=reverse("web:sign_out"),
        home_url=reverse("web:home"),
        nav=_navigation(request, viewer),
        user=Person(name=user.name, initials=_initials(user.name), post="; ".join(acting) or _("Chưa được giao vai trò")),
        notices=_notices(request),
        exercise=exercise,
    )


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
    if viewer.may("facts.check"):
        waiting = facts_to_check(viewer)
        work.append(_item(request, _("Chờ duyệt"), reverse("web:list", args=["facts_to_check"]), "inbox", badge=waiting or None))
    if viewer.may("reports.view"):
        work.append(_item(request, _("Báo cáo sơ kết"), reverse("web:reviews"), "report"))
    groups = [NavGroup(label=_("Điều hành"), items=work)]
    for title, names in (
        (_("Hồ sơ"), ("activities", "agreements", "commitments", "tasks", "barriers")),
        (_("Báo cáo, công văn"), ("data_calls", "dispatches")),
        (_("Nguồn"), ("documents", "findings", "figures", "directives")),
        (_("Danh bạ"), ("partners", "institutions", "people")),
    ):
        asked = [question_named(name) for name in names]
        items = [
            _item(request, q.title.get(language()), reverse("web:list", args=[q.name]), ICONS[q.name])
            for q in asked
            if viewer.may(q.permission)
        ]
        if items:
            groups.append(NavGroup(label=title, items=items))
    return groups


def _item(request: HttpRequest, title: str, url: str, icon: str, badge: int | None = None) -> NavItem:
    here = request.path
    return NavItem(
        label=title, url=url, icon=icon, badge=badge, active=here == url or (url != "/" and here.startswith(f"{url}/"))
    )


def _notices(request: HttpRequest) -> list[Notice]:
    levels = {messages.SUCCESS: "success", messages.WARNING: "warning", messages.ERROR: "error"}
    return [Notice(text=str(m), level=levels.get(m.level, "info")) for m in messages.get_messages(request)]  # type: ignore[arg-type]


def _referer_path(request: HttpRequest) -> str:
    parts = urlsplit(request.headers.get("Referer", ""))
    return parts.path if parts.netloc == request.get_host() and parts.path else reverse("web:home")


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[-2:] if len(words) > 1 else words)).upper()
