"""Who asks and who acts: the viewer's rights, and the act that every write and every answer carries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from banggiao.core.errors import N_, NotPermitted

# Order matters: a viewer cleared for one level may see those before it. `mật` and above exist in an enclave only.
CLASSIFICATIONS = ("public", "internal", "confidential", "secret", "top_secret")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who asks: identity, the institutions they act for, and what they may do.

    `sees_all` lifts the institution rule (leaders, the desk, verifiers, auditors), never the classification rule.
    """

    label: str
    id: UUID | None = None
    institutions: frozenset[UUID] = frozenset()
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    clearance: str = "internal"
    sees_all: bool = False
    is_system: bool = False

    def may(self, permission: str) -> bool:
        """Whether the viewer holds the permission, named `package.verb`."""
        return self.is_system or permission in self.permissions

    def require(self, permission: str, *, subject: str = "") -> None:
        """Raise NotPermitted unless the viewer holds the permission."""
        if not self.may(permission):
            raise NotPermitted(
                N_("Bạn không có quyền thực hiện thao tác này."),
                subject=subject,
                remedy=N_("Hãy liên hệ quản trị viên của đơn vị nếu bạn cần quyền này."),
            )

    def cleared_levels(self) -> tuple[str, ...]:
        """The classifications this viewer may see."""
        return CLASSIFICATIONS[: CLASSIFICATIONS.index(self.clearance) + 1]


def system_viewer(label: str) -> Viewer:
    """The viewer of work that no person does (loading packaged data, scheduled jobs); `label` stands in the ledger."""
    return Viewer(label=label, clearance=CLASSIFICATIONS[-1], sees_all=True, is_system=True)


@dataclass(frozen=True, slots=True)
class Act:
    """One deed: who, when it was recorded, since when it holds, and why. The faces read the clock, nobody below does."""

    viewer: Viewer
    at: datetime
    reason: str = ""
    valid_from: date | None = None
    exercise: bool = field(default=False)

    def because(self, reason: str) -> Act:
        """The same act with a reason."""
        return replace(self, reason=reason)
