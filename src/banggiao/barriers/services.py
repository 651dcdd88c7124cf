"""Every write to market barriers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from banggiao.barriers.models import Barrier
from banggiao.barriers.states import BARRIER
from banggiao.core import records, transitions
from banggiao.core.acts import Act
from banggiao.core.numbering import next_codes


def create_barrier(*, act: Act, values: Mapping[str, Any]) -> Barrier:
    """A barrier entered by hand. Raises NotPermitted, InvalidInput."""
    return create_barriers(act=act, rows=[values])[0]


def create_barriers(*, act: Act, rows: Sequence[Mapping[str, Any]]) -> list[Barrier]:
    """Barriers entered by hand, all or none. Raises NotPermitted, InvalidInput."""
    act.viewer.require("barriers.edit")
    return enter_barriers(act=act, rows=rows)


def enter_barrier(*, act: Act, values: Mapping[str, Any]) -> Barrier:
    """A barrier enters the register. Raises InvalidInput."""
    return enter_barriers(act=act, rows=[values])[0]


@transaction.atomic
def enter_barriers(*, act: Act, rows: Sequence[Mapping[str, Any]]) -> list[Barrier]:
    """Barriers enter the register as drafts; without a code each gets the next of the year. Raises InvalidInput."""
    prefix = "DT-RC" if act.exercise else "RC"
    fresh = iter(next_codes(Barrier, prefix, [str(act.at.year) for values in rows if not values.get("code")]))
    coded: list[tuple[Mapping[str, Any], records.LinkRows]] = [
        ({**values, "code": values.get("code") or next(fresh)}, {}) for values in rows
    ]
    return records.create_many(Barrier, act=act, rows=coded)


def revise_barrier(*, act: Act, barrier: Barrier, values: Mapping[str, Any], version: int | None) -> Barrier:
    """Change a barrier. Raises NotPermitted, VersionRequired, StaleEdit, InvalidInput."""
    act.viewer.require("barriers.edit", subject=str(barrier))
    return records.revise(barrier, act=act, values=values, version=version)


def move_barrier(
    *, act: Act, barrier: Barrier, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> Barrier:
    """Take a step. Raises what `transitions.apply` raises."""
    return transitions.apply(barrier, BARRIER, action, act=act, version=version, values=values)
