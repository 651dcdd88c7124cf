"""Every write to partners, institutions, people and posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.folding import person_sort_key, sort_key
from banggiao.partners.models import Institution, Partner, Person, Post


def create_institution(*, act: Act, values: Mapping[str, Any]) -> Institution:
    """A home body enters the register. Raises InvalidInput."""
    return records.create(Institution, act=act, values={**values, "sort_key": sort_key(values["name_vi"])})


def create_partner(*, act: Act, values: Mapping[str, Any], members: Sequence[Any] = ()) -> Partner:
    """A partner enters the register, a bloc with its members. Raises InvalidInput."""
    keyed = {**values, "sort_key": sort_key(values["name_vi"])}
    return records.create(Partner, act=act, values=keyed, links={"members": list(members)})


def revise_institution(*, act: Act, institution: Institution, values: Mapping[str, Any], version: int | None) -> Institution:
    """Change a home body; its order follows its name. Raises NotPermitted, StaleEdit, InvalidInput."""
    act.viewer.require("partners.edit", subject=str(institution))
    keyed = {**values, "sort_key": sort_key(values["name_vi"])} if "name_vi" in values else values
    return records.revise(institution, act=act, values=keyed, version=version)


def revise_partner(*, act: Act, partner: Partner, values: Mapping[str, Any], version: int | None) -> Partner:
    """Change a partner; its order follows its name. Raises NotPermitted, StaleEdit, InvalidInput."""
    act.viewer.require("partners.edit", subject=str(partner))
    keyed = {**values, "sort_key": sort_key(values["name_vi"])} if "name_vi" in values else values
    return records.revise(partner, act=act, values=keyed, version=version)


def create_person(*, act: Act, values: Mapping[str, Any]) -> Person:
    """Somebody in public office enters the register, by name only."""
    return records.create(Person, act=act, values={**values, "sort_key": person_sort_key(values["name"])})


def see_in_post(*, act: Act, person: Person, title: str, day: str, values: Mapping[str, Any]) -> Post:
    """A document of `day` names the person in this post: a new post, or an older one seen earlier or later than before."""
    post: Post | None = Post.objects.filter(person=person, title_vi=title, retracted=False).first()
    if post is None:
        return records.create(
            Post, act=act, values={**values, "person_id": person.pk, "title_vi": title, "first_seen": day, "last_seen": day}
        )
    seen = {}
    if day and (not post.first_seen or day < post.first_seen):
        seen["first_seen"] = day
    if day and day > post.last_seen:
        seen["last_seen"] = day
    return records.revise(post, act=act, values=seen, version=post.version) if seen else post
