"""Every read of activities and reviews."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from banggiao.activities.models import Activity, ActivityPartner
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.periods import Period, parse_period
from banggiao.core.questions import Bi, Column, Parameter, Ref
from banggiao.core.registers import Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary


def in_period(rows: QuerySet[Activity], period: Period) -> QuerySet[Activity]:
    """Activities that began in the period, or of which only that period is known."""
    return rows.filter(Q(start__gte=period.start, start__lt=period.end) | Q(period=period.code))


def high_level(viewer: Viewer, period: Period) -> QuerySet[Activity]:
    """Activities of the key leaders in a period (rule `high_level_activities`)."""
    leaders = [t.code for t in vocabulary("activity_level").terms if t.attributes.get("high_level") == "yes"]
    return in_period(Activity.objects.visible_to(viewer).filter(level__in=leaders), period).order_by("start", "id")


def partners_of(ids: Sequence[UUID]) -> dict[UUID, tuple[Ref, ...]]:
    """The partners of each activity, in order."""
    rows = ActivityPartner.objects.filter(activity_id__in=ids).order_by("activity_id", "position")
    found: dict[UUID, list[Ref]] = {}
    for activity, pk, vi, en in rows.values_list("activity_id", "partner_id", "partner__name_vi", "partner__name_en"):
        found.setdefault(activity, []).append(Ref(pk, "partners.partner", Bi(vi, en)))
    return {activity: tuple(refs) for activity, refs in found.items()}


@searchable(Activity)
def _words(activity: Activity) -> Words:
    kinds = vocabulary("activity_kind")
    vi, en = (f"{kinds.label(activity.kind, language)} · {activity.start}" for language in ("vi", "en"))
    body = " ".join(
        [activity.place, activity.lead, activity.organiser, activity.economic_content, *map(str, activity.participants)]
    )
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
            Filter(Parameter("kind", N_("Loại"), "code", "activity_kind"), "kind"),
            Filter(Parameter("level", N_("Cấp"), "code", "activity_level"), "level"),
            Filter(Parameter("partner", N_("Đối tác"), "partner"), "partner_rows__partner__code"),
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
        ),
        edit_permission="activities.edit",
        mark_path="evidence",
    )
)
