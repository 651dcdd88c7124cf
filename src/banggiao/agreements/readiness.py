"""How ready an instrument is to be signed, point by point of the checklist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from banggiao.activities.models import Activity
from banggiao.agreements.models import Agreement, ReadinessCheck
from banggiao.core.acts import Viewer
from banggiao.core.vocabulary import vocabulary

#: An instrument in one of these states is still to be signed.
BEFORE_SIGNING = ("proposed", "negotiating", "initialled")
_SETTLED = ("done", "not_needed")


@dataclass(frozen=True, slots=True)
class Readiness:
    """An instrument with the state of each point that somebody has written down; `ready` when all points are settled."""

    agreement: Agreement
    states: Mapping[str, str]
    ready: bool


def readiness_of(activity: Activity, viewer: Viewer) -> list[Readiness]:
    """The instruments prepared for an activity that are not signed yet, the readier first."""
    waiting = Agreement.objects.visible_to(viewer).filter(activity=activity, status__in=BEFORE_SIGNING)
    agreements = list(waiting.order_by("name_vi", "pk"))
    states = states_of(agreements, viewer)
    found = [Readiness(a, states[a.pk], not missing(states[a.pk])) for a in agreements]
    return sorted(found, key=lambda each: len(missing(each.states)))


def states_of(agreements: Sequence[Agreement], viewer: Viewer) -> dict[UUID, dict[str, str]]:
    """Agreement -> point of the checklist -> how it stands."""
    found: dict[UUID, dict[str, str]] = {agreement.pk: {} for agreement in agreements}
    checks = ReadinessCheck.objects.visible_to(viewer).filter(agreement_id__in=list(found))
    for agreement, item, state in checks.values_list("agreement_id", "item", "state"):
        found[agreement][item] = state
    return found


def missing(states: Mapping[str, str]) -> list[str]:
    """The points that are not settled."""
    return [code for code in vocabulary("readiness_item").codes if states.get(code) not in _SETTLED]
