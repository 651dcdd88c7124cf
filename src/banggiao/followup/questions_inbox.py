"""What waits for a user: items of their own, and of the institutions they act for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput, NotFound
from banggiao.core.questions import Bi
from banggiao.core.registers import register_of
from banggiao.followup.talking import Comment, InboxItem, InboxMark


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item as its reader may see it: `title` is None where they may no longer see the record, `text` is the comment's."""

    id: UUID
    kind: str
    subject_type: str
    subject_id: UUID
    title: Bi | None
    text: str
    sender: str
    made_at: datetime
    read: bool
    exercise: bool


def items_for(viewer: Viewer) -> QuerySet[InboxItem]:
    """Everything sent to the viewer or to an institution of theirs."""
    if viewer.id is None:
        return InboxItem.objects.none()
    return InboxItem.objects.filter(Q(user_id=viewer.id) | Q(institution_id__in=viewer.institutions))


def unread_of(viewer: Viewer) -> QuerySet[InboxItem]:
    """What of it the viewer has not read."""
    return items_for(viewer).exclude(Exists(InboxMark.objects.filter(item_id=OuterRef("pk"), user=viewer.id)))


def unread_count(viewer: Viewer) -> int:
    """How many items wait to be read."""
    return unread_of(viewer).count()


def older_than(item: InboxItem) -> Q:
    """What stands behind the item in the inbox, newest first."""
    return Q(made_at__lt=item.made_at) | Q(made_at=item.made_at, pk__lt=item.pk)


def item_seen(item_id: UUID, viewer: Viewer) -> InboxItem:
    """The item, if it was sent to the viewer; else NotFound."""
    found = items_for(viewer).filter(pk=item_id).first()
    if found is None:
        raise NotFound(N_("Không có mục này trong hộp thư."), subject=str(item_id), remedy=N_("Hãy mở lại hộp thư."))
    return found


def inbox(
    viewer: Viewer, *, kind: str = "", unread: bool = False, after: str = "", size: int = 40
) -> tuple[list[Waiting], int, str]:
    """(items newest first, how many there are, where the next page begins). Raises InvalidInput."""
    rows = unread_of(viewer) if unread else items_for(viewer)
    if kind:
        rows = rows.filter(kind=kind)
    total = rows.count()
    if after:
        try:
            rows = rows.filter(older_than(items_for(viewer).get(pk=UUID(after))))
        except (ValueError, InboxItem.DoesNotExist):
            raise InvalidInput(N_("Không hiểu vị trí trang."), remedy=N_("Hãy mở lại danh sách từ trang đầu.")) from None
    found = list(rows.order_by("-made_at", "-pk")[: size + 1])
    beyond, found = len(found) > size, found[:size]
    read = set(InboxMark.objects.filter(user=viewer.id, item__in=found).values_list("item_id", flat=True))
    titles = _titles(found, viewer)
    told = {item.about for item in found if item.about}
    texts = dict(Comment.objects.visible_to(viewer).filter(pk__in=told).values_list("pk", "text"))
    items = [
        Waiting(
            item.pk,
            item.kind,
            item.subject_type,
            item.subject_id,
            titles[item.subject_id][0] if item.subject_id in titles else None,
            texts.get(item.about, "") if item.about and item.subject_id in titles else "",
            item.sender,
            item.made_at,
            item.pk in read,
            titles[item.subject_id][1] if item.subject_id in titles else False,
        )
        for item in found
    ]
    return items, total, str(found[-1].pk) if beyond else ""


def _titles(items: Iterable[InboxItem], viewer: Viewer) -> dict[UUID, tuple[Bi, bool]]:
    """What the records of these items are called, and whether they are of the exercise, as far as the viewer may know of them."""
    wanted: dict[str, set[UUID]] = {}
    for item in items:
        wanted.setdefault(item.subject_type, set()).add(item.subject_id)
    found = {}
    for record_type, ids in wanted.items():
        register = register_of(record_type)
        if register is not None and viewer.may(register.permission):
            for pk, record in register.model.objects.visible_to(viewer).in_bulk(list(ids)).items():
                found[pk] = (register.title_of(record), record.exercise)
    return found
