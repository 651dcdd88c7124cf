"""Who can sign in to a demo: one account for every role, in made-up bodies, under one password that stands in the README."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.services import give_role
from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.installation import Installation
from banggiao.partners.models import Institution

PASSWORD = "tre xanh ben song thu"  # noqa: S105 - public on purpose, of the demo only
#: The roles are held from so many days before the first start: the made-up history needs people who acted in it.
HELD_BEFORE = 420


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account: the name says that nobody bears it."""

    username: str
    name: str
    role: str
    institution: str


#: In the order of the vocabulary `role`.
ACCOUNTS = (
    Account("lanhdao", "Nguyễn Văn Mẫu", "leader", "DT-BO-A"),
    Account("chuyenvien", "Trần Thị Thí Dụ", "desk", "DT-VU-E"),
    Account("daidien", "Lê Thị Giả Định", "mission", "DT-DSQ-D"),
    Account("bonganh", "Vũ Văn Thí Nghiệm", "ministry", "DT-BO-B"),
    Account("diaphuong", "Hoàng Thị Ví Dụ", "province", "DT-TINH-X"),
    Account("doanhnghiep", "Ngô Văn Thử", "enterprise", "DT-HH-H"),
    Account("thamtra", "Đỗ Thị Minh Chứng", "verifier", "DT-VP-A"),
    Account("quantri", "Phan Văn Quản Trị", "administrator", "DT-VU-E"),
    Account("kiemtoan", "Mai Thị Kiểm Thử", "auditor", "DT-VP-A"),
)


def create(act: Act, start: date) -> dict[str, User]:
    """The demo accounts by role, made where they are missing; their institutions must be in the register. Raises NotPermitted."""
    act.viewer.require("accounts.manage")
    act = replace(act, exercise=True)
    bodies = dict(Institution.objects.filter(exercise=True).values_list("code", "pk"))
    users = {user.username: user for user in User.objects.filter(exercise=True)}
    missing = [account for account in ACCOUNTS if account.username not in users]
    # Hashing is slow on purpose; the password is public, so one hash serves all.
    hashed = make_password(PASSWORD) if missing else ""
    for account in missing:
        owner = bodies[account.institution]
        values = {"username": account.username, "name": account.name, "password": hashed, "owner": owner}
        users[account.username] = user = records.create(User, act=act, values=values)
        held_from = start - timedelta(days=HELD_BEFORE)
        give_role(act=act, user=user, role=account.role, institution_id=owner, held_from=held_from)
    return {account.role: users[account.username] for account in ACCOUNTS}


def accounts() -> list[tuple[str, str, str, str]]:
    """(username, name, role, institution) of the demo accounts; none where the installation is no demo."""
    if not Installation.objects.filter(exercise_start__isnull=False).exists():
        return []
    held = RoleHeld.objects.filter(exercise=True, retracted=False, user__username__in=[a.username for a in ACCOUNTS])
    rows = {row[0]: row for row in held.values_list("user__username", "user__name", "role", "institution__name_vi")}
    return [rows[account.username] for account in ACCOUNTS if account.username in rows]
