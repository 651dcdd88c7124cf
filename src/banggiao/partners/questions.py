"""Every read of partners, institutions, people and posts; names are found old and new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from rapidfuzz import fuzz, process

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.folding import fold
from banggiao.core.periods import Period
from banggiao.core.questions import Bi, Column, Parameter, Ref
from banggiao.core.registers import Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Institution, MissionCountry, Partner, Person, Post, RelationLevel
from banggiao.partners.questions_levels import DIPLOMATIC, level_codes, narrow_to_level


def partners_by_code(*, exercise: bool = False) -> dict[str, UUID]:
    """Ids of the partners, real or of the exercise, by code (ISO alpha-3, bloc, organisation, region) and by ISO alpha-2."""
    codes: dict[str, UUID] = {}
    rows = Partner.objects.filter(retracted=False, exercise=exercise)
    for pk, code, iso2 in rows.values_list("pk", "code", "iso2"):
        codes[code] = pk
        if iso2:
            codes.setdefault(iso2, pk)
    return codes


def institutions_by_name(*, exercise: bool = False) -> dict[str, Institution]:
    """The home bodies, real or of the exercise, by folded name or abbreviation, the present one before a former one.

    A name is left out when it is not certain whose it is.
    """
    bearers: dict[str, list[Institution]] = {}
    for body in Institution.objects.filter(retracted=False, exercise=exercise):
        for name in {fold(n) for n in (body.name_vi, body.abbr_vi, body.name_en, body.abbr_en) if n}:
            bearers.setdefault(name, []).append(body)
    chosen = {name: [b for b in bodies if not b.valid_to] or bodies for name, bodies in bearers.items()}
    return {name: bodies[0] for name, bodies in chosen.items() if name and len(bodies) == 1}


def countries_of_posts() -> dict[UUID, str]:
    """Mission id -> ISO 3166-1 alpha-3 code of the country it stands in."""
    return dict(Institution.objects.filter(host__isnull=False).values_list("pk", "host__code"))


def current_level(partner: Partner) -> RelationLevel | None:
    """The latest step in the relations with a partner; None where none is recorded."""
    steps = RelationLevel.objects.filter(partner=partner, retracted=False).exclude(level=DIPLOMATIC)
    return steps.order_by("-day", "-id").first()


def level_changes(viewer: Viewer, period: Period) -> list[RelationLevel]:
    """The steps in relations that fall in a period, in order of day (rule `relation_upgrades`)."""
    rows = RelationLevel.objects.visible_to(viewer).exclude(level=DIPLOMATIC).select_related("partner")
    rows = rows.filter(day__gte=period.start, day__lt=period.end)
    return list(rows.order_by("day", "partner__sort_key"))


def partner_refs(ids: Sequence[UUID]) -> dict[UUID, Ref]:
    """References to partners, for cells that lead to them."""
    rows = Partner.objects.filter(pk__in=list(ids)).values_list("pk", "name_vi", "name_en")
    return {pk: Ref(pk, "partners.partner", Bi(vi, en)) for pk, vi, en in rows}


def closest(name: str, names: Mapping[UUID, str], *, above: float) -> UUID | None:
    """The id whose name is most like `name`, if at least as like as `above` (0 to 100, rapidfuzz token_set_ratio)."""
    found = process.extractOne(name, names, scorer=fuzz.token_set_ratio, score_cutoff=above)
    return found[2] if found else None


@searchable(Partner, lends=True)
def _partner_words(partner: Partner) -> Words:
    kinds = vocabulary("partner_kind")
    return Words(
        partner.name_vi, partner.name_en, kinds.label(partner.kind, "vi"), kinds.label(partner.kind, "en"),
        names=(partner.code, *partner.variants), weight=6,
    )  # fmt: skip


@searchable(Institution, lends=True)
def _institution_words(institution: Institution) -> Words:
    kinds = vocabulary("institution_kind")
    vi, en = kinds.label(institution.kind, "vi"), kinds.label(institution.kind, "en")
    if institution.valid_to:
        successor = institution.successor
        vi = f"trước {institution.valid_to}" + (f", nay là {successor.name_vi}" if successor else "")
        en = f"before {institution.valid_to}" + (f", now {successor.name_en}" if successor else "")
    names = [institution.abbr_vi, institution.abbr_en]
    # The present body is found by the names of those it took over.
    names += [
        n
        for row in Institution.objects.filter(successor=institution).values_list("name_vi", "abbr_vi", "abbr_en")
        for n in row
        if n
    ]
    return Words(
        institution.name_vi,
        institution.name_en,
        vi,
        en,
        names=names,
        about=[institution.host_id],
        weight=5 if not institution.valid_to else 3,
    )


@searchable(Person)
def _person_words(person: Person) -> Words:
    post = Post.objects.filter(person=person, retracted=False).order_by("-last_seen").first()
    note = f"{post.title_vi} ({post.last_seen})" if post else ""
    return Words(person.name, note_vi=note, note_en=note, weight=4)


PARTNERS = declare(
    Register(
        name="partners",
        model=Partner,
        title=Bi("Đối tác", "Partners"),
        one=Bi("Đối tác", "Partner"),
        fields=(
            Field(Column("name", N_("Tên"), "bilingual"), ("name_vi", "name_en")),
            Field(Column("kind", N_("Loại"), "code", "partner_kind"), ("kind",)),
            Field(Column("code", N_("Mã")), ("code",)),
            Field(Column("region", N_("Khu vực"), "bilingual"), ("region_vi", "region_en")),
            Field(Column("level", N_("Mức quan hệ"), "code", "relation_level"), lookup=level_codes),
        ),
        orders=(Order("name", N_("Tên"), ("sort_key",)),),
        filters=(
            Filter(Parameter("kind", N_("Loại"), "code", "partner_kind"), "kind"),
            Filter(Parameter("relation", N_("Mức quan hệ"), "code", "relation_level"), narrow=narrow_to_level),
        ),
        editable=("name_vi", "name_en", "region_vi", "region_en"),
        entry=("code", "kind", "name_vi", "name_en", "region_vi", "region_en", "members"),
        required=("code", "kind", "name_vi", "name_en"),
        edit_permission="partners.edit",
        mark_path="evidence",
    )
)

INSTITUTIONS = declare(
    Register(
        name="institutions",
        model=Institution,
        title=Bi("Cơ quan, địa phương", "Institutions and provinces"),
        one=Bi("Cơ quan", "Institution"),
        fields=(
            Field(Column("name", N_("Tên"), "bilingual"), ("name_vi", "name_en")),
            Field(Column("code", N_("Mã")), ("code",)),
            Field(Column("kind", N_("Loại"), "code", "institution_kind"), ("kind",)),
            Field(Column("valid_from", N_("Từ"), "date"), ("valid_from",)),
            Field(Column("valid_to", N_("Đến"), "date"), ("valid_to",)),
            Field(
                Column("successor", N_("Cơ quan kế nhiệm"), "record"),
                ("successor_id", "successor__name_vi", "successor__name_en"),
                leads_to="partners.institution",
            ),
        ),
        page_fields=(
            Field(Column("abbreviation", N_("Viết tắt"), "bilingual"), ("abbr_vi", "abbr_en")),
            Field(
                Column("parent", N_("Cơ quan cấp trên"), "record"),
                ("parent_id", "parent__name_vi", "parent__name_en"),
                leads_to="partners.institution",
            ),
            Field(
                Column("host", N_("Nước sở tại"), "record"),
                ("host_id", "host__name_vi", "host__name_en"),
                leads_to="partners.partner",
            ),
            Field(Column("accredited", N_("Kiêm nhiệm"), "records"), lookup=lambda ids: _accredited(ids)),
            Field(Column("basis", N_("Văn bản thành lập, sắp xếp")), ("basis",)),
        ),
        orders=(Order("name", N_("Tên"), ("sort_key",)),),
        filters=(
            Filter(Parameter("kind", N_("Loại"), "code", "institution_kind"), "kind"),
            Filter(Parameter("host", N_("Nước sở tại"), "partner"), "host__code"),
        ),
        related=(("posts", "institution"),),
        editable=(
            "name_vi",
            "name_en",
            "abbr_vi",
            "abbr_en",
            "valid_from",
            "valid_to",
            "parent_id",
            "successor_id",
            "host_id",
            "basis",
        ),  # fmt: skip
        entry=(
            "kind",
            "name_vi",
            "name_en",
            "abbr_vi",
            "abbr_en",
            "valid_from",
            "valid_to",
            "parent_id",
            "successor_id",
            "host_id",
            "accredited",
            "basis",
        ),  # fmt: skip
        required=("kind", "name_vi"),
        edit_permission="partners.edit",
        mark_path="evidence",
    )
)

PEOPLE = declare(
    Register(
        name="people",
        model=Person,
        title=Bi("Nhân sự", "People"),
        one=Bi("Nhân sự", "Person"),
        fields=(
            Field(Column("name", N_("Họ tên"), "bilingual"), ("name", "name")),
            Field(
                Column("posts", N_("Chức vụ theo tài liệu"), "list"),
                lookup=lambda ids: _posts_of(ids),
            ),
        ),
        orders=(Order("name", N_("Tên"), ("sort_key",)),),
        editable=("name",),
        entry=("name",),
        required=("name",),
        edit_permission="partners.edit",
        title_paths=("name", ""),
        code_path="",
    )
)

POSTS = declare(
    Register(
        name="posts",
        model=Post,
        title=Bi("Chức vụ theo tài liệu", "Posts as documents name them"),
        one=Bi("Chức vụ", "Post"),
        fields=(
            Field(Column("title", N_("Chức vụ"), "lead"), ("title_vi",)),
            Field(
                Column("person", N_("Nhân sự"), "record"),
                ("person_id", "person__name", "person__name"),
                leads_to="partners.person",
            ),
            Field(
                Column("institution", N_("Cơ quan"), "record"),
                ("institution_id", "institution__name_vi", "institution__name_en"),
                leads_to="partners.institution",
            ),
            Field(
                Column("partner", N_("Đối tác"), "record"),
                ("partner_id", "partner__name_vi", "partner__name_en"),
                leads_to="partners.partner",
            ),
            Field(Column("first_seen", N_("Tài liệu sớm nhất"), "date"), ("first_seen",)),
            Field(Column("last_seen", N_("Tài liệu gần nhất"), "date"), ("last_seen",)),
        ),
        page_fields=(Field(Column("basis", N_("Tài liệu công khai")), ("basis",)),),
        orders=(Order("recent", N_("Tài liệu gần nhất"), ("last_seen",), descending=True),),
        filters=(
            Filter(Parameter("partner", N_("Đối tác"), "partner"), "partner__code"),
            Filter(Parameter("institution", N_("Cơ quan"), "institution"), "institution__code"),
            Filter(Parameter("person", N_("Nhân sự"), "id"), "person_id"),
        ),
        editable=("title_vi", "institution_id", "partner_id", "first_seen", "last_seen", "basis"),
        entry=("person_id", "title_vi", "institution_id", "partner_id", "first_seen", "last_seen", "basis"),
        required=("person_id", "title_vi", "first_seen", "basis"),
        edit_permission="partners.edit",
        title_paths=("title_vi", ""),
        code_path="",
    )
)


def _accredited(ids: Sequence[UUID]) -> dict[UUID, tuple[Ref, ...]]:
    found: dict[UUID, list[Ref]] = {}
    rows = MissionCountry.objects.filter(mission_id__in=ids).order_by("mission_id", "position")
    for mission, pk, vi, en in rows.values_list("mission_id", "country_id", "country__name_vi", "country__name_en"):
        found.setdefault(mission, []).append(Ref(pk, "partners.partner", Bi(vi, en)))
    return {mission: tuple(refs) for mission, refs in found.items()}


def _posts_of(ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    posts: dict[UUID, list[str]] = {}
    for person, title, first, last in (
        Post.objects.filter(person_id__in=ids, retracted=False)
        .order_by("-last_seen", "title_vi")
        .values_list("person_id", "title_vi", "first_seen", "last_seen")
    ):
        span = first if first == last else f"{first} – {last}"
        posts.setdefault(person, []).append(f"{title} ({span})" if span else title)
    return {person: tuple(titles) for person, titles in posts.items()}
