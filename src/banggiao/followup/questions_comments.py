"""What was said about a record, and who can be called by name: only those who may see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.questions import viewer_of
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput, NotFound
from banggiao.core.folding import fold
from banggiao.core.record import Record
from banggiao.followup.talking import Comment

#: `@name` at the beginning of a word; a full stop or comma behind it belongs to the sentence.
MENTION = re.compile(r"(?<![\w@./])@(\w+(?:[.+-]\w+)*)")
MOST_NAMES = 20
#: How many whose name fits are asked whether they may see the record, before the search goes no further.
MOST_ASKED = 200


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who can be called: what is written after the @, their name, and the institution they act for."""

    username: str
    name: str
    institution: str


def require_seen(record: Record, viewer: Viewer) -> None:
    """Raise NotFound unless the viewer may know of the record."""
    if not type(record).objects.visible_to(viewer).filter(pk=record.pk).exists():
        raise NotFound(N_("Không tìm thấy bản ghi."), subject=str(record.pk))


def comments_of(record: Record, viewer: Viewer, *, before: str = "", size: int = 20) -> tuple[list[Comment], int, str]:
    """(comments newest first, how many there are, where the older ones begin). Raises NotPermitted, NotFound, InvalidInput."""
    viewer.require("comments.use", subject=str(record))
    require_seen(record, viewer)
    rows = Comment.objects.filter(subject_id=record.pk, retracted=False)
    total = rows.count()
    if before:
        try:
            rows = rows.filter(pk__lt=UUID(before))
        except ValueError:
            raise InvalidInput(N_("Không hiểu vị trí trang."), remedy=N_("Hãy mở lại trang của bản ghi.")) from None
    found = list(rows.select_related("author").order_by("-pk")[: size + 1])
    beyond, found = len(found) > size, found[:size]
    return found, total, str(found[-1].pk) if beyond else ""


def comment_seen(record: Record, comment_id: UUID, viewer: Viewer) -> Comment:
    """The comment on this record. Raises NotPermitted, NotFound."""
    viewer.require("comments.use", subject=str(record))
    require_seen(record, viewer)
    found: Comment | None = (
        Comment.objects.filter(pk=comment_id, subject_id=record.pk, retracted=False).select_related("author").first()
    )
    if found is None:
        raise NotFound(N_("Không có ý kiến này."), subject=str(comment_id), remedy=N_("Hãy tải lại trang."))
    return found


def names_in(text: str) -> set[str]:
    """The names that a text calls."""
    return set(MENTION.findall(text))


def mentioned_in(text: str, record: Record, today: date) -> list[User]:
    """The users a text calls who may see the record, in order of name; others are left out."""
    names = sorted(names_in(text))[: MOST_NAMES + 1]
    if len(names) > MOST_NAMES:
        raise InvalidInput(N_("Một ý kiến chỉ nhắc được 20 người."), remedy=N_("Hãy nhắc ít người hơn."))
    users = User.objects.filter(username__in=names, is_active=True, retracted=False).order_by("username")
    return [user for user in users if _may_see(user, record, today)]


def names_of(texts: list[str]) -> dict[str, str]:
    """What the users are called whom these texts call."""
    names = {name for text in texts for name in names_in(text)}
    return dict(User.objects.filter(username__in=names).values_list("username", "name"))


def who_can_be_called(words: str, record: Record, today: date, *, most: int = 8) -> list[Called]:
    """Those whose name or user name holds the words, accents optional, and who may see the record; by name."""
    wanted = fold(words).split()
    rows = User.objects.filter(is_active=True, retracted=False).order_by("name", "username")
    fitting = [(user, fold(f"{user.name} {user.username}")) for user in rows.iterator(chunk_size=500)]
    fitting = [(user, text) for user, text in fitting if all(word in text for word in wanted)]
    # Whose words begin as typed goes before those who only hold it somewhere.
    fitting.sort(key=lambda pair: not all(f" {word}" in f" {pair[1]}" for word in wanted))
    found: list[User] = []
    for user, _text in fitting[:MOST_ASKED]:
        if len(found) < most and _may_see(user, record, today):
            found.append(user)
    held = RoleHeld.objects.filter(Q(held_until=None) | Q(held_until__gte=today), user__in=found, retracted=False)
    bodies = dict(held.filter(held_from__lte=today).values_list("user_id", "institution__name_vi"))
    return [Called(user.username, user.name, bodies.get(user.pk, "")) for user in found]


def _may_see(user: User, record: Record, today: date) -> bool:
    viewer = viewer_of(user, today=today)
    return viewer.may("comments.use") and type(record).objects.visible_to(viewer).filter(pk=record.pk).exists()
