"""How are comments read and written over HTTP, and saved views of lists kept?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Query, Router

from banggiao.accounts.keeping import SavedView
from banggiao.accounts.questions_keeping import parameters_on, view_seen, views_for
from banggiao.accounts.services_keeping import remove_view, save_view
from banggiao.api.caller import Caller, act_of, caller_of, no_parameters, now, text, writer_of
from banggiao.api.router import READ_PROBLEMS, WRITE_PROBLEMS, Size
from banggiao.api.schemas_talk import CommentIn, CommentOut, CommentsOut, SavedViewIn, SavedViewOut, SavedViewsOut
from banggiao.api.services import once
from banggiao.core.errors import N_
from banggiao.core.registers import find_record, register_named
from banggiao.followup.questions_comments import comments_of
from banggiao.followup.services_comments import comment_on
from banggiao.followup.talking import Comment

router = Router(tags=["talk"])

Before = Annotated[str, Query(max_length=36, pattern=r"^[0-9a-fA-F-]*$")]
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", max_length=200)]


@router.get(
    "/comments",
    response={200: CommentsOut, **READ_PROBLEMS},
    summary=N_("Ý kiến về một bản ghi"),
    description=N_("register và key chỉ bản ghi; mới trước cũ sau; before lấy từ next của trang trước."),
)
def list_comments(
    request: HttpRequest,
    book_name: Annotated[str, Query(alias="register", min_length=1, max_length=64)],
    key: Annotated[str, Query(min_length=1, max_length=80)],
    size: Size = 50,
    before: Before = "",
) -> dict[str, Any]:
    """A page of the comments on a record."""
    no_parameters(request, ("register", "key", "size", "before"))
    viewer = caller_of(request).viewer
    book = register_named(text("register", book_name))
    viewer.require(book.permission, subject=book.name)
    found, total, following = comments_of(find_record(book, text("key", key), viewer), viewer, before=before, size=size)
    return {"total": total, "comments": [_comment(comment) for comment in found], "next": following or None}


@router.post(
    "/comments",
    response={200: CommentOut, **WRITE_PROBLEMS},
    summary=N_("Gửi ý kiến về một bản ghi"),
    description=N_(
        "@tên-đăng-nhập trong text nhắc người đó, nếu người đó được xem bản ghi. Idempotency-Key giúp gửi lại an toàn trong "
        "24 giờ."
    ),
)
def add_comment(request: HttpRequest, sent: CommentIn, idempotency_key: IdempotencyKey = "") -> dict[str, Any]:
    """The comment as it was written."""
    caller = writer_of(request)
    no_parameters(request)
    words = text("text", sent.text)

    def do() -> dict[str, Any]:
        book = register_named(text("register", sent.register_name))
        caller.viewer.require(book.permission, subject=book.name)
        record = find_record(book, text("key", sent.key), caller.viewer)
        return _comment(comment_on(act=act_of(request), record=record, text=words))

    return _once(request, caller, idempotency_key, sent.model_dump(), do)


@router.get(
    "/views",
    response={200: SavedViewsOut, **READ_PROBLEMS},
    summary=N_("Cách xem đã lưu"),
    description=N_(
        "Cách xem của bạn và cách xem đơn vị bạn dùng chung. Khi đặt câu hỏi của sổ, gửi view là tên hoặc id để lấy các điều "
        "kiện của cách xem."
    ),
)
def list_views(request: HttpRequest, book_name: Annotated[str, Query(alias="register", max_length=64)] = "") -> dict[str, Any]:
    """The views the caller may use."""
    no_parameters(request, ("register",))
    caller = caller_of(request)
    rows = views_for(caller.viewer, text("register", book_name)).order_by("register", "name", "pk")
    return {"views": [_view(view, caller) for view in rows]}


@router.post(
    "/views",
    response={200: SavedViewOut, **WRITE_PROBLEMS},
    summary=N_("Lưu một cách xem"),
    description=N_(
        "parameters là các tham số của câu hỏi, kèm face nếu muốn; ngày có thể là today hoặc yesterday. Tên đã có của bạn thì "
        "được lưu lại. share_with là id đơn vị bạn đại diện."
    ),
)
def keep_view(request: HttpRequest, sent: SavedViewIn, idempotency_key: IdempotencyKey = "") -> dict[str, Any]:
    """The view as it is kept."""
    caller = writer_of(request)
    no_parameters(request)
    parameters = {text("parameters", n): text("parameters", v) for n, v in sent.parameters.items()}

    def do() -> dict[str, Any]:
        view = save_view(
            act=act_of(request),
            register=text("register", sent.register_name),
            name=text("name", sent.name),
            parameters=parameters,
            share_with=sent.share_with,
        )
        return _view(view, caller)

    return _once(request, caller, idempotency_key, sent.model_dump(mode="json"), do)


@router.delete(
    "/views/{key}",
    response={200: SavedViewOut, **WRITE_PROBLEMS},
    summary=N_("Xóa một cách xem"),
    description=N_("Chỉ xóa được cách xem của mình; dữ liệu trong sổ không thay đổi."),
)
def delete_view(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """The view as it was; nothing is left of it but its ledger."""
    caller = writer_of(request)
    no_parameters(request)
    view = view_seen(key, caller.viewer)
    remove_view(act=act_of(request), view=view, version=view.version)
    return _view(view, caller)


def _once(
    request: HttpRequest, caller: Caller, key: str, sent: dict[str, Any], do: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    if not key:
        return do()
    told = json.dumps([request.method, request.path, sent], sort_keys=True)
    return once(user=caller.user, key=key, fingerprint=hashlib.sha256(told.encode()).hexdigest(), at=now(), deed=do)


def _comment(comment: Comment) -> dict[str, Any]:
    return {
        "id": str(comment.pk),
        "version": comment.version,
        "author": comment.author.name if comment.author else None,
        "at": comment.said_at.isoformat(),
        "text": comment.text,
        "resolved": comment.resolved,
        "exercise": comment.exercise,
    }


def _view(view: SavedView, caller: Caller) -> dict[str, Any]:
    return {
        "id": str(view.pk),
        "register_name": view.register,
        "name": view.name,
        "own": view.user_id == caller.user.pk,
        "shared_with": str(view.owner) if view.shared and view.owner else None,
        "face": view.parameters.get("face") or None,
        "parameters": parameters_on(view, timezone.localdate(now())),
    }
