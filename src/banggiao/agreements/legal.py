"""Where each party of an agreement stands, and who must still ratify: told by the dated steps, never typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from banggiao.agreements.models import Agreement, AgreementParty, PartyStatus
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput, NotFound
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Partner

#: The home country as a party: steps without a partner, or with the partner of this code, are its own.
HOME = Bi("Việt Nam", "Viet Nam")
_HOME_CODE = "VNM"
#: Signed, and not yet in force for everybody.
_WAITING = ("signed", "ratified")


@dataclass(frozen=True, slots=True)
class PartyState:
    """A party with its steps in order of their days. `days` tells when each state was first reached."""

    party: Ref | None
    name: Bi
    steps: Sequence[PartyStatus]
    days: Mapping[str, str]
    latest: str
    bound: bool


def step_code(status: str) -> str:
    """The legal state that a step stands for; empty for what is none (a count of ratifications in a data set)."""
    states = vocabulary("party_status")
    if status in states:
        return status
    try:
        return states.from_reference(status)
    except NotFound:
        return ""


def party_states(agreements: Sequence[Agreement], viewer: Viewer) -> dict[UUID, list[PartyState]]:
    """Each agreement's parties: the home country, the parties as written, then whoever took a step of their own."""
    ids = [agreement.pk for agreement in agreements]
    parties: dict[UUID, list[Any]] = {pk: [] for pk in ids}
    rows = AgreementParty.objects.filter(agreement_id__in=ids).select_related("partner").order_by("agreement_id", "position")
    for row in rows:
        parties[row.agreement_id].append(row.partner)
    taken: dict[UUID, dict[Any, list[PartyStatus]]] = {pk: {} for pk in ids}
    steps = PartyStatus.objects.visible_to(viewer).filter(agreement_id__in=ids).select_related("partner").order_by("day", "pk")
    for step in steps:
        home = step.partner is None or step.partner.code == _HOME_CODE
        taken[step.agreement_id].setdefault(None if home else step.partner, []).append(step)
    known = set(Partner.objects.visible_to(viewer).filter(pk__in=_ids(parties, taken)).values_list("pk", flat=True))
    return {
        pk: [
            _state(partner, taken[pk].get(partner, []))
            for partner in dict.fromkeys([None, *parties[pk], *taken[pk]])
            if partner is None or (partner.pk in known and partner.code != _HOME_CODE)
        ]
        for pk in ids
    }


def _ids(parties: Mapping[UUID, list[Any]], taken: Mapping[UUID, Mapping[Any, Any]]) -> set[UUID]:
    named = [*(p for some in parties.values() for p in some), *(p for some in taken.values() for p in some)]
    return {partner.pk for partner in named if partner is not None}


def _state(partner: Any, steps: Sequence[PartyStatus]) -> PartyState:
    days: dict[str, str] = {}
    latest = ""
    for step in steps:
        if code := step_code(step.status):
            days.setdefault(code, step.day)
            latest = code
    binding = vocabulary("party_status")
    bound = latest != "terminated" and any(binding.attribute(code, "binding") == "yes" for code in days)
    name = Bi(partner.name_vi, partner.name_en) if partner else HOME
    ref = Ref(partner.pk, "partners.partner", name) if partner else None
    return PartyState(ref, name, steps, days, latest, bound)


_COLUMNS = (
    Column("agreement", N_("Văn kiện"), "bilingual"),
    Column("party", N_("Bên còn phải phê chuẩn"), "bilingual"),
    Column("latest", N_("Bước đã ghi"), "code", "party_status"),
    Column("since", N_("Từ ngày"), "date"),
    Column("signed_on", N_("Ngày ký văn kiện"), "date"),
)


def must_ratify(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """Who must still ratify: parties without a binding step on record, of signed agreements that need ratification.

    An agreement needs it by its kind, or because a party has taken such a step (rule `parties_to_ratify`). Raises InvalidInput.
    """
    kinds = vocabulary("agreement_kind")
    by_kind = [t.code for t in kinds.terms if t.attributes.get("must_ratify") == "yes"]
    of_states = [t.code for t in vocabulary("party_status").terms if t.attributes.get("binding") == "yes"]
    ratified = PartyStatus.objects.filter(agreement_id=OuterRef("pk"), status__in=of_states, retracted=False)
    agreements = Agreement.objects.visible_to(viewer).filter(status__in=_WAITING, collective=False)
    agreements = agreements.filter(Q(kind__in=by_kind) | Exists(ratified))
    if params["agreement"]:
        agreements = agreements.filter(pk=_uuid(params["agreement"]))
    ordered = list(agreements.order_by("-signed_on", "pk"))
    states = party_states(ordered, viewer)
    rows = [
        Row(
            (
                Bi(agreement.name_vi, agreement.name_en),
                state.name,
                state.latest,
                state.days.get(state.latest, ""),
                agreement.signed_on,
            ),
            agreement.pk,
            "agreements.agreement",
            exercise=agreement.exercise,
            mark=agreement.evidence,
        )
        for agreement in ordered
        for state in states[agreement.pk]
        if not state.bound and state.latest not in ("suspended", "terminated") and _asked(state, params["partner"])
    ]
    first = _place(page.cursor)
    shown = tuple(rows[first : first + page.size] if page.size else rows[first:])
    after = str(first + len(shown)) if first + len(shown) < len(rows) else ""
    used = {n: v for n, v in params.items() if v}
    return Answer(
        RATIFY.name, RATIFY.title, _COLUMNS, shown, len(rows), at, "parties_to_ratify", next_cursor=after, parameters=used
    )


def _asked(state: PartyState, code: str) -> bool:
    if not code or code == _HOME_CODE:
        return not code or state.party is None
    return state.party is not None and Partner.objects.filter(pk=state.party.id, code=code).exists()


def _place(cursor: str) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 8):
        raise InvalidInput(N_("Không hiểu vị trí trang."), remedy=N_("Hãy mở lại danh sách từ trang đầu."))
    return int(cursor)


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise InvalidInput(
            N_("Giá trị “%(value)s” không hợp lệ."), value=value[:80], remedy=N_("Hãy chọn một giá trị trong danh sách.")
        ) from None


RATIFY = register_question(
    Question(
        "must_ratify",
        Bi("Còn phải phê chuẩn", "Still to ratify"),
        "registers.view",
        (Parameter("partner", N_("Đối tác"), "partner"), Parameter("agreement", N_("Văn kiện"), "id")),
        _COLUMNS,
        must_ratify,
    )
)
