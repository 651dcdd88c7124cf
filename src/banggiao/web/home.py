"""The home page: what needs the reader first, whichever role they act in."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banggiao.accounts.models import User
from banggiao.core.acts import Viewer
from banggiao.core.vocabulary import vocabulary
from banggiao.reports.home import Home, home_of, may_ask
from banggiao.reports.questions import holds_exercise
from banggiao.web.asking import asker, language, moment, today
from banggiao.web.formats import format_date
from banggiao.web.frame import render
from banggiao.web.homes import aside, leader
from banggiao.web.homes.figures import bands, lists
from banggiao.web.pages import HomePage
from banggiao.web.parts import Action, Chip, Empty, Header, Section
from banggiao.web.words import label

#: Role -> what stands in its right column, in this order; a part that two roles share stands once.
ASIDE: dict[str, tuple[str, ...]] = {
    "leader": ("decide", "upcoming", "reviews", "reminders"),
    "desk": ("inbox", "upcoming", "reviews", "documents", "reminders"),
    "mission": ("post", "inbox", "reminders", "documents"),
    "ministry": ("upcoming", "inbox", "reminders", "documents"),
    "province": ("upcoming", "reminders", "documents"),
    "enterprise": ("upcoming",),
    "verifier": ("inbox", "reviews", "reminders"),
    "administrator": (),
    "auditor": ("reviews",),
}
_PARTS: dict[str, Callable[[HttpRequest, Viewer], list[Section]]] = {
    "decide": lambda request, viewer: leader.to_decide(viewer),
    "upcoming": lambda request, viewer: aside.upcoming(request),
    "post": lambda request, viewer: aside.at_post(request),
    "inbox": lambda request, viewer: aside.inbox(viewer),
    "reviews": lambda request, viewer: aside.reviews(viewer),
    "documents": lambda request, viewer: aside.documents(request),
    "reminders": lambda request, viewer: aside.reminders(viewer),
}


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """What each of the reader's roles asks for; who has several may look at one."""
    viewer, day = asker(request), today(request)
    held = [role for role in vocabulary("role").codes if role in viewer.roles]
    chosen = request.GET.get("role", "")
    roles = [chosen] if chosen in held else held
    shown = home_of(roles, viewer, at=moment(request), today=day)
    exercise = _holds_exercise(shown, viewer)
    page = HomePage(
        header=Header(
            title=_("Tổng quan"),
            subtitle=_("%(name)s · ngày %(day)s") % {"name": cast(User, request.user).name, "day": format_date(day, language())},
            actions=_actions(viewer),
        ),
        views=_views(held, chosen if chosen in held else ""),
        bands=bands(shown, abroad="mission" in roles),
        charts=leader.drawings(request, exercise=exercise) if "leader" in roles else (),
        sections=[
            *(leader.who_must_act(request) if "leader" in roles else ()),
            *(lists(shown, day) or _quiet(shown, roles)),
        ],
        aside=[section for part in _parts(roles) for section in _PARTS[part](request, viewer)],
    )
    return render(request, "home_desk.html", page, exercise=exercise)


def _parts(roles: list[str]) -> list[str]:
    return list(dict.fromkeys(part for role in roles for part in ASIDE[role]))


def _views(held: list[str], chosen: str) -> list[Chip]:
    if len(held) < 2:
        return []
    here = reverse("web:home")
    every = Chip(label=_("Mọi vai trò"), url=here, active=not chosen)
    return [every, *(Chip(label=label("role", role), url=f"{here}?role={role}", active=role == chosen) for role in held)]


def _actions(viewer: Viewer) -> list[Action]:
    actions = []
    if viewer.may("accounts.manage"):
        actions.append(Action(label=_("Thêm người dùng"), url=reverse("web:add_user"), icon="add"))
    if viewer.may("reviews.run") or viewer.may("reviews.conclude"):
        actions.append(Action(label=_("Báo cáo sơ kết"), url=reverse("web:reviews"), icon="report"))
    if viewer.may("documents.read_in"):
        actions.append(Action(label=_("Nạp tài liệu"), url=reverse("web:upload"), style="primary", icon="upload"))
    return actions


def _quiet(shown: Home, roles: list[str]) -> list[Section]:
    """What a page says that has nothing to list: that all is well, or that nobody gave the reader a role."""
    if not roles:
        text = _("Tài khoản chưa được giao vai trò nào nên chưa xem được sổ nào. Hãy liên hệ quản trị viên của đơn vị.")
        return [Section(id="none", title=_("Chưa có quyền"), empty=Empty(title=_("Chưa được giao vai trò"), text=text))]
    quiet = Empty(title=_("Không có việc nào đang chờ"), text=_("Việc quá hạn, sắp đến hạn hoặc chờ trả lời sẽ hiện ở đây."))
    return [Section(id="quiet", title=_("Việc cần làm"), empty=quiet)]


def _holds_exercise(shown: Home, viewer: Viewer) -> bool:
    counted = [(f.question, f.params) for _name, figures in shown.bands for f in figures]
    beside: list[tuple[str, dict[str, str]]] = [
        (question, {}) for question in ("documents", "activities") if may_ask(question, viewer)
    ]
    return any(holds_exercise(question, params, viewer) for question, params in (*counted, *beside))
