"""How a batch starts: at once when it is short, else as a job, so that nobody waits for a page or loses one by leaving it."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7

from banggiao.core.acts import Act
from banggiao.core.errors import N_, WrongState
from banggiao.intelligence.questions import AT_ONCE, last_batch, under_way, waiting_above
from banggiao.intelligence.services import Batch, accept_above, undo_batch
from banggiao.intelligence.tasks import accept_batch, take_back_batch
from banggiao.sources.models import Document


def start_batch(*, act: Act, document: Document, certainty: float) -> Batch | None:
    """Accept a document's facts above a confidence; None when a job does it. What differs from the register is held back.

    Raises NotPermitted, WrongState while another batch of the document is under way.
    """
    act.viewer.require("facts.check", subject=str(document))
    _only_one(document)
    if act.viewer.id is None or waiting_above(document, act.viewer, certainty) <= AT_ONCE:
        return accept_above(act=act, document=document, certainty=certainty, holds=True)
    accept_batch.enqueue(str(document.pk), certainty, str(act.viewer.id), str(uuid7()))
    return None


def take_back_last(*, act: Act, document: Document, batch: UUID) -> int | None:
    """Take a batch back; how many facts wait again, None when a job does it. Raises NotPermitted, WrongState, NotFound."""
    act.viewer.require("facts.check", subject=str(document))
    _only_one(document)
    last = last_batch(document)
    if act.viewer.id is None or last is None or last[1] <= AT_ONCE:
        return undo_batch(act=act, document=document, batch=batch)
    take_back_batch.enqueue(str(document.pk), str(act.viewer.id), str(batch))
    return None


def _only_one(document: Document) -> None:
    if under_way(document):
        raise WrongState(
            N_("Một lần duyệt hàng loạt của tài liệu này đang chạy."),
            subject=str(document),
            remedy=N_("Hãy đợi lần ấy xong rồi làm tiếp."),
        )
