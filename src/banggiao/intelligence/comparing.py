"""What the registers already know beside each fact, where fact and register differ, and what a person may decide then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.apps import apps
from rapidfuzz import fuzz

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, FieldProblem, MissingInformation
from banggiao.core.folding import fold
from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary
from banggiao.intelligence.matching import MATCHERS, DutyMatcher, Matcher
from banggiao.intelligence.setting import Setting
from banggiao.intelligence.wording import same_day
from banggiao.partners.models import Post, RelationLevel
from banggiao.sources.models import Fact

Choice = Literal["keep", "take", "separate"]
FieldKind = Literal["text", "date", "code", "period", "number"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A field of a record that is compared. `asks`: a difference needs a person; `taken`: the fact's value may replace it."""

    name: str
    label: str
    kind: FieldKind = "text"
    vocabulary: str = ""
    asks: bool = True
    taken: bool = True


#: Record type -> the fields shown beside a fact, in order.
FIELDS: dict[str, tuple[Compared, ...]] = {
    "activities.activity": (
        Compared("start", N_("Ngày"), "date"),
        Compared("place", N_("Nơi")),
        Compared("form", N_("Hình thức"), "code", "activity_format"),
        Compared("organiser", N_("Cơ quan tổ chức")),
        Compared("chair", N_("Chủ trì")),
    ),
    "agreements.agreement": (
        # The legal state is changed by its own steps, with their rights and what they need.
        Compared("status", N_("Tình trạng"), "code", "agreement_status", asks=False, taken=False),
        Compared("signed_on", N_("Ngày ký"), "date", asks=False, taken=False),
    ),
    "commitments.directive": (
        Compared("day", N_("Ngày ban hành"), "date"),
        Compared("issuer_vi", N_("Cơ quan ban hành")),
        Compared("name_vi", N_("Trích yếu"), asks=False),
    ),
    "sources.officialfigure": (
        Compared("value", N_("Giá trị"), "number", taken=False),
        Compared("unit", N_("Đơn vị"), asks=False, taken=False),
        Compared("qualifier", N_("Mức"), "code", "qualifier", asks=False, taken=False),
        Compared("as_of", N_("Tính đến"), "date", asks=False, taken=False),
    ),
    "commitments.commitment": (
        Compared("text_vi", N_("Nội dung"), asks=False, taken=False),
        # A due date moves by its own procedure only.
        Compared("current_due", N_("Hạn"), "date", taken=False),
        Compared("work_state", N_("Tình trạng thực hiện"), "code", "work_state", asks=False, taken=False),
    ),
    "commitments.task": (
        Compared("text_vi", N_("Nội dung"), asks=False, taken=False),
        Compared("assignee", N_("Giao cho")),
        Compared("giver", N_("Người giao")),
        Compared("current_due", N_("Hạn"), "date", taken=False),
        Compared("work_state", N_("Tình trạng thực hiện"), "code", "work_state", asks=False, taken=False),
    ),
    "barriers.barrier": (
        Compared("state", N_("Tình trạng"), "code", "barrier_status", asks=False, taken=False),
        Compared("start", N_("Từ"), "date", asks=False, taken=False),
    ),
    "partners.partner": (Compared("level", N_("Mức quan hệ"), "code", "relation_level", asks=False, taken=False),),
    "partners.person": (Compared("post", N_("Chức vụ gần nhất"), asks=False, taken=False),),
}
#: Below this likeness two texts in one field tell different things (rapidfuzz token_set_ratio of folded words).
_ALIKE = 75


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what the register knows, what the fact says, and how the two stand to each other."""

    field: Compared
    known: Any
    said: Any
    state: Literal["known", "same", "adds", "differs"]


@dataclass(frozen=True, slots=True)
class Known:
    """The record a fact joins (`sure`) or comes near to, field by field, and what a person may decide where they differ."""

    record: Record
    sure: bool
    lines: Sequence[Line] = ()
    choices: Sequence[Choice] = ()

    @property
    def differing(self) -> list[Line]:
        """The fields in which register and fact differ."""
        return [line for line in self.lines if line.state == "differs"]

    @property
    def asks(self) -> bool:
        """Whether a person must decide before the fact can be accepted."""
        return bool(self.choices)

    @property
    def taken(self) -> frozenset[str]:
        """The fields that the fact's values replace when a person decides so."""
        return frozenset(line.field.name for line in self.differing if line.field.taken)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person decided: join `record` and keep what stands there, or take the new values, or make a record apart.

    `version` is that of the record when they saw it.
    """

    choice: Choice
    record: UUID | None = None
    version: int | None = None


class Undecided(MissingInformation):
    """The register says something else than the fact: a person decides which stands; `known` holds both."""

    def __init__(self, known: Known, subject: str) -> None:
        self.known = known
        problems = [FieldProblem(line.field.name, N_("Sổ đang ghi khác.")) for line in known.differing if line.field.asks]
        super().__init__(
            N_("Sổ đang ghi khác với văn bản này."),
            subject=subject,
            remedy=N_("Hãy chọn giữ giá trị đang ghi, lấy giá trị mới hay ghi thành bản ghi riêng."),
            problems=problems,
        )


def compare(setting: Setting, facts: Sequence[Fact], viewer: Viewer) -> dict[UUID, Known]:
    """What the viewer may know of the registers beside each fact, in as many queries for thousands of facts as for one."""
    by_kind: dict[str, list[Fact]] = {}
    for fact in facts:
        by_kind.setdefault("finding" if fact.kind in ("result", "shortcoming") else fact.kind, []).append(fact)
    beside: list[tuple[Fact, Matcher, Record, bool]] = []
    for group in by_kind.values():
        matcher = MATCHERS[group[0].kind](setting, group)
        for fact in group:
            record, sure = matcher.found(fact), True
            if record is None:
                record, sure = matcher.near(fact), False
            if record is not None:
                beside.append((fact, matcher, record, sure))
    seen = _seen([record for _fact, _matcher, record, _sure in beside], viewer)
    more = _more([record for _f, _m, record, _s in beside if record.pk in seen], viewer)
    levels = _levels_said(setting, [fact for fact, _m, _r, _s in beside if fact.kind == "partner"])
    return {
        fact.pk: _known(fact, matcher, record, sure, more.get(record.pk, {}), levels.get(fact.pk, {}))
        for fact, matcher, record, sure in beside
        if record.pk in seen
    }


def compare_one(fact: Fact, matcher: Matcher, viewer: Viewer) -> Known | None:
    """The same for one fact whose matcher is at hand."""
    record, sure = matcher.found(fact), True
    if record is None:
        record, sure = matcher.near(fact), False
    if record is None or not _seen([record], viewer):
        return None
    return _known(fact, matcher, record, sure, {}, {})


def _known(fact: Fact, matcher: Matcher, record: Record, sure: bool, more: Mapping[str, Any], level: Mapping[str, Any]) -> Known:
    said = {**matcher.said(fact), **level}
    if not sure and isinstance(matcher, DutyMatcher):
        said["text_vi"] = matcher.text(fact)
    lines = []
    for compared in FIELDS.get(record.record_type(), ()):
        name = compared.name
        known = more[name] if name in more else getattr(record, name, None)
        if known in ("", None) and said.get(name) in ("", None):
            continue
        lines.append(Line(compared, known, said.get(name), _state(compared, known, said.get(name))))
    differing = [line for line in lines if line.state == "differs"]
    choices: tuple[Choice, ...] = ()
    if not sure and record.record_type() == "sources.officialfigure":
        choices = ("separate",)  # a published number never changes: both stand, and the clash is shown
    elif not sure or any(line.field.asks for line in differing):
        choices = ("keep", "take", "separate") if any(line.field.taken for line in differing) else ("keep", "separate")
    return Known(record, sure, lines, choices)


def _state(compared: Compared, known: Any, said: Any) -> Literal["known", "same", "adds", "differs"]:
    if said in ("", None):
        return "known"
    if known in ("", None):
        return "adds"
    if compared.kind == "date":
        return "same" if same_day(str(known), str(said)) else "differs"
    if compared.kind != "text":
        return "same" if known == said else "differs"
    one, other = fold(str(known)), fold(str(said))
    return "same" if one in other or other in one or fuzz.token_set_ratio(one, other) >= _ALIKE else "differs"


def _seen(records: Sequence[Record], viewer: Viewer) -> set[UUID]:
    """The ids of those records that the viewer may know of."""
    by_type: dict[str, set[UUID]] = {}
    for record in records:
        by_type.setdefault(record.record_type(), set()).add(record.pk)
    seen: set[UUID] = set()
    for name, ids in by_type.items():
        model: Any = apps.get_model(name)
        seen.update(model.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))
    return seen


def _more(records: Sequence[Record], viewer: Viewer) -> dict[UUID, dict[str, Any]]:
    """What the viewer may know of other tables: the level of relations with a partner, the post a person was last named in."""
    partners = {r.pk for r in records if r.record_type() == "partners.partner"}
    people = {r.pk for r in records if r.record_type() == "partners.person"}
    more: dict[UUID, dict[str, Any]] = {}
    if partners:
        steps = RelationLevel.objects.visible_to(viewer).filter(partner_id__in=partners).order_by("day", "pk")
        for partner, level in steps.values_list("partner_id", "level"):
            more[partner] = {"level": level}
    if people:
        posts = Post.objects.visible_to(viewer).filter(person_id__in=people).order_by("last_seen", "pk")
        for person, title in posts.values_list("person_id", "title_vi"):
            more[person] = {"post": title}
    return more


def _levels_said(setting: Setting, facts: Sequence[Fact]) -> dict[UUID, dict[str, str]]:
    """The level of relations that a sentence names with the only partner it speaks of."""
    by_sentence: dict[tuple[int, int], list[Fact]] = {}
    for fact in facts:
        by_sentence.setdefault((fact.evidence_start, fact.evidence_end), []).append(fact)
    # The longer name first: every comprehensive strategic partnership holds the words of a strategic one.
    names = sorted(((t.code, t.label("vi").lower()) for t in vocabulary("relation_level").terms), key=lambda n: -len(n[1]))
    said: dict[UUID, dict[str, str]] = {}
    for (start, end), group in by_sentence.items():
        words = " ".join(setting.document.text[start:end].lower().split())
        code = next((code for code, name in names if name in words), "")
        if code and len(group) == 1:
            said[group[0].pk] = {"level": code}
    return said
