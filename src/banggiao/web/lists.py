"""Every list: the answer of a question with its filters, orders, faces, pages and exports, all kept in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banggiao.accounts.models import User
from banggiao.accounts.services_keeping import visit
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, NotFound
from banggiao.core.exports import export
from banggiao.core.faces import face_named
from banggiao.core.folding import is_text, nfc
from banggiao.core.questions import ALL, Page, Question, ask, question_named
from banggiao.core.registers import Register, registers
from banggiao.reports.actions import may_create
from banggiao.reports.questions import holds_exercise
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, deed, language, moment, today
from banggiao.web.formats import format_number
from banggiao.web.frame import render
from banggiao.web.pages import ListPage
from banggiao.web.parts import Action, Chip, Choice, Empty, Field, Header
from banggiao.web.tables import table_of
from banggiao.web.views_board import board_of
from banggiao.web.views_calendar import calendar_of
from banggiao.web.views_filters import form_fields, in_force, quick
from banggiao.web.views_saved import keeping_of
from banggiao.web.views_timeline import timeline_of

#: Rows of a page to choose from; the first is what a list opens with.
SIZES = (40, 20, 100)
FORMS = (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON"))


@require_safe
def show(request: HttpRequest, question: str) -> HttpResponseBase:
    """The list of a question as far as the viewer may know it, as a table or by `?face=` in another way."""
    asked, viewer, register = question_named(question), asker(request), _register(question)
    params = _parameters(request, asked)
    kept = {n: v for n, v in params.items() if v}
    needed = {p.name: kept[p.name] for p in asked.parameters if p.needed and p.name in kept}
    narrowed = any(n != "order" and n not in needed for n in kept)
    face, size = request.GET.get("face", ""), _size(request)
    # What belongs to one way of looking: the rows of the table's page, the months of the others.
    look = {n: request.GET[n] for n in ("face", "from", "month") if face and request.GET.get(n)}
    look |= {"size": str(size)} if size != SIZES[0] and not face else {}
    here = {**kept, **look}
    viewer.require(asked.permission, subject=question)
    since = visit(user_id=cast(User, request.user).pk, register=question, at=moment(request)) if register else None
    opened, unfolded = form_fields(asked, register, here, viewer, today(request))
    page = ListPage(
        header=Header(title=asked.title.get(language()), actions=_actions(question, viewer)),
        views=quick(asked, here, kept, viewer, at=moment(request), since=since),
        chips=in_force(asked, here, kept, viewer),
        clear_url=list_url(question, {**needed, **look}),
        filters=opened,
        more_filters=[*unfolded, *([] if face else [_sizes(size)])],
        more_open=any(f.value and f.name != "order" for f in unfolded),
        filter_url=list_url(question),
        faces=_faces(register, here, face) if register else (),
        keeping=keeping_of(question, {**kept, "face": face}, viewer, today(request)) if register else None,
        exports=_exports(question, kept, viewer),
    )
    about = ""
    if face:
        page, total = _faced(page, register, face, kept, request)
        if face == "board" and not total:
            page = replace(page, board=None, empty=_empty(question, viewer, narrowed=narrowed, whole=list_url(question, needed)))
    else:
        after = request.GET.get("after", "")
        answer = ask(question, params, viewer, at=moment(request), page=Page(size, after)).listed()
        sort_urls, sorted_by = _sorting(register, here) if register else ({}, ("", False))
        table = table_of(
            answer,
            today=today(request),
            sort_urls=sort_urls,
            sorted_by=sorted_by,
            next_url=list_url(question, {**here, "after": answer.next_cursor}) if answer.next_cursor else "",
            first_url=list_url(question, here) if after else "",
            empty=_empty(question, viewer, narrowed=narrowed, whole=list_url(question, needed)),
            since=since,
        )
        page, total = replace(page, table=table), answer.total
        # Some answers name what they are of behind what was asked.
        about = answer.title.get(language()).removeprefix(asked.title.get(language())).lstrip(",: ")
    page = replace(
        page,
        header=replace(page.header, subtitle=" · ".join(filter(None, (about, _found(total, narrowed))))),
        exports=page.exports if total else (),
    )
    return render(request, "register_list.html", page, exercise=holds_exercise(question, params, viewer))


def _faced(
    page: ListPage, register: Register | None, name: str, kept: Mapping[str, str], request: HttpRequest
) -> tuple[ListPage, int]:
    """The page with the face of that name, and how many records pass the filters. Raises NotFound."""
    if register is None:
        raise _no_face(name)
    face = face_named(register, name)
    if face.name == "board":
        board = board_of(register, face, kept, request, request.get_full_path())
        return replace(page, board=board), sum(lane.total for lane in board.lanes)
    if face.name == "timeline":
        timeline = timeline_of(register, face, kept, request)
        return replace(page, timeline=timeline), timeline.beyond
    calendar = calendar_of(register, face, kept, request)
    return replace(page, calendar=calendar), calendar.beyond


@require_safe
def take(request: HttpRequest, question: str, form: str) -> HttpResponseBase:
    """The whole list as a file; the ledger says who took it."""
    params = _parameters(request, question_named(question))
    act = deed(request)
    act.viewer.require("exports.take", subject=question)
    answer = ask(question, params, act.viewer, at=act.at, page=ALL)
    content, media_type, name = export(
        answer, form, act=act, language=language(), translate=lambda text: gettext(text) if text else ""
    )
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _parameters(request: HttpRequest, question: Question) -> dict[str, str]:
    """The parameters of the question that the address names; what is of no database's text finds nothing rather than failing."""
    known = {p.name for p in question.parameters}
    return {n: nfc(v.strip()) for n in known if (v := request.GET.get(n, "")).strip() and is_text(v)}


def _register(question: str) -> Register | None:
    return next((r for r in registers() if r.name == question), None)


def _size(request: HttpRequest) -> int:
    text = request.GET.get("size", "")
    return next((size for size in SIZES if str(size) == text), SIZES[0])


def _sizes(chosen: int) -> Field:
    choices = [Choice(value=str(n), label=str(n), selected=n == chosen) for n in sorted(SIZES)]
    return Field(name="size", label=_("Số dòng mỗi trang"), kind="select", value=str(chosen), choices=choices)


def _faces(register: Register, here: Mapping[str, str], chosen: str) -> Sequence[Chip]:
    """The ways to look at the list; the order of paging belongs to the table."""
    if not register.faces:
        return ()
    names = {"": _("Danh sách"), "board": _("Bảng trạng thái"), "timeline": _("Dòng thời gian"), "calendar": _("Lịch")}
    kept = {n: v for n, v in here.items() if n not in ("face", "from", "month")}
    offered = ["", *(face.name for face in register.faces)]
    return [Chip(label=names[n], url=list_url(register.name, {**kept, "face": n}), active=n == chosen) for n in offered]


def _no_face(name: str) -> NotFound:
    return NotFound(N_("Danh sách này không có cách xem đó."), subject=name[:40], remedy=N_("Hãy mở lại danh sách."))


def _sorting(register: Register, here: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, bool]]:
    """Links that order by a column, and the column it is ordered by now; an order belongs to the column of its first path."""
    chosen = here.get("order", register.orders[0].name)
    columns = {path: f.column.key for f in register.fields for path in f.paths} | {"sort_key": register.fields[0].column.key}
    urls: dict[str, str] = {}
    now = ("", False)
    for order in register.orders:
        key = columns.get(order.paths[0], "")
        if order.name == chosen:
            now = (key, order.descending)
        elif key:
            urls[key] = list_url(register.name, {**here, "order": order.name})
    return urls, now


def _found(total: int, narrowed: bool) -> str:
    shown = format_number(total, language())
    if narrowed:
        return ngettext("%(shown)s bản ghi khớp bộ lọc", "%(shown)s bản ghi khớp bộ lọc", total) % {"shown": shown}
    return ngettext("%(shown)s bản ghi", "%(shown)s bản ghi", total) % {"shown": shown}


def _actions(question: str, viewer: Viewer) -> Sequence[Action]:
    if question in ("documents", "facts_to_check") and viewer.may("documents.read_in"):
        return (Action(label=_("Nạp tài liệu"), url=reverse("web:upload"), style="primary", icon="upload"),)
    if question == "ledger":
        return (Action(label=_("Kiểm tra chuỗi nhật ký"), url=reverse("web:verify_ledger"), method="post", icon="check"),)
    if question == "users" and viewer.may("accounts.manage"):
        return (Action(label=_("Thêm người dùng"), url=reverse("web:add_user"), style="primary", icon="add"),)
    register = _register(question)
    maps = (Action(label=_("Bản đồ"), url=reverse("web:partner_map"), icon="partner"),) if question == "partners" else ()
    if question == "six_fields" and viewer.may("followup.report"):
        return (Action(label=_("Phiếu báo cáo tiến độ"), url=reverse("web:progress_forms"), style="primary", icon="download"),)
    if question == "programmes_by_mission":
        actions = [Action(label=_("Sổ chương trình"), url=list_url("programmes"), icon="list")]
        if viewer.may("programmes.approve"):
            actions.insert(
                0, Action(label=_("Gọi báo cáo kỳ"), url=reverse("web:programme_reports"), style="primary", icon="call")
            )
        return actions
    if question == "programmes":
        maps = (Action(label=_("Theo cơ quan đại diện"), url=list_url("programmes_by_mission"), icon="institution"),)
    if question == "figures":
        maps = (Action(label=_("Đối chiếu"), url=reverse("web:reconcile"), icon="check"),)
    if register and may_create(register, viewer):
        return (
            *maps,
            Action(label=_("Thêm"), url=reverse("web:new", args=[question]), style="primary", icon="add"),
            Action(label=_("Dán bảng"), url=reverse("web:paste", args=[question]), icon="upload"),
        )
    return maps


def _exports(question: str, kept: Mapping[str, str], viewer: Viewer) -> list[Action]:
    if not viewer.may("exports.take"):
        return []
    query = list_url(question, kept).partition("?")[2]
    urls = {form: reverse("web:export", args=[question, form]) for form, _name in FORMS}
    taken = [Action(label=name, url=f"{urls[form]}?{query}".rstrip("?"), icon="download") for form, name in FORMS]
    if question == "six_fields":
        paper = {form: reverse("web:six_fields_paper", args=[form]) for form in ("docx", "pdf")}
        taken += [
            Action(label=name, url=f"{paper[form]}?{query}".rstrip("?"), icon="download")
            for form, name in (("docx", "Word"), ("pdf", "PDF"))
        ]
    return taken


def _empty(question: str, viewer: Viewer, *, narrowed: bool, whole: str) -> Empty:
    if narrowed:
        action = Action(label=_("Bỏ mọi bộ lọc"), url=whole)
        return Empty(
            title=_("Không có bản ghi nào khớp"), text=_("Hãy bỏ bớt điều kiện lọc, hoặc thử ít từ khóa hơn."), action=action
        )
    if question == "facts_to_check":
        return Empty(
            title=_("Không còn thông tin nào chờ duyệt"),
            text=_("Khi có tài liệu mới được nạp, những gì máy đọc được sẽ chờ ở đây."),
        )
    if question == "signals":
        return Empty(
            title=_("Chưa có tín hiệu nào"),
            text=_("Mỗi đêm hệ thống xem lại số liệu của từng mục trong danh mục theo dõi; điều bất thường sẽ hiện ở đây."),
            action=Action(label=_("Danh mục theo dõi"), url=list_url("watches"), icon="radar"),
        )
    text = _("Bản ghi xuất hiện ở đây khi thông tin đọc từ tài liệu được duyệt, hoặc khi bộ dữ liệu tham chiếu được nạp.")
    bring = Action(label=_("Nạp tài liệu"), url=reverse("web:upload"), icon="upload") if viewer.may("documents.read_in") else None
    return Empty(title=_("Chưa có bản ghi nào bạn được xem"), text=text, action=bring)
