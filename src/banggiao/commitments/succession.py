"""Every write by which commitments take the place of others: split, merged, superseded. What was replaced keeps its history.

Weights are neither made nor lost by splitting and merging, and first due dates stay, so that no figure of the past and no later
one changes because a promise was cut up or put together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from banggiao.commitments.models import Commitment, Succession
from banggiao.core import records
from banggiao.core.acts import CLASSIFICATIONS, Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, MissingInformation, WrongState
from banggiao.core.numbering import next_codes
from banggiao.followup.services import OPEN_STATES, move_work
from banggiao.followup.services_inbox import notify
from banggiao.partners.models import Institution

MOST_PARTS = 50
#: What the new ones are in every respect, because the promise is still the same one.
_KEPT = (
    "side", "partner_id", "activity_id", "agreement_id", "field", "measurable", "flagship", "made_on", "first_due", "current_due",
    "cycle_days", "person_in_charge", "responsibility", "product", "authority", "work_state", "blocked_reason", "unblocker",
    "classification", "owner", "exercise",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a commitment: its text, who leads it (None: as before), and its share of the weight."""

    text_vi: str
    weight: Decimal
    lead_id: UUID | None = None
    text_en: str = ""


@transaction.atomic
def split(
    *, act: Act, commitment: Commitment, parts: Sequence[Part], version: int | None, document: str = ""
) -> list[Commitment]:
    """Several commitments go on in the place of one, which becomes superseded. Their weights sum to its weight.

    They inherit partner, agreement, dates and how far work has come; `act.reason` says why. Raises NotPermitted, WrongState,
    InvalidInput naming each part (`parts.2.weight`), MissingInformation without a reason, VersionRequired, StaleEdit.
    """
    act.viewer.require("commitments.edit", subject=commitment.code)
    _require_open(commitment)
    problems = [] if 2 <= len(parts) <= MOST_PARTS else [FieldProblem("parts", N_("Hãy tách thành từ 2 đến 50 cam kết."))]
    for number, part in enumerate(parts, 1):
        if not part.text_vi.strip():
            problems.append(FieldProblem(f"parts.{number}.text_vi", N_("Hãy viết nội dung.")))
        if not part.weight.is_finite() or part.weight <= 0:
            problems.append(FieldProblem(f"parts.{number}.weight", N_("Trọng số phải lớn hơn 0.")))
        if part.lead_id and not _is_body(part.lead_id, commitment):
            problems.append(FieldProblem(f"parts.{number}.lead_id", N_("Không tìm thấy cơ quan này.")))
    if not problems and sum((part.weight for part in parts), Decimal(0)) != commitment.weight:
        problems.append(FieldProblem("parts", N_("Tổng trọng số của các phần phải bằng trọng số của cam kết được tách.")))
    _refuse(problems, commitment.code)
    common = {name: getattr(commitment, name) for name in _KEPT}
    rows = [
        {
            **common, "text_vi": part.text_vi.strip(), "text_en": part.text_en.strip(), "weight": part.weight,
            "lead_id": part.lead_id or commitment.lead_id,
        }
        for part in parts
    ]  # fmt: skip
    made = _enter(act, rows, [commitment] * len(rows))
    _replace(act, [(commitment, later) for later in made], "split", {commitment.pk: version}, document)
    others = sorted({c.lead_id for c in made if c.lead_id and c.lead_id != commitment.lead_id}, key=str)
    for body in others:
        first = next(c for c in made if c.lead_id == body)
        notify(act=act, kind="assigned", record=first, institutions=[body])
    return made


@transaction.atomic
def merge(
    *,
    act: Act,
    commitments: Sequence[Commitment],
    text_vi: str,
    versions: Mapping[UUID, int | None],
    text_en: str = "",
    lead_id: UUID | None = None,
    document: str = "",
) -> Commitment:
    """One commitment goes on in the place of several, which become superseded. Its weight is the sum of theirs.

    It has the earliest first due date, the latest current one, and what all of them share. With a partner it needs the number
    and date of the partner's document. Raises as `split`.
    """
    act.viewer.require("commitments.edit")
    chosen = list({c.pk: c for c in commitments}.values())
    name = ", ".join(c.code for c in chosen)
    for commitment in chosen:
        _require_open(commitment)
    problems = [] if 2 <= len(chosen) <= MOST_PARTS else [FieldProblem("commitments", N_("Hãy chọn từ 2 đến 50 cam kết để gộp."))]
    if not text_vi.strip():
        problems.append(FieldProblem("text_vi", N_("Hãy viết nội dung.")))
    if any(len({getattr(c, field) for c in chosen}) > 1 for field in ("side", "partner_id", "exercise")):
        problems.append(FieldProblem("commitments", N_("Chỉ gộp các cam kết của cùng một bên với cùng một đối tác.")))
    leads = {c.lead_id for c in chosen}
    if lead_id is None and len(leads) > 1:
        problems.append(FieldProblem("lead_id", N_("Hãy chọn cơ quan chủ trì cam kết gộp.")))
    if chosen and lead_id and not _is_body(lead_id, chosen[0]):
        problems.append(FieldProblem("lead_id", N_("Không tìm thấy cơ quan này.")))
    _refuse(problems, name)
    _require_document(chosen, document, name)
    first = chosen[0]
    values = {n: getattr(first, n) if len({getattr(c, n) for c in chosen}) == 1 else _blank(n) for n in _KEPT}
    values |= {
        "text_vi": text_vi.strip(), "text_en": text_en.strip(), "lead_id": lead_id or first.lead_id,
        "weight": sum((c.weight for c in chosen), Decimal(0)),
        "flagship": any(c.flagship for c in chosen),
        "cycle_days": min(c.cycle_days for c in chosen),
        "owner": first.owner,
        "classification": max((c.classification for c in chosen), key=CLASSIFICATIONS.index),
        "made_on": min(filter(None, (c.made_on for c in chosen)), default=""),
        "first_due": min(filter(None, (c.first_due for c in chosen)), default=""),
        "current_due": max(filter(None, (c.current_due for c in chosen)), default=""),
        "work_state": first.work_state if len({c.work_state for c in chosen}) == 1 else "assigned",
    }  # fmt: skip
    (made,) = _enter(act, [values], [first], coordinating=sorted({pk for c in chosen for pk in _coordinating(c)}, key=str))
    _replace(act, [(c, made) for c in chosen], "merged", versions, document)
    return made


@transaction.atomic
def supersede(
    *, act: Act, commitment: Commitment, by: Commitment, version: int | None, document: str = "", day: date | None = None
) -> Succession:
    """A commitment is replaced by another that stands in the register already; its weight is not carried over.

    With a partner it needs the number and date of the partner's document. Raises NotPermitted, WrongState (also for a circle of
    commitments that replace each other, whose chain it names), MissingInformation, VersionRequired, StaleEdit.
    """
    act.viewer.require("commitments.edit", subject=commitment.code)
    for pk in sorted((commitment.pk, by.pk)):
        records.lock(Commitment, pk)  # two who point at each other at once: the second sees the first
    chain = _chain(by, commitment)
    if chain:
        raise WrongState(
            N_("Không thể thay thế vòng tròn: %(chain)s."),
            chain=" → ".join((commitment.code, *chain)),
            subject=commitment.code,
            remedy=N_("Hãy chọn cam kết không thuộc chuỗi này."),
        )
    _require_open(commitment)
    if by.work_state in ("superseded", "cancelled", "lapsed") or by.exercise != commitment.exercise:
        raise WrongState(
            N_("Cam kết %(code)s không còn hiệu lực hoặc không cùng là thật, là diễn tập."),
            code=by.code,
            subject=commitment.code,
            remedy=N_("Hãy chọn cam kết đang có hiệu lực."),
        )
    _require_document([commitment], document, commitment.code)
    return _replace(act, [(commitment, by)], "superseded", {commitment.pk: version}, document, day)[0]


def _enter(
    act: Act, rows: Sequence[Mapping[str, Any]], of: Sequence[Commitment], coordinating: Sequence[UUID] | None = None
) -> list[Commitment]:
    years = [(row["made_on"] or "")[:4] or str(timezone.localdate(act.at).year) for row in rows]
    codes = next_codes(Commitment, "DT-CK" if of[0].exercise else "CK", years)
    ready = [
        ({**row, "code": code}, {"coordinating": _coordinating(one) if coordinating is None else coordinating})
        for row, code, one in zip(rows, codes, of, strict=True)
    ]
    return records.create_many(Commitment, act=act, rows=ready)


def _replace(
    act: Act,
    pairs: Sequence[tuple[Commitment, Commitment]],
    kind: str,
    versions: Mapping[UUID, int | None],
    document: str,
    day: date | None = None,
) -> list[Succession]:
    """Write down who follows whom, then close what was replaced."""
    rows: list[tuple[Mapping[str, Any], records.LinkRows]] = [
        (
            {
                "earlier_id": earlier.pk, "later_id": later.pk, "kind": kind, "day": day or timezone.localdate(act.at),
                "document": document.strip(), "classification": earlier.classification, "owner": earlier.owner,
                "exercise": earlier.exercise,
            },
            {},
        )
        for earlier, later in pairs
    ]  # fmt: skip
    made = records.create_many(Succession, act=act, rows=rows, action="succeed")
    for earlier in {earlier.pk: earlier for earlier, _later in pairs}.values():
        move_work(act=act, record=earlier, action="supersede", version=versions.get(earlier.pk))
    return made


def _chain(start: Commitment, end: Commitment) -> list[str]:
    """The codes from `start` through what replaced it to `end`, or [] where it does not lead there."""
    if start.pk == end.pk:
        return [end.code]
    came: dict[UUID, UUID | None] = {start.pk: None}
    codes, edge = {start.pk: start.code}, [start.pk]
    while edge:
        rows = Succession.objects.filter(earlier__in=edge, retracted=False).values_list("earlier_id", "later_id", "later__code")
        edge = []
        for earlier, later, code in rows:
            if later not in came:
                came[later], codes[later] = earlier, code
                edge.append(later)
    if end.pk not in came:
        return []
    path: list[str] = []
    place: UUID | None = end.pk
    while place is not None:
        path.append(codes[place])
        place = came[place]
    return path[::-1]


def _coordinating(commitment: Commitment) -> list[UUID]:
    return list(commitment.coordinating_rows.order_by("position").values_list("institution_id", flat=True))


def _is_body(pk: UUID, commitment: Commitment) -> bool:
    return Institution.objects.filter(pk=pk, exercise=commitment.exercise, retracted=False).exists()


def _blank(name: str) -> Any:
    """What a field holds where those merged do not agree."""
    field = Commitment._meta.get_field(name.removesuffix("_id"))
    return None if getattr(field, "null", False) else ""


def _require_open(commitment: Commitment) -> None:
    if commitment.work_state not in OPEN_STATES:
        raise WrongState(
            N_("Cam kết đã xong hoặc đã hết hiệu lực thì không tách, gộp hay thay thế."),
            subject=commitment.code,
            remedy=N_("Hãy chọn cam kết còn đang thực hiện."),
        )


def _require_document(commitments: Sequence[Commitment], document: str, subject: str) -> None:
    if any(c.partner_id for c in commitments) and not document.strip():
        raise MissingInformation(
            N_("Bỏ hoặc gộp cam kết với đối tác phải dẫn văn bản của đối tác."),
            subject=subject,
            remedy=N_("Hãy ghi số, ký hiệu và ngày của văn bản."),
            problems=[FieldProblem("document", N_("Văn bản của đối tác"))],
        )


def _refuse(problems: Sequence[FieldProblem], subject: str) -> None:
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=subject, remedy=N_("Hãy sửa các trường được nêu."), problems=list(problems)
        )
