"""Every write to partners, levels of relations, institutions, people and posts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, WrongState
from banggiao.core.folding import person_sort_key, sort_key
from banggiao.core.numbering import next_codes
from banggiao.core.periods import is_partial_date
from banggiao.core.record import Record
from banggiao.partners.models import Institution, Partner, Person, Post, RelationLevel

_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{1,15}")
#: Kinds of partner that have no relation level, flag, ambassador or treaty.
WITHOUT_LEVEL = frozenset({"territory", "economy", "region"})


def create_institution(*, act: Act, values: Mapping[str, Any], accredited: Sequence[Any] = ()) -> Institution:
    """A home body enters the register; without a code it gets the next of the year. Raises NotPermitted, InvalidInput."""
    return create_institutions(act=act, rows=[(values, {"accredited": accredited})])[0]


@transaction.atomic
def create_institutions(*, act: Act, rows: Sequence[tuple[Mapping[str, Any], records.LinkRows]]) -> list[Institution]:
    """Home bodies enter the register, all or none. Raises NotPermitted, InvalidInput, WrongState for a code in use."""
    act.viewer.require("partners.edit", subject=_first(rows, "name_vi"))
    for values, _links in rows:
        _named(values)
        _check_span(values.get("valid_from") or "", values.get("valid_to") or "", subject=values["name_vi"])
    years = [str(act.at.year) for values, _links in rows if not values.get("code")]
    fresh = iter(next_codes(Institution, "DT-CQ" if act.exercise else "CQ", years))
    keyed: list[tuple[Mapping[str, Any], records.LinkRows]] = [
        ({**values, "code": values.get("code") or next(fresh), "sort_key": sort_key(values["name_vi"])}, links)
        for values, links in rows
    ]
    _unused(Institution, [values["code"] for values, _links in keyed])
    return records.create_many(Institution, act=act, rows=keyed)


def create_partner(*, act: Act, values: Mapping[str, Any], members: Sequence[Any] = ()) -> Partner:
    """A partner enters the register, a bloc with its members. Raises NotPermitted, InvalidInput."""
    return create_partners(act=act, rows=[(values, {"members": members})])[0]


def create_partners(*, act: Act, rows: Sequence[tuple[Mapping[str, Any], records.LinkRows]]) -> list[Partner]:
    """Partners enter the register, all or none. Raises NotPermitted, InvalidInput, WrongState for a code in use."""
    act.viewer.require("partners.edit", subject=_first(rows, "name_vi"))
    for values, _links in rows:
        _named(values)
        code = str(values.get("code") or "")
        if not _CODE.fullmatch(code):
            raise _wrong("code", N_("Mã gồm 2 đến 16 chữ in hoa, chữ số, dấu gạch; quốc gia dùng mã ISO 3166-1 ba chữ."), code)
    _unused(Partner, [values["code"] for values, _links in rows])
    return records.create_many(
        Partner, act=act, rows=[({**values, "sort_key": sort_key(values["name_vi"])}, links) for values, links in rows]
    )


def revise_institution(
    *, act: Act, institution: Institution, values: Mapping[str, Any], version: int | None, accredited: Sequence[Any] | None = None
) -> Institution:
    """Change a home body; its order follows its name. Raises NotPermitted, StaleEdit, InvalidInput."""
    act.viewer.require("partners.edit", subject=str(institution))
    start, end = (values.get(name, getattr(institution, name)) or "" for name in ("valid_from", "valid_to"))
    _check_span(start, end, subject=str(institution))
    if successor := values.get("successor_id"):
        _check_successor(institution, UUID(str(successor)))
    keyed = {**values, "sort_key": sort_key(values["name_vi"])} if "name_vi" in values else values
    links = None if accredited is None else {"accredited": list(accredited)}
    return records.revise(institution, act=act, values=keyed, links=links, version=version)


def revise_partner(*, act: Act, partner: Partner, values: Mapping[str, Any], version: int | None) -> Partner:
    """Change a partner; its order follows its name. Raises NotPermitted, StaleEdit, InvalidInput."""
    act.viewer.require("partners.edit", subject=str(partner))
    keyed = {**values, "sort_key": sort_key(values["name_vi"])} if "name_vi" in values else values
    return records.revise(partner, act=act, values=keyed, version=version)


def create_level(*, act: Act, values: Mapping[str, Any]) -> RelationLevel:
    """A step in the relations with a partner: its day, its level, the paper that says so.

    Raises NotPermitted, InvalidInput for a partner that has no levels, a day to come, or a step that stands already.
    """
    act.viewer.require("partners.edit")
    partner = Partner.objects.visible_to(act.viewer).filter(pk=values["partner_id"]).first()
    if partner is None:
        raise _wrong("partner_id", N_("Không có đối tác này."), "")
    _check_level(act, partner, values, but=None)
    exercise = {"exercise": True} if partner.exercise else {}
    return records.create(RelationLevel, act=act, values={"classification": "public", **values, **exercise})


def revise_level(*, act: Act, level: RelationLevel, values: Mapping[str, Any], version: int | None) -> RelationLevel:
    """Correct a step in the relations. Raises NotPermitted, StaleEdit, InvalidInput."""
    act.viewer.require("partners.edit", subject=level.title_vi)
    now = {name: getattr(level, name) for name in ("level", "event", "day")}
    _check_level(act, level.partner, {**now, **values}, but=level.pk)
    return records.revise(level, act=act, values=values, version=version)


def create_person(*, act: Act, values: Mapping[str, Any]) -> Person:
    """Somebody in public office enters the register, by name only. Raises NotPermitted, InvalidInput."""
    return create_people(act=act, rows=[values])[0]


def create_people(*, act: Act, rows: Sequence[Mapping[str, Any]]) -> list[Person]:
    """People in public office enter the register, all or none. Raises NotPermitted, InvalidInput."""
    _may_enter(act, _first([(values, {}) for values in rows], "name"))
    if not all(str(values.get("name") or "").strip() for values in rows):
        raise _wrong("name", N_("Hãy viết họ tên."), "")
    return records.create_many(
        Person, act=act, rows=[({**values, "sort_key": person_sort_key(values["name"])}, {}) for values in rows]
    )


def revise_person(*, act: Act, person: Person, values: Mapping[str, Any], version: int | None) -> Person:
    """Correct a name. Raises NotPermitted, StaleEdit, InvalidInput."""
    act.viewer.require("partners.edit", subject=str(person))
    keyed = {**values, "sort_key": person_sort_key(values["name"])} if "name" in values else values
    return records.revise(person, act=act, values=keyed, version=version)


def create_post(*, act: Act, values: Mapping[str, Any]) -> Post:
    """A public document names a person in a post on a day. Raises NotPermitted, InvalidInput when no document or day is named."""
    return create_posts(act=act, rows=[values])[0]


def create_posts(*, act: Act, rows: Sequence[Mapping[str, Any]]) -> list[Post]:
    """The same for many posts, all or none. Raises as `create_post`."""
    act.viewer.require("partners.edit", subject=_first([(values, {}) for values in rows], "title_vi"))
    seen: list[tuple[Mapping[str, Any], records.LinkRows]] = []
    for values in rows:
        first, last = values.get("first_seen") or "", values.get("last_seen") or values.get("first_seen") or ""
        if not str(values.get("basis") or "").strip():
            raise _wrong("basis", N_("Hãy nêu tài liệu công khai ghi chức vụ này."), "")
        if not first:
            raise _wrong("first_seen", N_("Hãy nêu ngày của tài liệu."), "")
        _check_span(first, last, subject=str(values["title_vi"]), fields=("first_seen", "last_seen"), same=True)
        seen.append(({**values, "last_seen": last}, {}))
    return records.create_many(Post, act=act, rows=seen)


def revise_post(*, act: Act, post: Post, values: Mapping[str, Any], version: int | None) -> Post:
    """Correct a post. Raises NotPermitted, StaleEdit, InvalidInput."""
    act.viewer.require("partners.edit", subject=str(post))
    first, last = (values.get(name, getattr(post, name)) or "" for name in ("first_seen", "last_seen"))
    _check_span(first, last, subject=str(post), fields=("first_seen", "last_seen"), same=True)
    return records.revise(post, act=act, values=values, version=version)


def see_in_post(*, act: Act, person: Person, title: str, day: str, values: Mapping[str, Any]) -> Post:
    """A document of `day` names the person in this post: a new post, or an older one seen earlier or later than before."""
    _may_enter(act, title)
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


def _may_enter(act: Act, subject: str) -> None:
    """People come in by hand, or with the facts that somebody accepts."""
    if not act.viewer.may("facts.check"):
        act.viewer.require("partners.edit", subject=subject)


def _check_level(act: Act, partner: Partner, values: Mapping[str, Any], *, but: UUID | None) -> None:
    day = values.get("day") or ""
    if partner.kind in WITHOUT_LEVEL:
        raise _wrong("partner_id", N_("Vùng lãnh thổ, nền kinh tế và khu vực không có mức quan hệ."), str(partner))
    if not day and values["event"] != "existing":
        raise _wrong("day", N_("Hãy ghi ngày, hoặc tháng, năm nếu chưa rõ ngày."), str(partner))
    if day and day > act.at.date().isoformat()[: len(day)]:
        raise _wrong("day", N_("Ngày này chưa tới; sổ chỉ ghi việc đã diễn ra."), str(partner))
    same = RelationLevel.objects.filter(
        partner=partner, level=values["level"], event=values["event"], day=day, retracted=False
    ).exclude(pk=but)
    if same.exists():
        raise _wrong("level", N_("Sổ đã có lần này với cùng ngày."), str(partner))


def _check_span(
    start: str, end: str, *, subject: str, fields: tuple[str, str] = ("valid_from", "valid_to"), same: bool = False
) -> None:
    """Half-open: a body ends after it began; a post may be seen first and last on one day (`same`)."""
    for name, value in zip(fields, (start, end), strict=True):
        if value and not is_partial_date(value):
            raise _wrong(name, N_("Ngày không hợp lệ. Hãy viết NNNN-TT-NN, NNNN-TT hoặc NNNN."), subject)
    width = min(len(start), len(end))
    if start and end and (end[:width] < start[:width] or (not same and end == start)):
        raise _wrong(fields[1], N_("Ngày kết thúc không sau ngày bắt đầu."), subject)


def _check_successor(institution: Institution, successor: UUID) -> None:
    """No body succeeds itself, directly or by way of others."""
    seen: set[UUID] = {institution.pk}
    at: UUID | None = successor
    while at is not None:
        if at in seen:
            raise _wrong("successor_id", N_("Cơ quan không thể kế nhiệm chính mình."), str(institution))
        seen.add(at)
        at = Institution.objects.filter(pk=at).values_list("successor_id", flat=True).first()


def _named(values: Mapping[str, Any]) -> None:
    if not str(values.get("name_vi") or "").strip():
        raise _wrong("name_vi", N_("Hãy viết tên."), "")


def _first(rows: Sequence[tuple[Mapping[str, Any], Any]], field: str) -> str:
    return next((str(values.get(field, "")) for values, _links in rows), "")


def _unused(model: type[Record], codes: Sequence[str]) -> None:
    """Raise WrongState for the first code that stands in the register, or twice among these."""
    taken: set[str] = set()
    for start in range(0, len(codes), 500):  # SQLite takes a limited number of values in one query
        asked: Any = model._default_manager
        taken.update(asked.filter(code__in=codes[start : start + 500]).values_list("code", flat=True))
    for code in codes:
        if code in taken:
            raise WrongState(N_("Mã “%(code)s” đã có trong sổ."), code=code, subject=code, remedy=N_("Hãy dùng mã khác."))
        taken.add(code)


def _wrong(field: str, message: str, subject: str) -> InvalidInput:
    return InvalidInput(
        N_("Thông tin nhập chưa hợp lệ."),
        subject=subject,
        remedy=N_("Hãy sửa các trường được nêu."),
        problems=[FieldProblem(field, message)],
    )
