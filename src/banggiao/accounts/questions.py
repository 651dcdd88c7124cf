"""Who a signed-in user is for everything below the faces: institutions, roles, permissions, clearance."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.permissions import PERMISSIONS
from banggiao.core.acts import CLASSIFICATIONS, Viewer
from banggiao.core.installation import LEVELS, installed_level


def viewer_of(user: User, *, today: date) -> Viewer:
    """The viewer that a user is today: the sum of the roles held today. A user without a role sees nothing but public records."""
    held = RoleHeld.objects.filter(user=user, retracted=False, held_from__lte=today).filter(
        Q(held_until=None) | Q(held_until__gte=today)
    )
    pairs = list(held.values_list("role", "institution_id"))
    roles = frozenset(role for role, _institution in pairs)
    granted: frozenset[str] = frozenset().union(*(PERMISSIONS[role] for role in roles))
    return Viewer(
        label=user.name,
        id=user.pk,
        institutions=frozenset(institution for _role, institution in pairs),
        roles=roles,
        permissions=granted,
        clearance=LEVELS[installed_level()] if roles else CLASSIFICATIONS[0],
        sees_all="see_all" in granted,
    )


def acts_for(user: User, *, today: date) -> list[tuple[str, str, str]]:
    """(role, institution in Vietnamese, in English) for each role held today."""
    held = RoleHeld.objects.filter(user=user, retracted=False, held_from__lte=today).filter(
        Q(held_until=None) | Q(held_until__gte=today)
    )
    return list(held.values_list("role", "institution__name_vi", "institution__name_en"))
