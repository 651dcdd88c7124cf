"""Every write to market barriers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from banggiao.barriers.models import Barrier
from banggiao.barriers.states import BARRIER
from banggiao.core import records, transitions
from banggiao.core.acts import Act
from banggiao.core.numbering import next_code


@transaction.atomic
def create_barrier(*, act: Act, values: Mapping[str, Any]) -> Barrier:
    """A barrier enters the register as a draft; without a code it gets the next of its year."""
    prefix = "DT-RC" if act.exercise else "RC"
    code = values.get("code") or next_code(Barrier, prefix, str(act.at.year))
    return records.create(Barrier, act=act, values={**values, "code": code})


def revise_barrier(*, act: Act, barrier: Barrier, values: Mapping[str, Any], version: int | None) -> Barrier:
    """Change a barrier. Raises NotPermitted, VersionRequired, StaleEdit, InvalidInput."""
    act.viewer.require("barriers.edit", subject=str(barrier))
    return records.revise(barrier, act=act, values=values, version=version)


def move_barrier(
    *, act: Act, barrier: Barrier, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> Barrier:
    """Take a step. Raises what `transitions.apply` raises."""
    return transitions.apply(barrier, BARRIER, action, act=act, version=version, values=values)
