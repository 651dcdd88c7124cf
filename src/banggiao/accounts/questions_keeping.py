"""Which saved views does a user have before them?"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from banggiao.accounts.keeping import SavedView
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput, NotFound

#: Days that a view keeps as a word, because they move on: how many days back from today each is.
ROLLING = {"today": 0, "yesterday": 1}


def views_for(viewer: Viewer, register: str = "") -> QuerySet[SavedView]:
    """One's own views and those shared with one's institutions, by name; the programme itself knows the shared ones only."""
    shared = Q(shared=True) if viewer.is_system else Q(shared=True, owner__in=viewer.institutions)
    mine = Q(user_id=viewer.id) if viewer.id else Q(pk__in=[])
    rows = SavedView.objects.filter(mine | shared, retracted=False).select_related("user")
    return rows.filter(register=register) if register else rows


def view_seen(view_id: UUID, viewer: Viewer) -> SavedView:
    """The view, if the viewer may know of it; else NotFound."""
    found = views_for(viewer).filter(pk=view_id).first()
    if found is None:
        raise NotFound(N_("Không có cách xem này."), subject=str(view_id), remedy=N_("Hãy mở lại danh sách các cách xem."))
    return found


def view_named(register: str, name: str, viewer: Viewer) -> SavedView:
    """The view of a register called by its name or id; one's own goes first. Raises NotFound, InvalidInput when two are meant."""
    rows = views_for(viewer, register)
    try:
        found = list(rows.filter(pk=UUID(name)))
    except ValueError:
        found = list(rows.filter(name=name))
    own = [view for view in found if viewer.id and view.user_id == viewer.id]
    found = own or found
    if not found:
        raise NotFound(N_("Không có cách xem này."), subject=name[:80], remedy=N_("Hãy mở lại danh sách các cách xem."))
    if len(found) > 1:
        raise InvalidInput(N_("Có nhiều cách xem mang tên này."), subject=name[:80], remedy=N_("Hãy gọi cách xem bằng mã."))
    return found[0]


def parameters_on(view: SavedView, today: date) -> dict[str, str]:
    """The view's parameters with its moving days as they are today; its face is left out."""
    kept = {n: v for n, v in view.parameters.items() if n != "face"}
    return {n: (today - timedelta(days=ROLLING[v])).isoformat() if v in ROLLING and _moves(n) else v for n, v in kept.items()}


def rolled(parameters: dict[str, str], today: date) -> dict[str, str]:
    """The parameters of a list as a view keeps them: today and yesterday by their words."""
    words = {(today - timedelta(days=back)).isoformat(): word for word, back in ROLLING.items()}
    return {n: words.get(v, v) if _moves(n) else v for n, v in parameters.items()}


def _moves(name: str) -> bool:
    return name.endswith(("_on", "_since"))
