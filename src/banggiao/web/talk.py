"""What does the page of any record show of its comments?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.core.registers import Register
from banggiao.followup.questions_comments import MENTION, comments_of, names_of
from banggiao.followup.talking import Comment
from banggiao.web.addresses import record_url
from banggiao.web.asking import asker
from banggiao.web.parts import Action, TextPart
from banggiao.web.parts_talk import Said, Talk

#: Comments shown at once; older ones are a link away.
SHOWN = 20


def talk_of(book: Register, record: Any, request: HttpRequest) -> Talk | None:
    """The comments on a record from `?comments=` on; None for whoever takes no part in them. Raises InvalidInput."""
    viewer = asker(request)
    if not viewer.may("comments.use"):
        return None
    before = request.GET.get("comments", "")
    items, total, older = comments_of(record, viewer, before=before, size=SHOWN)
    names = names_of([comment.text for comment in items])
    here = record_url(book.record_type, record.pk)
    return Talk(
        items=[_said(book, record, comment, names, viewer.id) for comment in items],
        total=total,
        url=_url("comment_on", book, record),
        people_url=_url("people", book, record),
        older_url=f"{here}?{urlencode({'comments': older})}#comments" if older else "",
        newest_url=f"{here}#comments" if before else "",
    )


def spoken(text: str, names: Mapping[str, str]) -> list[TextPart]:
    """The text with those it calls under their names; anything else stays as it was typed."""
    return list(_spoken(text, names))


def _spoken(text: str, names: Mapping[str, str]) -> Iterator[TextPart]:
    at = 0
    for call in MENTION.finditer(text):
        name = names.get(call[1])
        if name:
            if call.start() > at:
                yield TextPart(text=text[at : call.start()])
            yield TextPart(text=f"@{name}", strong=True)
            at = call.end()
    if at < len(text):
        yield TextPart(text=text[at:])


def _said(book: Register, record: Any, comment: Comment, names: Mapping[str, str], reader: UUID | None) -> Said:
    own = reader is not None and comment.author_id == reader
    version = ("version", str(comment.version))
    actions = [
        Action(
            label=_("Mở lại") if comment.resolved else _("Đã giải quyết"),
            url=_url("resolve_comment", book, record, comment.pk),
            method="post",
            fields=(version, ("resolved", "no" if comment.resolved else "yes")),
        )
    ]
    if own:
        actions += [
            Action(label=_("Sửa"), url=_url("change_comment", book, record, comment.pk)),
            Action(
                label=_("Rút lại"),
                url=_url("remove_comment", book, record, comment.pk),
                method="post",
                style="danger",
                confirm=_("Rút ý kiến này? Lịch sử vẫn ghi rằng đã có ý kiến."),
                fields=(version,),
            ),
        ]
    return Said(
        id=str(comment.pk),
        author=comment.author.name if comment.author else _("Hệ thống"),
        at=comment.said_at,
        parts=spoken(comment.text, names),
        changed=comment.version > 1 and not comment.resolved,
        resolved=comment.resolved,
        actions=actions,
    )


def _url(name: str, book: Register, record: Any, *more: Any) -> str:
    return reverse(f"web:{name}", args=[book.name, record.pk, *more])
