"""What stands beside a record of each kind: posts of a person, relation levels of a partner, bodies an institution took over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from banggiao.core.acts import Viewer
from banggiao.core.registers import Register
from banggiao.partners.models import Institution, Partner, Person, Post, RelationLevel

#: Register -> the lists in which its records appear and that its own declaration, standing lower, cannot name.
_ABOVE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "partners": (("activities", "partner"), ("agreements", "partner"), ("commitments", "partner"), ("barriers", "partner")),
    "institutions": (("tasks", "lead"), ("commitments", "lead"), ("body_seats", "institution")),
    "activities": (("conclusion_notices", "activity"),),
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


def succession_of(institution: Institution, viewer: Viewer) -> tuple[list[Institution], list[Institution]]:
    """(the bodies before it, latest ended first; the bodies after it, the next first): the whole line of succession."""
    known = Institution.objects.visible_to(viewer)
    before: list[Institution] = []
    layer, seen = [institution.pk], {institution.pk}
    while layer:
        found = [body for body in known.filter(successor__in=layer) if body.pk not in seen]
        before += sorted(found, key=lambda body: (body.valid_to, body.sort_key), reverse=True)
        layer = [body.pk for body in found]
        seen.update(layer)
    after: list[Institution] = []
    at = institution.successor_id
    while at is not None and at not in seen:
        seen.add(at)
        body = known.filter(pk=at).first()
        if body is None:
            break
        after.append(body)
        at = body.successor_id
    return before, after
