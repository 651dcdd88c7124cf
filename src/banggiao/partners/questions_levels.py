"""Every read of the levels of relations: the steps over time, where they stand, and which anniversaries come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput
from banggiao.core.periods import Period, parse_period
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.registers import Field, Filter, Order, Register, declare
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Partner, RelationLevel

HOME_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
#: The ground the levels stand on; it is no level.
DIPLOMATIC = "diplomatic"


def standing_levels(viewer: Viewer, *, partners: Sequence[UUID] | None = None) -> dict[UUID, RelationLevel]:
    """Partner -> the step that gives its present level: the latest, and of one day the higher (rule `standing_levels`)."""
    rows = RelationLevel.objects.visible_to(viewer).exclude(level=DIPLOMATIC)
    if partners is not None:
        rows = rows.filter(partner_id__in=list(partners))
    ranks = {term.code: int(term.attributes["rank"] or 0) for term in vocabulary("relation_level").terms}
    standing: dict[UUID, RelationLevel] = {}
    for step in sorted(rows.select_related("partner", "dataset"), key=lambda r: (r.day, ranks[r.level], r.pk)):
        standing[step.partner_id] = step
    return standing


def level_codes(ids: Sequence[UUID]) -> dict[UUID, str]:
    """Partner -> code of its present level, empty without one; for a column of the list."""
    ranks = {term.code: int(term.attributes["rank"] or 0) for term in vocabulary("relation_level").terms}
    rows = RelationLevel.objects.filter(partner_id__in=ids, retracted=False).exclude(level=DIPLOMATIC)
    found = dict.fromkeys(ids, "")
    for partner, level, _day in sorted(rows.values_list("partner_id", "level", "day"), key=lambda r: (r[2], ranks[r[1]])):
        found[partner] = level
    return found


def narrow_to_level(rows: QuerySet[Partner], level: str) -> QuerySet[Partner]:
    """The partners whose present level is this one."""
    if level == DIPLOMATIC:
        return rows.filter(pk__in=RelationLevel.objects.filter(level=level, retracted=False).values("partner_id"))
    having = list(RelationLevel.objects.filter(retracted=False).values_list("partner_id", flat=True))
    return rows.filter(pk__in=[partner for partner, code in level_codes(having).items() if code == level])


def _standing(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """Where relations stand, the highest level first, partners in Vietnamese order."""
    wanted = params["level"]
    if wanted and wanted not in vocabulary("relation_level"):
        raise _not_in_list(wanted)
    known = set(Partner.objects.visible_to(viewer).values_list("pk", flat=True))
    order = {term.code: term.sort for term in vocabulary("relation_level").terms}
    steps = [s for s in standing_levels(viewer).values() if s.partner_id in known and (not wanted or s.level == wanted)]
    steps.sort(key=lambda s: (order[s.level], s.partner.sort_key, s.partner.code))
    rows = [
        Row(
            (Bi(s.partner.name_vi, s.partner.name_en), s.partner.code, s.level, s.event, s.day),
            s.partner_id,
            "partners.partner",
            exercise=s.exercise,
            mark=s.evidence,
        )
        for s in steps
    ]
    return paged(STANDING, rows, page, at, "standing_levels", params)


STANDING = register_question(
    Question(
        "standing_levels",
        Bi("Mức quan hệ hiện nay", "Levels of relations today"),
        "registers.view",
        (Parameter("level", N_("Mức quan hệ"), "code", "relation_level"),),
        (
            Column("partner", N_("Đối tác"), "bilingual"),
            Column("code", N_("Mã")),
            Column("level", N_("Mức quan hệ"), "code", "relation_level"),
            Column("event", N_("Sự kiện"), "code", "relation_event"),
            Column("day", N_("Từ ngày"), "date"),
        ),
        _standing,
    )
)


def anniversaries(viewer: Viewer, period: Period, *, partner: str = "") -> list[tuple[str, RelationLevel, int]]:
    """(day, the step remembered, how many years) of each anniversary that falls in the period, in order of day.

    A step of which only the month or the year is known gives a month or a year. 29 February is kept on the 28th in other years.
    """
    rows = RelationLevel.objects.visible_to(viewer).filter(event__in=("established", "upgraded")).exclude(day="")
    if partner:
        rows = rows.filter(partner__code=partner)
    known = set(Partner.objects.visible_to(viewer).values_list("pk", flat=True))
    first, last = int(period.start[:4]), int(period.end[:4])
    found = []
    for step in rows.select_related("partner", "dataset"):
        for year in range(max(first, int(step.day[:4]) + 1), last + 1):
            day = f"{year}{step.day[4:]}"
            if day.endswith("-02-29") and not _leap(year):
                day = f"{year}-02-28"
            if step.partner_id in known and period.holds(day):
                found.append((day, step, year - int(step.day[:4])))
    return sorted(found, key=lambda item: (item[0], item[1].partner.sort_key, item[1].pk))


def roundness(years: int) -> str:
    """The kind of anniversary by Nghị định 111/2018/NĐ-CP: a round year ends in 0, a half-round one in 5."""
    return "round" if years % 10 == 0 else "half_round" if years % 5 == 0 else "other"


def _anniversaries(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    period = parse_period(params["period"] or str(home_day(at).year))
    wanted = params["roundness"]
    if wanted and wanted not in vocabulary("anniversary"):
        raise _not_in_list(wanted)
    levels = vocabulary("relation_level")
    rows = []
    for day, step, years in anniversaries(viewer, period, partner=params["partner"]):
        kind = roundness(years)
        if wanted and kind != wanted:
            continue
        name = Bi(step.partner.name_vi, step.partner.name_en)
        what = Bi(levels.label(step.level, "vi"), levels.label(step.level, "en"))
        rows.append(
            Row(
                (day, Ref(step.partner_id, "partners.partner", name), what, years, kind, step.day),
                step.pk,
                "partners.relationlevel",
                exercise=step.exercise,
                mark=step.evidence,
            )
        )
    return paged(ANNIVERSARIES, rows, page, at, "anniversaries", params)


ANNIVERSARIES = register_question(
    Question(
        "anniversaries",
        Bi("Ngày kỷ niệm quan hệ", "Anniversaries of relations"),
        "registers.view",
        (
            Parameter("period", N_("Kỳ"), "period"),
            Parameter("partner", N_("Đối tác"), "partner"),
            Parameter("roundness", N_("Năm kỷ niệm"), "code", "anniversary"),
        ),
        (
            Column("day", N_("Ngày"), "date"),
            Column("partner", N_("Đối tác"), "record"),
            Column("what", N_("Kỷ niệm"), "bilingual"),
            Column("years", N_("Số năm"), "number"),
            Column("roundness", N_("Năm kỷ niệm"), "code", "anniversary"),
            Column("founded", N_("Ngày gốc"), "date"),
        ),
        _anniversaries,
    )
)


RELATION_LEVELS = declare(
    Register(
        name="relation_levels",
        model=RelationLevel,
        title=Bi("Mức quan hệ theo thời gian", "Levels of relations over time"),
        one=Bi("Mức quan hệ", "Level of relations"),
        fields=(
            Field(Column("day", N_("Ngày"), "date"), ("day",)),
            Field(Column("partner_name", N_("Tên đối tác"), "bilingual"), ("partner__name_vi", "partner__name_en")),
            Field(Column("level", N_("Mức quan hệ"), "code", "relation_level"), ("level",)),
            Field(Column("event", N_("Sự kiện"), "code", "relation_event"), ("event",)),
            Field(Column("basis", N_("Văn bản ghi nhận")), ("basis",)),
        ),
        page_fields=(
            Field(
                Column("partner", N_("Đối tác"), "record"),
                ("partner_id", "partner__name_vi", "partner__name_en"),
                leads_to="partners.partner",
            ),
            Field(
                Column("document", N_("Tài liệu"), "record"),
                ("document_id", "document__title", "document__title"),
                leads_to="sources.document",
            ),
            Field(Column("note", N_("Ghi chú"), "bilingual"), ("note_vi", "note_en")),
        ),
        orders=(
            Order("recent", N_("Mới nhất"), ("day",), descending=True),
            Order("oldest", N_("Cũ nhất"), ("day",)),
        ),
        filters=(
            Filter(Parameter("period", N_("Kỳ"), "period"), "day"),
            Filter(Parameter("level", N_("Mức quan hệ"), "code", "relation_level"), "level"),
            Filter(Parameter("partner", N_("Đối tác"), "partner"), "partner__code"),
        ),
        editable=("level", "event", "day", "basis", "document_id", "note_vi", "note_en"),
        entry=("partner_id", "level", "event", "day", "basis", "document_id", "note_vi", "note_en"),
        required=("partner_id", "level", "event", "basis"),
        edit_permission="partners.edit",
        title_paths=("title_vi", "title_en"),
        code_path="",
        mark_path="evidence",
    )
)


def paged(question: Question, rows: Sequence[Row], page: Page, at: datetime, rule: str, params: Mapping[str, str]) -> Answer:
    """A page of rows that are all known already; the cursor is a place in them."""
    if page.cursor and not (page.cursor.isascii() and page.cursor.isdigit() and len(page.cursor) < 9):
        raise InvalidInput(N_("Không hiểu vị trí trang."), remedy=N_("Hãy mở lại danh sách từ trang đầu."))
    start = int(page.cursor or 0)
    shown = rows[start : start + page.size] if page.size else rows[start:]
    after = start + len(shown)
    return Answer(
        question.name,
        question.title,
        question.columns,
        tuple(shown),
        len(rows),
        at,
        rule,
        next_cursor=str(after) if after < len(rows) and shown else "",
        parameters={n: v for n, v in params.items() if v},
    )


def home_day(at: datetime) -> date:
    """The day in Viet Nam at a moment; of the last moment there is, that day."""
    try:
        return at.astimezone(HOME_TIME).date()
    except OverflowError:
        return at.date()


def _leap(year: int) -> bool:
    try:
        date(year, 2, 29)
    except ValueError:
        return False
    return True


def _not_in_list(value: str) -> InvalidInput:
    return InvalidInput(
        N_("Giá trị “%(value)s” không hợp lệ."), value=value[:80], remedy=N_("Hãy chọn một giá trị trong danh sách.")
    )
