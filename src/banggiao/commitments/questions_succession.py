"""What replaced a commitment, and what it replaced, as far as the viewer may know."""

from __future__ import annotations

from banggiao.commitments.models import Commitment, Succession
from banggiao.core.acts import Viewer


def earlier_of(commitment: Commitment, viewer: Viewer) -> list[Succession]:
    """The commitments whose place this one took, oldest first."""
    return _seen(viewer, later=commitment)


def later_of(commitment: Commitment, viewer: Viewer) -> list[Succession]:
    """The commitments that took the place of this one, oldest first."""
    return _seen(viewer, earlier=commitment)


def _seen(viewer: Viewer, **of: Commitment) -> list[Succession]:
    rows = Succession.objects.filter(retracted=False, **of).select_related("earlier", "later")
    found = list(rows.order_by("day", "later__code", "earlier__code"))
    # A succession tells of both its ends: it is shown only where both may be known. Few are asked for, so the ends are named.
    ends = {pk for row in found for pk in (row.earlier_id, row.later_id)}
    known = set(Commitment.objects.visible_to(viewer).filter(pk__in=ends).values_list("pk", flat=True))
    return [row for row in found if {row.earlier_id, row.later_id} <= known]
