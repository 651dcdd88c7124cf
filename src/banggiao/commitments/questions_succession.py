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
    # A succession tells of both its ends: it is shown only where both may be known.
    known = Commitment.objects.visible_to(viewer)
    rows = Succession.objects.filter(retracted=False, **of, earlier__in=known.values("pk"), later__in=known.values("pk"))
    return list(rows.select_related("earlier", "later").order_by("day", "later__code", "earlier__code"))
