"""Every read of activities and reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from banggiao.activities import conference  # noqa: F401  its registers are declared there
from banggiao.activities.lines import words_of
from banggiao.activities.models import Activity, ActivityPartner, EconomicItem
from banggiao.activities.states import ACTIVITY
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.periods import Period, parse_period
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.registers import Face, Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary


def in_period(rows: QuerySet[Activity], period: Period) -> QuerySet[Activity]:
    """Activities that began in the period, or of which only that period is known."""
    return rows.filter(Q(start__gte=period.start, start__lt=period.end) | Q(period=period.code))


def high_level(viewer: Viewer, period: Period) -> QuerySet[Activity]:
    """Activities of the key leaders held in a period (rule `high_level_activities`)."""
    held = Activity.objects.visible_to(viewer).filter(level__in=key_leaders(), status="held")
    return in_period(held, period).order_by("start", "id")


def key_leaders() -> list[str]:
    """The levels of the key leaders."""
    return [t.code for t in vocabulary("activity_level").terms if t.attributes.get("high_level") == "yes"]


def with_economic_content(rows: QuerySet[Activity], value: str) -> QuerySet[Activity]:
    """Those with economic content on record (`some`), with a concrete project (`project`), or without (`none`).

    Raises InvalidInput for any other value.
    """
    if value not in vocabulary("economic_content"):
        raise InvalidInput(
            N_("Giá trị “%(value)s” không hợp lệ."),
            value=value[:80],
            remedy=N_("Hãy chọn một giá trị trong danh sách."),
            problems=[FieldProblem("economic", N_("Giá trị không hợp lệ."))],
        )
    items = EconomicItem.objects.filter(retracted=False)
    if value == "project":
        return rows.filter(pk__in=items.filter(project=True).values("activity_id"))
    written = Q(pk__in=items.values("activity_id")) | ~Q(economic_content="")
    return rows.filter(written if value == "some" else ~written)


def partners_of(ids: Sequence[UUID]) -> dict[UUID, tuple[Ref, ...]]:
    """The partners of each activity, in order."""
    rows = ActivityPartner.objects.filter(activity_id__in=ids).order_by("activity_id", "position")
    found: dict[UUID, list[Ref]] = {}
    for activity, pk, vi, en in rows.values_list("activity_id", "partner_id", "partner__name_vi", "partner__name_en"):
        found.setdefault(activity, []).append(Ref(pk, "partners.partner", Bi(vi, en)))
    return {activity: tuple(refs) for activity, refs in found.items()}


@searchable(Activity, about=("partners",))
def _words(activity: Activity) -> Words:
    kinds = vocabulary("activity_kind")
    vi, en = (f"{kinds.label(activity.kind, language)} · {activity.start}" for language in ("vi", "en"))
    told = (activity.place, activity.lead, activity.organiser, activity.economic_content)
    body = " ".join([*told, *map(str, activity.participants), words_of(activity)])
    return Words(activity.name_vi, activity.name_en, vi, en, names=(activity.code,), body=body, day=activity.start, weight=3)


ACTIVITIES = declare(
    Register(
        name="activities",
        model=Activity,
        title=Bi("Hoạt động đối ngoại", "Activities"),
        one=Bi("Hoạt động", "Activity"),
        fields=(
            Field(Column("start", N_("Ngày"), "date"), ("start",)),
            Field(Column("name", N_("Nội dung"), "bilingual"), ("name_vi", "name_en")),
            Field(Column("kind", N_("Loại"), "code", "activity_kind"), ("kind",)),
            Field(Column("level", N_("Cấp"), "code", "activity_level"), ("level",)),
            Field(Column("partners", N_("Đối tác"), "records"), lookup=partners_of),
            Field(Column("place", N_("Nơi")), ("place",)),
            Field(Column("documents_signed", N_("Văn kiện"), "number"), ("documents_signed",)),
            Field(Column("status", N_("Tình trạng"), "code", "activity_status"), ("status",)),
        ),
        page_fields=(
            Field(Column("code", N_("Mã")), ("code",)),
            Field(Column("end", N_("Đến ngày"), "date"), ("end",)),
            Field(Column("form", N_("Hình thức"), "code", "activity_format"), ("form",)),
            Field(Column("lead", N_("Trưởng đoàn phía ta")), ("lead",)),
            Field(Column("organiser", N_("Cơ quan tổ chức")), ("organiser",)),
            Field(Column("chair", N_("Chủ trì")), ("chair",)),
            Field(Column("participants", N_("Thành phần"), "list"), ("participants",)),
            Field(Column("economic_content", N_("Nội dung kinh tế")), ("economic_content",)),
        ),
        orders=(
            Order("recent", N_("Mới nhất"), ("start",), descending=True),
            Order("oldest", N_("Cũ nhất"), ("start",)),
        ),
        filters=(
            Filter(Parameter("period", N_("Kỳ"), "period"), narrow=lambda rows, value: in_period(rows, parse_period(value))),
            Filter(
                Parameter("upcoming_on", N_("Sắp diễn ra, từ ngày"), "date"),
                narrow=lambda rows, value: rows.filter(start__gte=value).exclude(status__in=("cancelled", "postponed")),
            ),
            Filter(Parameter("kind", N_("Loại"), "code", "activity_kind"), "kind"),
            Filter(Parameter("level", N_("Cấp"), "code", "activity_level"), "level"),
            Filter(Parameter("partner", N_("Đối tác"), "partner"), "partner_rows__partner__code"),
            Filter(Parameter("status", N_("Tình trạng"), "code", "activity_status"), "status"),
            Filter(Parameter("economic", N_("Nội dung kinh tế"), "code", "economic_content"), narrow=with_economic_content),
        ),
        related=(("agreements", "activity"), ("commitments", "activity"), ("tasks", "activity")),
        editable=(
            "name_vi",
            "name_en",
            "kind",
            "level",
            "start",
            "end",
            "place",
            "form",
            "organiser",
            "lead",
            "chair",
            "economic_content",
            "documents_signed",
        ),
        entry=(
            "kind",
            "name_vi",
            "name_en",
            "level",
            "start",
            "end",
            "partners",
            "place",
            "form",
            "organiser",
            "lead",
            "chair",
            "economic_content",
            "documents_signed",
        ),
        required=("kind", "name_vi", "start"),
        machines=(ACTIVITY,),
        edit_permission="activities.edit",
        mark_path="evidence",
        faces=(Face("calendar", dates=("start", "end")),),
    )
)


_SHARE_COLUMNS = (
    Column("level", N_("Cấp"), "bilingual"),
    Column("held", N_("Hoạt động đã diễn ra"), "number"),
    Column("economic", N_("Có nội dung kinh tế"), "number"),
    Column("project", N_("Có dự án cụ thể"), "number"),
    Column("share", N_("Tỷ lệ có dự án cụ thể"), "percent"),
)


def economic_share(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """How many activities of the key leaders in a period had economic content with a concrete project, by level and together.

    Rule `high_level_economic_share`; a level without activities has no row, and no row a share of nothing. Raises InvalidInput.
    """
    held: QuerySet[Activity] = Activity.objects.visible_to(viewer).filter(level__in=key_leaders(), status="held")
    if params["period"]:
        held = in_period(held, parse_period(params["period"]))
    if params["partner"]:
        of_partner = ActivityPartner.objects.filter(partner__code=params["partner"]).values("activity_id")
        held = held.filter(pk__in=of_partner)
    # What is made up stands by itself and never enters a share.
    held = held.filter(exercise=False)
    rows, levels = [], vocabulary("activity_level")
    for level in (*key_leaders(), ""):
        of_level = held.filter(level=level) if level else held
        total = of_level.count()
        if total:
            some, project = (with_economic_content(of_level, value).count() for value in ("some", "project"))
            name = Bi(*(levels.label(level, lang) for lang in ("vi", "en"))) if level else Bi("Cộng", "Together")
            rows.append(Row((name, total, some, project, round(100 * project / total, 1))))
    used = {n: v for n, v in params.items() if v}
    shown = tuple(rows)
    return Answer(SHARE.name, SHARE.title, _SHARE_COLUMNS, shown, len(shown), at, "high_level_economic_share", parameters=used)


SHARE = register_question(
    Question(
        "economic_share",
        Bi("Hoạt động cấp cao có nội dung kinh tế", "High-level activities with economic content"),
        "registers.view",
        (Parameter("period", N_("Kỳ"), "period"), Parameter("partner", N_("Đối tác"), "partner")),
        _SHARE_COLUMNS,
        economic_share,
    )
)
