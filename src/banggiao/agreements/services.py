"""Every write to agreements; their legal steps, texts, clauses and checks are lines (`core.lines`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from banggiao.agreements.lines import CLAUSES
from banggiao.agreements.models import Agreement, Clause
from banggiao.agreements.states import AGREEMENT
from banggiao.core import records, transitions
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.lines import add_lines, follow_parent
from banggiao.core.numbering import next_codes
from banggiao.core.vocabulary import vocabulary


def create_agreement(*, act: Act, values: Mapping[str, Any], parties: Sequence[Any] = (), year: str = "") -> Agreement:
    """An agreement enters the register; without a code it gets the next of its year (`year` where it has no date).

    Raises NotPermitted, InvalidInput, NotFound for an unknown kind.
    """
    act.viewer.require("agreements.edit", subject=str(values.get("name_vi", "")))
    return enter_agreement(act=act, values=values, parties=parties, year=year)


def create_agreements(*, act: Act, rows: Sequence[tuple[Mapping[str, Any], records.LinkRows]]) -> list[Agreement]:
    """Agreements enter the register, all or none. Raises as `create_agreement`."""
    act.viewer.require("agreements.edit", subject=next((str(values.get("name_vi", "")) for values, _links in rows), ""))
    return _enter(act, rows, str(act.at.year))


def enter_agreement(*, act: Act, values: Mapping[str, Any], parties: Sequence[Any] = (), year: str = "") -> Agreement:
    """The same where another right was asked for: somebody accepts what a document tells. Raises InvalidInput, NotFound."""
    return _enter(act, [(values, {"parties": parties})], year or str(act.at.year))[0]


@transaction.atomic
def _enter(act: Act, rows: Sequence[tuple[Mapping[str, Any], records.LinkRows]], year: str) -> list[Agreement]:
    for values, _links in rows:
        vocabulary("agreement_kind").term(values["kind"])
        _check_days(values.get("signed_on") or "", values.get("in_force_on") or "", subject=str(values.get("name_vi", "")))
    years = [(values.get("signed_on") or "")[:4] or year for values, _links in rows if not values.get("code")]
    fresh = iter(next_codes(Agreement, "DT-TT" if act.exercise else "TT", years))
    coded: list[tuple[Mapping[str, Any], records.LinkRows]] = [
        ({**values, "code": values.get("code") or next(fresh)}, links) for values, links in rows
    ]
    return records.create_many(Agreement, act=act, rows=coded)


@transaction.atomic
def revise_agreement(
    *, act: Act, agreement: Agreement, values: Mapping[str, Any], version: int | None, parties: Sequence[Any] | None = None
) -> Agreement:
    """Change an agreement. Raises NotPermitted, VersionRequired, StaleEdit, InvalidInput."""
    act.viewer.require("agreements.edit", subject=str(agreement))
    if values.get("amends_id"):
        _check_amended(agreement, values["amends_id"])
    if "signed_on" in values or "in_force_on" in values:
        signed, in_force = (values.get(name, getattr(agreement, name)) or "" for name in ("signed_on", "in_force_on"))
        _check_days(signed, in_force, subject=str(agreement))
    links = None if parties is None else {"parties": list(parties)}
    changed = records.revise(agreement, act=act, values=values, links=links, version=version)
    if "owner" in values or "classification" in values:
        follow_parent(act=act, parent=changed)
    return changed


def confirm_clauses(*, act: Act, agreement: Agreement, document_id: UUID, clauses: Sequence[Mapping[str, Any]]) -> list[Clause]:
    """The clauses that a person confirmed in a text of the agreement; those already there are left as they are.

    All or none. Raises NotPermitted, InvalidInput for words outside the text or in another clause.
    """
    standing = set(
        Clause.objects.filter(agreement=agreement, document_id=document_id, retracted=False).values_list("start", "end")
    )
    rows = [{**clause, "document_id": document_id} for clause in clauses if (clause["start"], clause["end"]) not in standing]
    return add_lines(act=act, lines=CLAUSES, parent=agreement, rows=rows)


def _check_amended(agreement: Agreement, amended: Any) -> None:
    """An instrument never amends itself, directly or by way of others."""
    seen, at = {agreement.pk}, UUID(str(amended))
    while at not in seen:
        seen.add(at)
        above = Agreement.objects.filter(pk=at).values_list("amends_id", flat=True).first()
        if above is None:
            return
        at = above
    raise InvalidInput(
        N_("Văn kiện không thể sửa đổi chính nó, kể cả qua văn kiện khác."),
        subject=str(agreement),
        remedy=N_("Hãy chọn lại văn kiện được sửa đổi."),
        problems=[FieldProblem("amends_id", N_("Vòng sửa đổi khép kín."))],
    )


def _check_days(signed: str, in_force: str, *, subject: str) -> None:
    if signed and in_force and in_force < signed[: len(in_force)]:
        raise InvalidInput(
            N_("Ngày có hiệu lực đứng trước ngày ký."),
            subject=subject,
            remedy=N_("Hãy sửa một trong hai ngày."),
            problems=[FieldProblem("in_force_on", N_("Đứng trước ngày ký."))],
        )


def move_agreement(
    *, act: Act, agreement: Agreement, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> Agreement:
    """Take a step of the agreement's life. Raises what `transitions.apply` raises."""
    return transitions.apply(agreement, AGREEMENT, action, act=act, version=version, values=values)
