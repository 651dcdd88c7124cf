"""Every write to agreements and to the legal steps of their parties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from banggiao.agreements.models import Agreement
from banggiao.agreements.states import AGREEMENT
from banggiao.core import records, transitions
from banggiao.core.acts import Act
from banggiao.core.numbering import next_code
from banggiao.core.vocabulary import vocabulary


@transaction.atomic
def create_agreement(*, act: Act, values: Mapping[str, Any], parties: Sequence[Any] = (), year: str = "") -> Agreement:
    """An agreement enters the register; without a code it gets the next of its year (`year` where it has no date).

    Raises InvalidInput, NotFound for an unknown kind.
    """
    vocabulary("agreement_kind").term(values["kind"])
    prefix = "DT-TT" if act.exercise else "TT"
    code = values.get("code") or next_code(Agreement, prefix, values.get("signed_on", "")[:4] or year or str(act.at.year))
    return records.create(Agreement, act=act, values={**values, "code": code}, links={"parties": list(parties)})


def revise_agreement(
    *, act: Act, agreement: Agreement, values: Mapping[str, Any], version: int | None, parties: Sequence[Any] | None = None
) -> Agreement:
    """Change an agreement. Raises NotPermitted, VersionRequired, StaleEdit, InvalidInput."""
    act.viewer.require("agreements.edit", subject=str(agreement))
    links = None if parties is None else {"parties": list(parties)}
    return records.revise(agreement, act=act, values=values, links=links, version=version)


def move_agreement(
    *, act: Act, agreement: Agreement, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> Agreement:
    """Take a step of the agreement's life. Raises what `transitions.apply` raises."""
    return transitions.apply(agreement, AGREEMENT, action, act=act, version=version, values=values)
