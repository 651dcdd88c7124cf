"""Questions that stand across packages: which facts wait for a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Substr

from banggiao.core import kept
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput, NotFound
from banggiao.core.installation import Installation
from banggiao.core.jobs import questions as _jobs  # noqa: F401
from banggiao.core.questions import (
    ALL,
    Answer,
    Bi,
    Column,
    Page,
    Parameter,
    Question,
    Ref,
    Row,
    filled,
    question_named,
    register_question,
)
from banggiao.core.registers import narrowed, register_named, registers
from banggiao.core.vocabulary import vocabulary
from banggiao.reports import commitments_difference as _commitments_difference  # noqa: F401
from banggiao.reports import commitments_report as _commitments_report  # noqa: F401
from banggiao.reports import duties as _duties  # noqa: F401  registers its questions, as do the others
from banggiao.reports import forecasting as _forecasting  # noqa: F401
from banggiao.reports import guards as _guards  # noqa: F401
from banggiao.reports import kpi as _kpi  # noqa: F401
from banggiao.reports import ledger as _ledger  # noqa: F401
from banggiao.reports import own_counts as _own_counts  # noqa: F401
from banggiao.reports import pledges as _pledges  # noqa: F401
from banggiao.reports import questions_partner as _partner  # noqa: F401
from banggiao.reports import review_difference as _review_difference  # noqa: F401
from banggiao.reports import similar as _similar  # noqa: F401  registers its question
from banggiao.reports import six_fields as _six_fields  # noqa: F401
from banggiao.sources.models import Document, Fact

_COLUMNS = (
    Column("words", N_("Thông tin"), "lead"),
    Column("kind", N_("Loại"), "code", "fact_kind"),
    Column("certainty", N_("Độ tin cậy"), "percent"),
    Column("document", N_("Tài liệu"), "record"),
)
#: Late enough for anything on record, and not so late that a time zone falls out of the calendar.
_ANY_TIME = datetime(9999, 12, 30, tzinfo=UTC)
_LONGEST = 300
#: Questions that are asked of one world at a time, chosen by the asker.
_ONE_WORLD = ("commitments_report", "kpi_timeliness", "kpi_progress", "kpi_first_action", "gaming_signs", "pledge_ledger")


def fact_seen(fact_id: UUID, viewer: Viewer) -> Fact:
    """The fact, if the viewer may know of it and of its document; else NotFound."""
    fact: Fact | None = Fact.objects.visible_to(viewer).select_related("document").filter(pk=fact_id).first()
    if fact is None or not Document.objects.visible_to(viewer).filter(pk=fact.document_id).exists():
        raise NotFound(N_("Không tìm thấy bản ghi."), subject=str(fact_id), remedy=N_("Hãy kiểm tra lại mã hoặc tìm trong sổ."))
    return fact


def holds_exercise(question: str, params: Mapping[str, str], viewer: Viewer) -> bool:
    """Whether anything the answer counts is of the exercise, on whichever of its pages."""
    if question == "review_difference":
        return params.get("exercise") == "yes"
    if question == "facts_to_check":
        return Fact.objects.visible_to(viewer).filter(state="proposed", exercise=True).exists()
    if question in ("who_must_act", "commitments_by_partner"):
        return any(holds_exercise(name, {}, viewer) for name in ("commitments", "tasks"))
    if question == "programmes_by_mission":
        return holds_exercise("programmes", {}, viewer)
    if question in ("six_fields", "who_reported"):
        return holds_exercise("commitments", {}, viewer)
    if question in _ONE_WORLD:
        return params.get("exercise") == "yes"
    if question == "outlook":
        rows = narrowed(register_named(params.get("of") or "commitments"), {}, viewer)
        return rows.filter(code=params.get("code", ""), exercise=True).exists()
    if question in ("ledger", "jobs"):
        return question == "ledger" and Installation.objects.filter(exercise_start__isnull=False).exists()
    if question not in {register.name for register in registers()}:
        asked = question_named(question)
        # Which rows there are does not depend on the moment, and those of such a question are few.
        answer = asked.answer(filled(asked, params, viewer), viewer, ALL, _ANY_TIME)
        return any(row.exercise for row in answer.rows)
    return kept.exists(narrowed(register_named(question), params, viewer).filter(exercise=True))


def waiting(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """The proposed facts that the viewer may know of, latest reading first (rule `facts_to_check`). Raises InvalidInput."""
    rows = Fact.objects.visible_to(viewer).filter(state="proposed")
    if params["kind"]:
        if params["kind"] not in vocabulary("fact_kind"):
            raise _not_understood()
        rows = rows.filter(kind=params["kind"])
    if params["document"]:
        rows = rows.filter(document_id=_id(params["document"]))
    total = rows.count()
    # Ids rise with time, so they are the order of reading.
    rows = rows.order_by("-pk")
    if page.cursor:
        rows = rows.filter(pk__lt=_id(page.cursor))
    if page.size:
        rows = rows[: page.size + 1]
    words = Substr("document__text", F("start") + 1, F("end") - F("start"))
    found = list(
        rows.annotate(words=words).values_list("pk", "words", "kind", "certainty", "document_id", "document__title", "exercise")
    )
    more = bool(page.size) and len(found) > page.size
    found = found[: page.size] if more else found
    listed = tuple(
        Row(
            (_short(text), kind, round(certainty * 100), Ref(document, "sources.document", Bi(title))),
            pk,
            "sources.fact",
            exercise=exercise,
        )
        for pk, text, kind, certainty, document, title, exercise in found
    )
    used = {n: v for n, v in params.items() if v}
    cursor = str(found[-1][0]) if more else ""
    return Answer(
        "facts_to_check", WAITING.title, _COLUMNS, listed, total, at, "facts_to_check", next_cursor=cursor, parameters=used
    )


WAITING = register_question(
    Question(
        "facts_to_check",
        Bi("Thông tin chờ duyệt", "Facts to check"),
        "facts.check",
        (Parameter("kind", N_("Loại"), "code", "fact_kind"), Parameter("document", N_("Tài liệu"), "id")),
        _COLUMNS,
        waiting,
    )
)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"


def _id(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise _not_understood() from None


def _not_understood() -> InvalidInput:
    return InvalidInput(N_("Không hiểu giá trị lọc hoặc vị trí trang."), remedy=N_("Hãy mở lại danh sách từ trang đầu."))
