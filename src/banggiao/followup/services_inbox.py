"""Every write to the inbox: something for somebody to look at, and that it has been read.

Whoever tells people of something calls `notify` in the transaction of the write it tells of:

    notify(act=act, kind="call", record=call, institutions=[body.pk for body in asked])

A new kind is a line in `data/vocabulary/inbox_kind.csv`; a record whose register is declared needs nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from banggiao.core.acts import Act
from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.questions_inbox import items_for, older_than, unread_of
from banggiao.followup.talking import InboxItem, InboxMark


def notify(
    *,
    act: Act,
    kind: str,
    record: Record,
    users: Iterable[UUID] = (),
    institutions: Iterable[UUID] = (),
    about: UUID | None = None,
) -> int:
    """Put a record before users, or before everybody of institutions; returns how many items were made.

    `kind` is a term of `inbox_kind`; `about` is the record that tells more (a comment, a reminder): of one kind and `about`
    nobody gets two, and without `about` there is a new item each time. Nobody is told of their own deed. No text is kept: the
    reader sees the record's title and the comment, as far as they may. Raises NotFound for an unknown kind.
    """
    vocabulary("inbox_kind").term(kind)
    common = {
        "kind": kind,
        "subject_type": record.record_type(),
        "subject_id": record.pk,
        "about": about,
        "sender": act.viewer.label[:200],
        "made_at": act.at,
    }
    told = dict.fromkeys(user for user in users if user != act.viewer.id)
    bodies = dict.fromkeys(institutions)
    if about is not None:
        there = InboxItem.objects.filter(kind=kind, subject_id=record.pk, about=about).values_list("user_id", "institution_id")
        known = {either for pair in there for either in pair if either}
        told = {user: None for user in told if user not in known}
        bodies = {body: None for body in bodies if body not in known}
    items = [InboxItem(user_id=user, **common) for user in told] + [InboxItem(institution_id=body, **common) for body in bodies]
    InboxItem.objects.bulk_create(items, ignore_conflicts=True, batch_size=200)
    return len(items)


def mark_read(*, act: Act, item: InboxItem) -> None:
    """The actor has read the item."""
    if act.viewer.id is not None:
        InboxMark.objects.bulk_create([InboxMark(item=item, user_id=act.viewer.id)], ignore_conflicts=True)


def mark_all_read(*, act: Act, until: UUID) -> int:
    """The actor has read everything up to the newest item they saw; returns how many items that were."""
    reader = act.viewer.id
    newest = items_for(act.viewer).filter(pk=until).first()
    if reader is None or newest is None:
        return 0
    waiting = list(unread_of(act.viewer).filter(Q(pk=until) | older_than(newest)).values_list("pk", flat=True))
    marks = [InboxMark(item_id=pk, user_id=reader) for pk in waiting]
    InboxMark.objects.bulk_create(marks, ignore_conflicts=True, batch_size=200)
    return len(marks)
