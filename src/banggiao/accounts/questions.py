"""Who a signed-in user is for everything below the faces, and which accounts, roles and delegations there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.permissions import PERMISSIONS
from banggiao.core.acts import CLASSIFICATIONS, Viewer
from banggiao.core.errors import N_, NotFound
from banggiao.core.installation import LEVELS, installed_level
from banggiao.core.questions import Bi, Column, Parameter, Ref
from banggiao.core.registers import Field, Filter, Order, Register, declare


class Acting(NamedTuple):
    """One role that a user acts in: for which institution, and whose role it is when it was delegated."""

    role: str
    name_vi: str
    name_en: str
    behalf_of: str = ""


def in_force(day: date) -> Q:
    """Roles held on this day."""
    return Q(held_from__lte=day) & (Q(held_until=None) | Q(held_until__gte=day))


def roles_on(day: date) -> QuerySet[RoleHeld]:
    """The roles that count on a day: a delegated one only while its giver holds it and is in use."""
    held = RoleHeld.objects.filter(in_force(day), retracted=False)
    source = RoleHeld.objects.filter(
        in_force(day), user=OuterRef("delegated_by"), role=OuterRef("role"), institution=OuterRef("institution"),
        delegated_by=None, retracted=False, user__is_active=True, user__retracted=False,
    )  # fmt: skip
    return held.filter(Q(delegated_by=None) | Exists(source))


def viewer_of(user: User, *, today: date) -> Viewer:
    """The viewer that a user is today: the sum of the roles held today. A user without a role sees nothing but public records."""
    pairs = list(roles_on(today).filter(user=user).values_list("role", "institution_id"))
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


def acts_for(user: User, *, today: date) -> list[Acting]:
    """What the user acts as today, the longest held first."""
    rows = roles_on(today).filter(user=user).order_by(F("delegated_by").asc(nulls_first=True), "held_from", "pk")
    columns = ("role", "institution__name_vi", "institution__name_en", "delegated_by__name")
    return [Acting(role, vi, en, behalf or "") for role, vi, en, behalf in rows.values_list(*columns)]


def own_roles(user: User, *, today: date) -> list[RoleHeld]:
    """The roles that are the user's own today and later, which they may therefore delegate."""
    held = RoleHeld.objects.filter(user=user, delegated_by=None, retracted=False)
    ahead = held.filter(Q(held_until=None) | Q(held_until__gte=today))
    return list(ahead.select_related("institution").order_by("held_from", "pk"))


def delegations_of(user: User, *, today: date) -> list[RoleHeld]:
    """Delegations given to the user or by them that are not over, the next first."""
    given = RoleHeld.objects.filter(Q(user=user) | Q(delegated_by=user), retracted=False, held_until__gte=today)
    given = given.exclude(delegated_by=None).select_related("user", "delegated_by", "institution")
    return list(given.order_by("held_from", "pk"))


def delegation_of(user: User, key: UUID) -> RoleHeld:
    """A delegation that the user gave or was given. Raises NotFound."""
    mine = RoleHeld.objects.filter(Q(user=user) | Q(delegated_by=user), retracted=False).exclude(delegated_by=None)
    held: RoleHeld | None = mine.filter(pk=key).first()
    if held is None:
        raise NotFound(N_("Không tìm thấy ủy quyền này."), subject=str(key))
    return held


def colleagues_of(user: User, *, today: date) -> list[User]:
    """The users who act for an institution that this user acts for: to whom a role may be delegated."""
    bodies = roles_on(today).filter(user=user).values("institution")
    others = roles_on(today).filter(institution__in=bodies, user__is_active=True, user__retracted=False).exclude(user=user)
    return list(User.objects.filter(pk__in=others.values("user")).order_by("name", "username"))


def people_in_use(viewer: Viewer) -> list[User]:
    """Every account in use that the viewer may know of."""
    return list(User.objects.visible_to(viewer).filter(is_active=True).order_by("name", "username"))


def roles_of_user(user: User) -> list[RoleHeld]:
    """Every role the user holds, held or will hold, the latest first."""
    rows = RoleHeld.objects.filter(user=user, retracted=False).select_related("institution", "delegated_by")
    return list(rows.order_by("-held_from", "-pk"))


def _roles_now(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    """The roles each user holds for good."""
    lasting = RoleHeld.objects.filter(user_id__in=ids, retracted=False, held_until=None, delegated_by=None)
    found: dict[UUID, list[str]] = {}
    for user, role in lasting.order_by("held_from", "pk").values_list("user_id", "role"):
        found.setdefault(user, []).append(role)
    return {user: tuple(dict.fromkeys(roles)) for user, roles in found.items()}


def _institutions_now(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    """The institutions in which each user holds a role for good."""
    rows = RoleHeld.objects.filter(user_id__in=ids, retracted=False, held_until=None, delegated_by=None).order_by(
        "held_from", "pk"
    )
    found: dict[UUID, list[Ref]] = {}
    for user, pk, vi, en in rows.values_list("user_id", "institution_id", "institution__name_vi", "institution__name_en"):
        found.setdefault(user, []).append(Ref(pk, "partners.institution", Bi(vi, en)))
    return {user: tuple(dict.fromkeys(refs)) for user, refs in found.items()}


USERS = declare(
    Register(
        name="users",
        model=User,
        title=Bi("Người dùng", "Users"),
        one=Bi("Người dùng", "User"),
        fields=(
            Field(Column("name", N_("Họ tên"), "lead"), ("name",)),
            Field(Column("username", N_("Tên đăng nhập"), "mono"), ("username",)),
            Field(Column("roles", N_("Vai trò"), "code", "role"), lookup=_roles_now),
            Field(Column("institutions", N_("Cơ quan"), "records"), lookup=_institutions_now),
            Field(Column("is_active", N_("Đang sử dụng"), "flag"), ("is_active",)),
            Field(Column("last_login", N_("Đăng nhập gần nhất")), ("last_login",)),
        ),
        page_fields=(
            Field(Column("language", N_("Ngôn ngữ"), "code", "language"), ("language",)),
            Field(Column("one_time_until", N_("Mật khẩu dùng một lần đến")), ("one_time_until",)),
        ),
        orders=(
            Order("username", N_("Tên đăng nhập"), ("username",)),
            Order("name", N_("Họ tên"), ("name",)),
        ),
        filters=(
            Filter(
                Parameter("role", N_("Vai trò"), "code", "role"),
                narrow=lambda rows, value: rows.filter(pk__in=_holding(role=value)),
            ),
            Filter(
                Parameter("institution", N_("Cơ quan"), "institution"),
                narrow=lambda rows, value: rows.filter(pk__in=_holding(institution__code=value)),
            ),
            Filter(
                Parameter("in_use", N_("Đang sử dụng"), "code", "yes_no"),
                narrow=lambda rows, value: rows.filter(is_active=value == "yes"),
            ),
            Filter(
                Parameter("without_role_on", N_("Không giữ vai trò nào, ngày"), "date"),
                narrow=lambda rows, value: rows.filter(is_active=True).exclude(
                    pk__in=roles_on(date.fromisoformat(value)).values("user")
                ),
            ),
        ),
        related=(("roles_held", "user"),),
        editable=("name", "language"),
        permission="accounts.view",
        edit_permission="accounts.manage",
        title_paths=("name", ""),
        code_path="username",
    )
)

ROLES_HELD = declare(
    Register(
        name="roles_held",
        model=RoleHeld,
        title=Bi("Vai trò đang giao", "Roles held"),
        one=Bi("Vai trò", "Role held"),
        fields=(
            Field(Column("role", N_("Vai trò"), "code", "role"), ("role",)),
            Field(Column("user", N_("Người dùng"), "record"), ("user_id", "user__name", "user__name"), leads_to="accounts.user"),
            Field(
                Column("institution", N_("Cơ quan"), "record"),
                ("institution_id", "institution__name_vi", "institution__name_en"),
                leads_to="partners.institution",
            ),
            Field(Column("held_from", N_("Từ ngày"), "date"), ("held_from",)),
            Field(Column("held_until", N_("Đến hết ngày"), "date"), ("held_until",)),
            Field(
                Column("delegated_by", N_("Thay mặt"), "record"),
                ("delegated_by_id", "delegated_by__name", "delegated_by__name"),
                leads_to="accounts.user",
            ),
        ),
        orders=(Order("recent", N_("Mới nhất"), ("held_from",), descending=True),),
        filters=(
            Filter(Parameter("user", N_("Người dùng"), "id"), "user_id"),
            Filter(Parameter("role", N_("Vai trò"), "code", "role"), "role"),
            Filter(Parameter("institution", N_("Cơ quan"), "institution"), "institution__code"),
            Filter(
                Parameter("in_force_on", N_("Có hiệu lực ngày"), "date"),
                narrow=lambda rows, value: rows.filter(pk__in=roles_on(date.fromisoformat(value)).values("pk")),
            ),
            Filter(
                Parameter("delegated", N_("Ủy quyền"), "code", "yes_no"),
                narrow=lambda rows, value: rows.filter(delegated_by__isnull=value != "yes"),
            ),
        ),
        permission="accounts.view",
        title_paths=("title_vi", "title_en"),
        code_path="",
    )
)


def _holding(**conditions: Any) -> Any:
    return RoleHeld.objects.filter(retracted=False, held_until=None, **conditions).values("user")
