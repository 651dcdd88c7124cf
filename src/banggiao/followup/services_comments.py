"""Every write to comments: say something about a record, change or take back one's own words, settle the matter."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from banggiao.accounts.models import User
from banggiao.core import records
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound, NotPermitted
from banggiao.core.folding import nfc
from banggiao.core.record import Record
from banggiao.followup.questions_comments import mentioned_in, names_in, require_seen
from banggiao.followup.services_inbox import notify
from banggiao.followup.talking import Comment

LONGEST = 4000


def comment_on(*, act: Act, record: Record, text: str) -> Comment:
    """A comment on a record that the actor may see; whoever it calls by @name finds it in their inbox.

    Raises NotPermitted, NotFound, InvalidInput (no text, too long, a name nobody has who may see the record).
    """
    _require(act, record)
    text, called = _understood(act, record, text)
    values = {
        "subject_type": record.record_type(),
        "subject_id": record.pk,
        "author_id": act.viewer.id,
        "text": text,
        "said_at": act.at,
        "classification": record.classification,
        "owner": record.owner,
        "exercise": record.exercise,
    }
    with transaction.atomic():
        comment = records.create(Comment, act=act, values=values, links={"mentions": [user.pk for user in called]})
        notify(act=act, kind="mention", record=record, users=[user.pk for user in called], about=comment.pk)
    return comment


def revise_comment(*, act: Act, record: Record, comment: Comment, text: str, version: int | None) -> Comment:
    """Other words for one's own comment; who is called only now is told. Raises as `comment_on`, VersionRequired, StaleEdit."""
    _require(act, record)
    _require_own(act, record, comment)
    text, called = _understood(act, record, text)
    with transaction.atomic():
        changed = records.revise(
            comment, act=act, values={"text": text}, links={"mentions": [user.pk for user in called]}, version=version
        )
        notify(act=act, kind="mention", record=record, users=[user.pk for user in called], about=comment.pk)
    return changed


def retract_comment(*, act: Act, record: Record, comment: Comment, version: int | None) -> None:
    """Take one's own comment back; the ledger keeps that it stood there. Raises NotPermitted, NotFound, StaleEdit."""
    _require(act, record)
    _require_own(act, record, comment)
    records.retract(comment, act=act, version=version)


def resolve_comment(*, act: Act, record: Record, comment: Comment, resolved: bool, version: int | None) -> Comment:
    """The matter of a comment is settled, or open again; anybody who may comment says so. Raises NotPermitted, StaleEdit."""
    _require(act, record)
    _require_of(record, comment)
    return records.revise(
        comment, act=act, values={"resolved": resolved}, version=version, action="resolve" if resolved else "reopen"
    )


def _require(act: Act, record: Record) -> None:
    act.viewer.require("comments.use", subject=str(record))
    require_seen(record, act.viewer)


def _require_of(record: Record, comment: Comment) -> None:
    if comment.subject_id != record.pk or comment.retracted:
        raise NotFound(N_("Không có ý kiến này."), subject=str(comment.pk), remedy=N_("Hãy tải lại trang."))


def _require_own(act: Act, record: Record, comment: Comment) -> None:
    _require_of(record, comment)
    require_own(act.viewer, comment)


def require_own(viewer: Viewer, comment: Comment) -> None:
    """Raise NotPermitted unless the comment is the viewer's own."""
    if viewer.id is None or comment.author_id != viewer.id:
        raise NotPermitted(
            N_("Chỉ người viết mới sửa hoặc rút ý kiến của mình."), subject=str(comment), remedy=N_("Hãy viết một ý kiến mới.")
        )


def _understood(act: Act, record: Record, text: str) -> tuple[str, list[User]]:
    text = nfc(text).replace("\r\n", "\n").strip()
    problems = []
    if not text:
        problems.append(FieldProblem("text", N_("Hãy viết ý kiến.")))
    if len(text) > LONGEST:
        problems.append(FieldProblem("text", N_("Ý kiến dài quá 4.000 ký tự.")))
    called = mentioned_in(text, record, timezone.localdate(act.at)) if not problems else []
    missing = names_in(text) - {user.username for user in called} if not problems else set()
    if missing:
        problems.append(FieldProblem("text", N_("Có tên sau dấu @ không phải của người được xem bản ghi này.")))
    if problems:
        raise InvalidInput(
            N_("Ý kiến chưa gửi được."),
            subject=", ".join(sorted(f"@{name}" for name in missing)) or str(record),
            remedy=N_("Hãy chọn tên trong danh sách gợi ý, hoặc bỏ dấu @.") if missing else N_("Hãy sửa các trường được nêu."),
            problems=problems,
        )
    return text, called
