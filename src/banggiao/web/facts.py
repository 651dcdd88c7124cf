"""What a reader does with the facts of a document: accept, correct, reject, undo, add; one by one or above a confidence.

A card is sent for by htmx and comes back alone with the counts that changed; without script the whole page comes back at it.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from banggiao.core.errors import BangGiaoError, MissingInformation, StaleEdit, WrongState
from banggiao.intelligence.comparing import Ruling, Undecided, compare
from banggiao.intelligence.services import accept, undo_fact
from banggiao.intelligence.services_batches import start_batch, take_back_last
from banggiao.intelligence.setting import Setting
from banggiao.reports.questions import fact_seen
from banggiao.sources.models import Fact
from banggiao.sources.questions import fact_counts, last_word, next_fact
from banggiao.sources.services import reject_fact
from banggiao.web.addresses import record_url
from banggiao.web.asking import asker, deed, typed, version_sent
from banggiao.web.documents import certainty_in, document_seen, fact_url
from banggiao.web.errors import KINDS
from banggiao.web.fact_cards import card, counts_of, status_of
from banggiao.web.frame import render
from banggiao.web.pages import FactFragment
from banggiao.web.words import is_id, label, told


@require_safe
def show(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A fact stands in its document: on to its card there; for htmx the card itself."""
    fact = fact_seen(key, asker(request))
    return _card(request, fact) if _alone(request) else redirect(fact_url(fact))


@require_POST
def accept_one(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Accept as read, or as a person decided where the register says something else."""
    fact = fact_seen(key, asker(request))
    try:
        accept(act=deed(request), fact=fact, version=version_sent(request), ruling=ruling_in(request))
    except Undecided as error:
        if _alone(request):
            return _card(request, fact, error=error)
        messages.warning(request, told(error))
        return redirect(fact_url(fact))
    except MissingInformation as error:
        if _alone(request):
            return _card(request, fact, error=error)
        messages.warning(request, told(error))
        return redirect("web:correct_fact", fact.pk)
    except (WrongState, StaleEdit) as error:
        return _second(request, fact, error)
    return _settled(request, fact)


@require_POST
def reject(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Say that it is wrong."""
    fact = fact_seen(key, asker(request))
    try:
        reject_fact(act=deed(request), fact=fact, version=version_sent(request))
    except (WrongState, StaleEdit) as error:
        return _second(request, fact, error)
    return _settled(request, fact)


@require_POST
def undo_one(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Take an acceptance or a rejection back."""
    fact = fact_seen(key, asker(request))
    try:
        undo_fact(act=deed(request), fact=fact, version=version_sent(request))
    except (WrongState, StaleEdit) as error:
        return _second(request, fact, error)
    if _alone(request):
        return _card(request, fact, note=_("Đã hoàn tác; thông tin lại chờ duyệt."))
    messages.success(request, _("Đã hoàn tác; thông tin lại chờ duyệt."))
    return redirect(fact_url(fact))


@require_POST
def accept_batch(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Accept everything at least as certain as said; what needs a person stays and is counted."""
    document = document_seen(request, key)
    here = redirect(record_url("sources.document", document.pk))
    certainty = certainty_in(typed(request, "above"))
    if certainty is None:
        messages.error(request, _("Độ tin cậy phải là một số từ 0 đến 100."))
        return here
    batch = start_batch(act=deed(request), document=document, certainty=certainty)
    if batch is None:
        messages.info(request, _("Đang duyệt hàng loạt ở phía máy chủ; bạn có thể rời trang này."))
        return here
    count, left = sum(batch.accepted.values()), len(batch.left)
    messages.success(request, ngettext("Đã duyệt %(n)d thông tin.", "Đã duyệt %(n)d thông tin.", count) % {"n": count})
    if left:
        words = ngettext("Giữ lại %(n)d thông tin để người duyệt.", "Giữ lại %(n)d thông tin để người duyệt.", left) % {"n": left}
        messages.warning(request, words)
    for fact, error in batch.left[:3]:
        messages.warning(request, f"{label('fact_kind', fact.kind)}: {told(error)}")
    return here


@require_POST
def undo_batch(request: HttpRequest, key: UUID, batch: UUID) -> HttpResponseBase:
    """Take a batch back as one."""
    document = document_seen(request, key)
    count = take_back_last(act=deed(request), document=document, batch=batch)
    if count is None:
        messages.info(request, _("Đang hoàn tác ở phía máy chủ; bạn có thể rời trang này."))
    else:
        words = ngettext("Đã hoàn tác; %(n)d thông tin lại chờ duyệt.", "Đã hoàn tác; %(n)d thông tin lại chờ duyệt.", count)
        messages.success(request, words % {"n": count})
    return redirect(record_url("sources.document", document.pk))


def ruling_in(request: HttpRequest) -> Ruling | None:
    """What was decided in a form where fact and register differ; None where nothing was."""
    choice, record, version = typed(request, "ruling"), typed(request, "record"), typed(request, "record_version")
    if choice not in ("keep", "take", "separate") or not is_id(record):
        return None
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
    return Ruling(choice, UUID(record), seen)  # type: ignore[arg-type]  # one of the three, as just seen


def _alone(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _settled(request: HttpRequest, fact: Fact) -> HttpResponseBase:
    """The card as it stands now, and on to the next that waits, so that one can go on by keyboard."""
    following = next_fact(fact, asker(request))
    if _alone(request):
        return _card(request, fact, following=following)
    return redirect(fact_url(following or fact))


def _second(request: HttpRequest, fact: Fact, error: BangGiaoError) -> HttpResponseBase:
    """Somebody was first: the card comes back as it stands now, with who and when."""
    if not _alone(request):
        raise error
    return _card(request, fact, error=error)


def _card(
    request: HttpRequest, fact: Fact, *, error: BangGiaoError | None = None, note: str = "", following: Fact | None = None
) -> HttpResponse:
    viewer = asker(request)
    fact = fact_seen(fact.pk, viewer)
    document, may_check = fact.document, viewer.may("facts.check")
    known = compare(Setting(deed(request), document), [fact], viewer) if may_check and fact.state == "proposed" else {}
    total, waiting = fact_counts(document, viewer)
    last = last_word(fact) if fact.state != "proposed" else None
    shown = card(
        fact,
        document,
        sentences=_sentences(request),
        known=known.get(fact.pk),
        may_check=may_check,
        settled=_("%(who)s, %(at)s") % {"who": last[0], "at": timezone.localtime(last[1]).strftime("%H:%M, %d/%m/%Y")}
        if last
        else "",
        note=told(error) if error else note,
    )
    page = FactFragment(card=shown, counts=counts_of(total, waiting), status=status_of(waiting))
    status = KINDS.get(error.code, (422, ""))[0] if error else 200
    response = render(request, "fact_card.html", page, status=status, exercise=fact.exercise)
    told_script: dict[str, Any] = {"fact": str(fact.pk), "waits": fact.state == "proposed", "failed": error is not None}
    if following is not None:
        told_script |= {"next": str(following.pk), "url": fact_url(following)}
    response["HX-Trigger-After-Settle"] = json.dumps({"settled": told_script})
    return response


def _sentences(request: HttpRequest) -> tuple[int, ...]:
    number = typed(request, "sentence")
    return (int(number),) if number.isascii() and number.isdigit() and len(number) < 8 else ()
