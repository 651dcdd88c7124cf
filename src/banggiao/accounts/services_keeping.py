"""Every write to saved views, and the note of a visit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from banggiao.accounts.keeping import LastVisit, SavedView
from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotPermitted
from banggiao.core.folding import nfc
from banggiao.core.questions import question_named
from banggiao.core.registers import register_named

MOST_VIEWS = 50
#: A visit goes on for so long: what changed before it began stays marked until then.
VISIT = timedelta(minutes=30)


def save_view(*, act: Act, register: str, name: str, parameters: Mapping[str, str], share_with: UUID | None = None) -> SavedView:
    """Filters, order and face of a list kept under a name, for oneself or for an institution one acts for.

    Days may be kept as the words of `questions_keeping.ROLLING`. What one had under that name already is kept anew. Raises
    NotFound for an unknown register, NotPermitted, InvalidInput.
    """
    book = register_named(register)
    act.viewer.require(book.permission, subject=register)
    user, name = _self(act), _name(name)
    _may_share(act, share_with)
    known = {p.name for p in question_named(register).parameters} | {"face"}
    kept = {n: str(v) for n, v in sorted(parameters.items()) if v}
    wrong = [n for n, v in kept.items() if n not in known or len(v) > 400]
    if wrong:
        raise InvalidInput(
            N_("Cách xem có điều kiện lọc không hợp lệ."),
            subject=name,
            remedy=N_("Hãy mở lại danh sách rồi lưu cách xem."),
            problems=[FieldProblem(n[:80], N_("Tham số không được biết.")) for n in wrong],
        )
    values = {"parameters": kept, "shared": share_with is not None, "owner": share_with}
    with transaction.atomic():
        own = SavedView.objects.filter(user_id=user, register=register, retracted=False)
        before = own.filter(name=name).first()
        if before is not None:
            changed: SavedView = records.revise(before, act=act, values=values, version=before.version)
            return changed
        if own.count() >= MOST_VIEWS:
            raise InvalidInput(
                N_("Bạn đã lưu %(most)s cách xem của sổ này."),
                most=MOST_VIEWS,
                subject=register,
                remedy=N_("Hãy xóa một cách xem không còn dùng."),
            )
        return records.create(SavedView, act=act, values={"user_id": user, "register": register, "name": name, **values})


def revise_view(*, act: Act, view: SavedView, name: str, share_with: UUID | None, version: int | None) -> SavedView:
    """Give one's own view another name, share it or keep it to oneself. Raises NotPermitted, InvalidInput, StaleEdit."""
    _own(act, view)
    name = _name(name)
    if share_with != view.owner:
        _may_share(act, share_with)
    same = SavedView.objects.filter(user_id=view.user_id, register=view.register, name=name, retracted=False)
    if same.exclude(pk=view.pk).exists():
        raise InvalidInput(
            N_("Bạn đã có cách xem mang tên này."),
            subject=name,
            remedy=N_("Hãy chọn tên khác."),
            problems=[FieldProblem("name", N_("Đã có."))],
        )
    values = {"name": name, "shared": share_with is not None, "owner": share_with}
    return records.revise(view, act=act, values=values, version=version)


def remove_view(*, act: Act, view: SavedView, version: int | None) -> None:
    """Take one's own view away. Raises NotPermitted, StaleEdit."""
    _own(act, view)
    records.retract(view, act=act, version=version)


def visit(*, user_id: UUID, register: str, at: datetime) -> datetime | None:
    """Note that the user looks at a register; since when changes are new to them, None on the first visit.

    Written at most once in `VISIT`: the moment of the visit before the present one.
    """
    seen = LastVisit.objects.filter(user_id=user_id, register=register).first()
    if seen is None:
        try:
            with transaction.atomic():
                LastVisit.objects.create(user_id=user_id, register=register, began=at)
        except IntegrityError:  # the same user on two devices
            pass
        return None
    if at - seen.began <= VISIT:
        return seen.before
    # Whoever comes second finds another `began` and leaves it.
    LastVisit.objects.filter(pk=seen.pk, began=seen.began).update(began=at, before=seen.began)
    return seen.began


def _self(act: Act) -> UUID:
    if act.viewer.id is None:
        raise NotPermitted(N_("Chỉ người dùng có tài khoản mới lưu cách xem."), remedy=N_("Hãy đăng nhập, hoặc dùng --as."))
    return act.viewer.id


def _own(act: Act, view: SavedView) -> None:
    if view.user_id != _self(act):
        raise NotPermitted(
            N_("Cách xem này do người khác lưu."), subject=view.name, remedy=N_("Hãy lưu một cách xem của riêng bạn.")
        )


def _may_share(act: Act, institution: UUID | None) -> None:
    if institution is not None and institution not in act.viewer.institutions:
        raise NotPermitted(N_("Bạn chỉ chia sẻ được với đơn vị mà bạn đang đại diện."), remedy=N_("Hãy chọn đơn vị của bạn."))


def _name(text: str) -> str:
    name = " ".join(nfc(text).split())
    if not name or len(name) > 80:
        raise InvalidInput(
            N_("Tên cách xem phải có từ 1 đến 80 ký tự."),
            remedy=N_("Hãy đặt một tên ngắn."),
            problems=[FieldProblem("name", N_("Tên không hợp lệ."))],
        )
    return name
