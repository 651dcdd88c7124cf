"""Saved views of lists: the chips that open them, keeping the present list, and the page that renames, shares or removes one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from banggiao.accounts.keeping import SavedView
from banggiao.accounts.questions_keeping import parameters_on, rolled, view_seen, views_for
from banggiao.accounts.services_keeping import remove_view, revise_view, save_view
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotPermitted
from banggiao.core.questions import Bi
from banggiao.core.registers import register_named
from banggiao.reports.choices import own_institutions
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, deed, language, today, typed, version_sent
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.parts import Action, Chip, Choice, Field, FieldSet, Header, Link
from banggiao.web.parts_lists import Keeping
from banggiao.web.words import say, told

_KEPT = "p."


def keeping_of(register: str, kept: Mapping[str, str], viewer: Viewer, day: date) -> Keeping:
    """The saved views of a list, and the form that keeps it as it is now (`kept` with its face)."""
    views = sorted(views_for(viewer, register), key=lambda view: (view.user_id != viewer.id, view.name.casefold()))
    now = rolled({n: v for n, v in kept.items() if v}, day)
    chips = [
        Chip(label=_name(view, viewer), url=view_url(view, day), active=bool(now) and view.parameters == now) for view in views
    ]
    fields = [
        Field(name="name", label=_("Tên cách xem"), required=True),
        _share_field(viewer, None),
        Field(name="register", label="", kind="hidden", value=register),
        *(Field(name=f"{_KEPT}{n}", label="", kind="hidden", value=v) for n, v in now.items()),
    ]
    return Keeping(
        chips=chips,
        fields=fields,
        url=reverse("web:save_view"),
        manage=[
            Link(label=view.name, url=reverse("web:saved_view", args=[view.pk])) for view in views if view.user_id == viewer.id
        ],
    )


def view_url(view: SavedView, day: date) -> str:
    """The list as the view shows it on that day."""
    return list_url(view.register, {**parameters_on(view, day), "face": view.parameters.get("face", "")})


@require_POST
def save(request: HttpRequest) -> HttpResponseBase:
    """Keep the list under a name; a name of one's own that is there already is kept anew."""
    kept = {n.removeprefix(_KEPT): typed(request, n) for n in request.POST if n.startswith(_KEPT)}
    view = save_view(
        act=deed(request),
        register=typed(request, "register"),
        name=typed(request, "name"),
        parameters=kept,
        share_with=_shared_with(request),
    )
    messages.success(request, _("Đã lưu cách xem “%(name)s”.") % {"name": view.name})
    return redirect(view_url(view, today(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Rename one's own view, share it, keep it to oneself."""
    viewer, wrong = asker(request), None
    view = view_seen(key, viewer)
    if view.user_id != viewer.id:
        raise NotPermitted(
            N_("Cách xem này do người khác lưu."), subject=view.name, remedy=N_("Hãy lưu một cách xem của riêng bạn.")
        )
    if request.method == "POST":
        try:
            revise_view(
                act=deed(request),
                view=view,
                name=typed(request, "name"),
                share_with=_shared_with(request),
                version=version_sent(request),
            )
        except InvalidInput as error:
            wrong = error
        else:
            messages.success(request, _("Đã lưu cách xem “%(name)s”.") % {"name": " ".join(typed(request, "name").split())})
            return redirect(view_url(view, today(request)))
    title = register_named(view.register).title.get(language())
    name = typed(request, "name") if wrong else view.name
    errors = [say(p.message) for p in wrong.problems] if wrong else []
    page = EditPage(
        header=Header(
            title=_("Cách xem: %(name)s") % {"name": view.name},
            trail=(Link(label=title, url=view_url(view, today(request))),),
            actions=(
                Action(
                    label=_("Xóa cách xem"),
                    url=reverse("web:remove_view", args=[view.pk]),
                    method="post",
                    style="danger",
                    confirm=_("Xóa cách xem này? Dữ liệu trong sổ không thay đổi."),
                    fields=(("version", str(view.version)),),
                ),
            ),
        ),
        action=request.path,
        version=view.version,
        fieldsets=(
            FieldSet(
                title=_("Tên và người dùng chung"),
                fields=[
                    Field(name="name", label=_("Tên cách xem"), value=name, required=True, errors=errors),
                    _share_field(viewer, view.owner),
                ],
            ),
        ),
        submit=_("Lưu thay đổi"),
        cancel_url=view_url(view, today(request)),
        errors=(told(wrong),) if wrong else (),
    )
    return render(request, "edit_form.html", page, status=422 if wrong else 200)


@require_POST
def remove(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Take one's own view away."""
    view = view_seen(key, asker(request))
    remove_view(act=deed(request), view=view, version=version_sent(request))
    messages.success(request, _("Đã xóa cách xem “%(name)s”.") % {"name": view.name})
    return redirect(list_url(view.register))


def _name(view: SavedView, viewer: Viewer) -> str:
    """The view's name, and whose it is when it is not one's own."""
    return view.name if view.user_id == viewer.id else f"{view.name} · {view.user.name}"


def _share_field(viewer: Viewer, chosen: UUID | None) -> Field:
    bodies = own_institutions(viewer)
    choices = [Choice(value="", label=_("Chỉ mình tôi"), selected=chosen is None)]
    choices += [Choice(value=str(pk), label=_shared(name), selected=pk == chosen) for pk, name in bodies]
    return Field(name="share_with", label=_("Ai dùng được"), kind="select", value=str(chosen or ""), choices=choices)


def _shared(name: Bi) -> str:
    return _("Cả đơn vị: %(name)s") % {"name": name.get(language())}


def _shared_with(request: HttpRequest) -> UUID | None:
    text = typed(request, "share_with")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise InvalidInput(
            N_("Đơn vị không hợp lệ."),
            remedy=N_("Hãy chọn đơn vị của bạn."),
            problems=[FieldProblem("share_with", N_("Giá trị không hợp lệ."))],
        ) from None
