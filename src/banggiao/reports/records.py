"""What stands beside a record of each kind: posts of a person, relation levels of a partner, bodies an institution took over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from banggiao.core.acts import Viewer
from banggiao.core.questions import Bi
from banggiao.core.registers import Register
from banggiao.partners.models import Institution, Partner, Person, Post, RelationLevel

#: Register -> the lists in which its records appear and that its own declaration, standing lower, cannot name.
_ABOVE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "partners": (("activities", "partner"), ("agreements", "partner"), ("commitments", "partner"), ("barriers", "partner")),
    "institutions": (("tasks", "lead"), ("commitments", "lead")),
}


def related_lists(register: Register) -> Sequence[tuple[str, str]]:
    """(question, parameter) of the lists that hold what belongs to a record of this register."""
    return (*register.related, *_ABOVE.get(register.name, ()))


def posts_of(person: Person, viewer: Viewer) -> list[Post]:
    """The posts a person was seen in, last seen first."""
    return list(Post.objects.visible_to(viewer).filter(person=person).order_by("-last_seen", "title_vi", "pk"))


def levels_of(partner: Partner, viewer: Viewer) -> list[RelationLevel]:
    """The steps in the relations with a partner, latest first."""
    return list(RelationLevel.objects.visible_to(viewer).filter(partner=partner).order_by("-day", "-pk"))


def predecessors_of(institution: Institution, viewer: Viewer) -> list[tuple[UUID, Bi, str]]:
    """(id, name, last day) of the bodies whose duties went to this one."""
    rows = Institution.objects.visible_to(viewer).filter(successor=institution).order_by("-valid_to", "sort_key")
    return [(pk, Bi(vi, en), until) for pk, vi, en, until in rows.values_list("pk", "name_vi", "name_en", "valid_to")]
