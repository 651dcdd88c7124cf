"""Every read of directives, commitments and tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from banggiao.commitments import lines as _lines  # noqa: F401  declares the paragraphs of directives
from banggiao.commitments import pledges as _pledges  # noqa: F401
from banggiao.commitments.models import Commitment, Directive, Task
from banggiao.commitments.questions_repeated import asked_before, only_repeated
from banggiao.commitments.questions_splitting import origins_of, settled_share, with_open_paragraphs
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.periods import Period
from banggiao.core.questions import Bi, Column, Parameter
from banggiao.core.registers import ON, Face, Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.outcomes import cell, cohort, counted
from banggiao.followup.planning.models import PlanTotals
from banggiao.followup.planning.questions import of_age, planned
from banggiao.followup.questions import due_in_week, due_soon, overdue, silent
from banggiao.followup.signs import signed
from banggiao.followup.states import VALIDATION, WORK


def tasks_for(viewer: Viewer, period: Period) -> QuerySet[Task]:
    """Tasks set for a period (rule `tasks_of_period`)."""
    rows = Task.objects.visible_to(viewer).filter(
        Q(period=period.code) | Q(period_start__gte=period.start, period_start__lt=period.end)
    )
    return rows.select_related("lead").order_by("id")


@searchable(Directive)
def _directive_words(directive: Directive) -> Words:
    kinds = vocabulary("directive_kind")
    title = f"{kinds.label(directive.kind, 'vi')} {directive.number}" if directive.kind in kinds else directive.number
    return Words(
        title, directive.name_en, directive.name_vi, directive.name_en, names=(directive.number, directive.name_vi),
        body=f"{directive.asks_vi} {directive.asks_en} {directive.issuer_vi}", day=directive.day, weight=4,
    )  # fmt: skip


@searchable(Commitment)
def _commitment_words(commitment: Commitment) -> Words:
    return Words(
        commitment.text_vi,
        commitment.text_en,
        commitment.code,
        commitment.code,
        names=(commitment.code,),
        body=commitment.product,
        day=commitment.made_on,
        weight=2,
        about=[commitment.partner_id, commitment.lead_id],
    )


@searchable(Task)
def _task_words(task: Task) -> Words:
    return Words(
        task.text_vi, task.text_en, task.code, task.code, names=(task.code,), body=f"{task.assignee} {task.giver} {task.product}",
        day=task.given_on, weight=2, about=[task.lead_id],
    )  # fmt: skip


_LEAD = Field(
    Column("lead", N_("Cơ quan chủ trì"), "record"),
    ("lead_id", "lead__name_vi", "lead__name_en"),
    leads_to="partners.institution",
)
_SIX_CLEAR = (
    Field(Column("person_in_charge", N_("Rõ người")), ("person_in_charge",)),
    Field(Column("responsibility", N_("Rõ trách nhiệm")), ("responsibility",)),
    Field(Column("product", N_("Rõ sản phẩm")), ("product",)),
    Field(Column("authority", N_("Rõ thẩm quyền")), ("authority",)),
    Field(Column("first_due", N_("Hạn ban đầu"), "date"), ("first_due",)),
    Field(Column("blocked_reason", N_("Lý do vướng mắc"), "code", "difficulty_code"), ("blocked_reason",)),
    Field(Column("unblocker", N_("Cơ quan có thể tháo gỡ")), ("unblocker",)),
    Field(Column("done_on", N_("Ngày hoàn thành"), "date"), ("done_on",)),
)
_STATES = (
    Field(Column("current_due", N_("Hạn hiện hành"), "date"), ("current_due",)),
    Field(Column("work_state", N_("Thực hiện"), "code", "work_state"), ("work_state",)),
    Field(Column("validation_state", N_("Thẩm tra"), "code", "validation_state"), ("validation_state",)),
)


def _acted(made: str) -> Callable[[QuerySet[Any], str, date], QuerySet[Any]]:
    """Of the duties whose beginning is known to the day, those with or without a first action by then."""

    def narrow(rows: QuerySet[Any], value: str, day: date) -> QuerySet[Any]:
        begun: QuerySet[Any] = rows.annotate(made_length=Length(made)).filter(made_length=10, **{f"{made}__lte": day.isoformat()})
        acted = PlanTotals.objects.filter(acted_on__lte=day).values("pk")
        return begun.filter(pk__in=acted) if value == "yes" else begun.exclude(pk__in=acted)

    return narrow


_STATE_FILTERS = (
    Filter(
        Parameter("overdue_on", N_("Quá hạn tính đến ngày"), "date"),
        narrow=lambda rows, value: overdue(rows, date.fromisoformat(value)),
    ),
    Filter(
        Parameter("due_soon_on", N_("Sắp đến hạn tính từ ngày"), "date"),
        narrow=lambda rows, value: due_soon(rows, date.fromisoformat(value)),
    ),
    Filter(
        Parameter("due_week_on", N_("Đến hạn trong tuần có ngày"), "date"),
        narrow=lambda rows, value: due_in_week(rows, date.fromisoformat(value)),
    ),
    Filter(
        Parameter("silent_on", N_("30 ngày không có cập nhật, tính đến"), "date"),
        narrow=lambda rows, value: silent(rows, date.fromisoformat(value)),
    ),
    ON,
    Filter(
        Parameter("counted", N_("Mỗi việc tính một lần"), "code", "yes_no"),
        narrow=lambda rows, value: rows.filter(counted()) if value == "yes" else rows.exclude(counted()),
    ),
    Filter(
        Parameter("exercise", N_("Diễn tập"), "code", "yes_no"), narrow=lambda rows, value: rows.filter(exercise=value == "yes")
    ),
    Filter(
        Parameter("outcome", N_("So với hạn ban đầu"), "code", "first_outcome"),
        narrow_on=lambda rows, value, day: rows.filter(counted() & cell(value, day)),
    ),
    Filter(
        Parameter("cohort", N_("Hạn ban đầu đã tới"), "code", "yes_no"),
        narrow_on=lambda rows, value, day: rows.filter(cohort(day) if value == "yes" else ~cohort(day)),
    ),
    Filter(
        Parameter("data_age", N_("Độ mới của minh chứng"), "code", "data_age"),
        narrow_on=lambda rows, value, day: of_age(rows, value, day),
    ),
    Filter(Parameter("planned", N_("Có kế hoạch được phê duyệt"), "code", "yes_no"), narrow=planned),
    Filter(Parameter("sign", N_("Dấu hiệu làm đẹp số liệu"), "code", "duty_sign"), narrow=signed),
    Filter(
        Parameter("cancelled", N_("Đã hủy theo thỏa thuận chung"), "code", "yes_no"),
        narrow=lambda rows, value: (rows.filter if value == "yes" else rows.exclude)(work_state="cancelled"),
    ),
    Filter(Parameter("work_state", N_("Thực hiện"), "code", "work_state"), "work_state"),
    Filter(Parameter("validation_state", N_("Thẩm tra"), "code", "validation_state"), "validation_state"),
    Filter(Parameter("lead", N_("Cơ quan chủ trì"), "institution"), "lead__code"),
    Filter(Parameter("activity", N_("Hoạt động"), "id"), "activity_id"),
)
_FACES = (
    Face("board", machine=WORK),
    Face("timeline", dates=("first_due", "current_due")),
    Face("calendar", dates=("current_due",)),
)
_FOLLOWED_EDITS = ("person_in_charge", "responsibility", "product", "authority")

DIRECTIVES = declare(
    Register(
        name="directives",
        model=Directive,
        title=Bi("Văn bản chỉ đạo", "Directives"),
        one=Bi("Văn bản", "Directive"),
        fields=(
            Field(Column("day", N_("Ngày"), "date"), ("day",)),
            Field(Column("kind", N_("Loại"), "code", "directive_kind"), ("kind",)),
            Field(Column("number", N_("Số, ký hiệu"), "lead"), ("number",)),
            Field(Column("name", N_("Trích yếu"), "bilingual"), ("name_vi", "name_en")),
            Field(Column("issuer", N_("Cơ quan ban hành"), "bilingual"), ("issuer_vi", "issuer_en")),
            Field(Column("settled", N_("Đoạn đã phân giao")), lookup=settled_share),
        ),
        page_fields=(
            Field(Column("asks", N_("Yêu cầu chính"), "bilingual"), ("asks_vi", "asks_en")),
            Field(
                Column("document", N_("Văn bản đã đọc"), "record"),
                ("document_id", "document__title", "document__title"),
                leads_to="sources.document",
            ),
        ),
        orders=(Order("recent", N_("Mới nhất"), ("day",), descending=True),),
        filters=(
            Filter(Parameter("kind", N_("Loại"), "code", "directive_kind"), "kind"),
            Filter(Parameter("period", N_("Kỳ"), "period"), "day"),
            Filter(Parameter("uncovered", N_("Còn đoạn bỏ ngỏ"), "code", "yes_no"), narrow=with_open_paragraphs),
        ),
        related=(("tasks", "directive"),),
        editable=("name_vi", "name_en", "issuer_vi", "issuer_en", "day", "asks_vi", "asks_en"),
        entry=("number", "kind", "day", "issuer_vi", "name_vi", "asks_vi", "name_en"),
        required=("number", "kind"),
        edit_permission="commitments.edit",
        title_paths=("number", "number"),
        mark_path="evidence",
    )
)

COMMITMENTS = declare(
    Register(
        name="commitments",
        model=Commitment,
        title=Bi("Cam kết", "Commitments"),
        one=Bi("Cam kết", "Commitment"),
        fields=(
            Field(Column("code", N_("Mã"), "mono"), ("code",)),
            Field(Column("text", N_("Nội dung"), "bilingual"), ("text_vi", "text_en")),
            Field(Column("side", N_("Bên thực hiện"), "code", "commitment_side"), ("side",)),
            Field(
                Column("partner", N_("Đối tác"), "record"),
                ("partner_id", "partner__name_vi", "partner__name_en"),
                leads_to="partners.partner",
            ),
            _LEAD,
            *_STATES,
        ),
        page_fields=(
            Field(Column("field", N_("Lĩnh vực"), "code", "agreement_field"), ("field",)),
            Field(Column("measurable", N_("Mức đo được"), "code", "measurability"), ("measurable",)),
            Field(Column("made_on", N_("Ngày cam kết"), "date"), ("made_on",)),
            Field(
                Column("activity", N_("Hoạt động"), "record"),
                ("activity_id", "activity__name_vi", "activity__name_en"),
                leads_to="activities.activity",
            ),
            Field(
                Column("agreement", N_("Thỏa thuận"), "record"),
                ("agreement_id", "agreement__name_vi", "agreement__name_en"),
                leads_to="agreements.agreement",
            ),
            *_SIX_CLEAR,
        ),
        orders=(
            Order("recent", N_("Mới nhất"), ("made_on",), descending=True),
            Order("due", N_("Hạn gần nhất"), ("current_due",)),
        ),
        filters=(
            Filter(Parameter("period", N_("Kỳ"), "period"), "made_on"),
            Filter(Parameter("side", N_("Bên thực hiện"), "code", "commitment_side"), "side"),
            Filter(Parameter("field", N_("Lĩnh vực"), "code", "agreement_field"), "field"),
            Filter(Parameter("acted", N_("Đã có việc làm đầu tiên"), "code", "yes_no"), narrow_on=_acted("made_on")),
            Filter(
                Parameter("flagship", N_("Trọng điểm"), "code", "yes_no"),
                narrow=lambda rows, value: rows.filter(flagship=value == "yes"),
            ),
            Filter(Parameter("partner", N_("Đối tác"), "partner"), "partner__code"),
            Filter(Parameter("agreement", N_("Thỏa thuận"), "id"), "agreement_id"),
            *_STATE_FILTERS,
        ),
        editable=(
            "text_vi",
            "text_en",
            "side",
            "partner_id",
            "lead_id",
            "coordinating",
            "made_on",
            "field",
            "measurable",
            *_FOLLOWED_EDITS,
        ),
        entry=(
            "text_vi",
            "side",
            "partner_id",
            "current_due",
            "lead_id",
            "coordinating",
            "made_on",
            "activity_id",
            "agreement_id",
            "field",
            "measurable",
            *_FOLLOWED_EDITS,
            "text_en",
        ),
        required=("text_vi", "side"),
        machines=(WORK, VALIDATION),
        faces=_FACES,
        edit_permission="commitments.edit",
        title_paths=("text_vi", "text_en"),
        mark_path="evidence",
    )
)

TASKS = declare(
    Register(
        name="tasks",
        model=Task,
        title=Bi("Nhiệm vụ", "Tasks"),
        one=Bi("Nhiệm vụ", "Task"),
        fields=(
            Field(Column("code", N_("Mã"), "mono"), ("code",)),
            Field(Column("text", N_("Nội dung"), "bilingual"), ("text_vi", "text_en")),
            Field(Column("assignee", N_("Giao cho (theo văn bản)")), ("assignee",)),
            _LEAD,
            Field(Column("period", N_("Kỳ"), "period"), ("period",)),
            *_STATES,
        ),
        page_fields=(
            Field(Column("enumerator", N_("Thứ tự trong văn bản")), ("enumerator",)),
            Field(Column("giver", N_("Người giao")), ("giver",)),
            Field(Column("urgency", N_("Yêu cầu về thời gian")), ("urgency",)),
            Field(Column("given_on", N_("Ngày giao"), "date"), ("given_on",)),
            Field(Column("topic", N_("Chủ đề"), "code", "topic"), ("topic",)),
            Field(
                Column("activity", N_("Hoạt động"), "record"),
                ("activity_id", "activity__name_vi", "activity__name_en"),
                leads_to="activities.activity",
            ),
            Field(
                Column("directive", N_("Văn bản chỉ đạo"), "record"),
                ("directive_id", "directive__number", "directive__number"),
                leads_to="commitments.directive",
            ),
            Field(Column("origin", N_("Xuất phát từ"), "record"), lookup=origins_of),
            Field(Column("asked_before", N_("Số lần đã nhắc trước đó"), "number"), lookup=asked_before),
            *_SIX_CLEAR,
        ),
        orders=(
            Order("recent", N_("Mới nhất"), ("given_on",), descending=True),
            Order("due", N_("Hạn gần nhất"), ("current_due",)),
        ),
        filters=(
            Filter(Parameter("period", N_("Kỳ"), "period"), "period_start"),
            Filter(Parameter("directive", N_("Văn bản chỉ đạo"), "id"), "directive_id"),
            Filter(Parameter("topic", N_("Chủ đề"), "code", "topic"), "topic"),
            Filter(Parameter("acted", N_("Đã có việc làm đầu tiên"), "code", "yes_no"), narrow_on=_acted("given_on")),
            Filter(Parameter("origin", N_("Xuất phát từ"), "id"), "origin_id"),
            Filter(Parameter("asked_again", N_("Được nhắc lại"), "code", "yes_no"), narrow=only_repeated),
            *_STATE_FILTERS,
        ),
        editable=("text_vi", "text_en", "lead_id", "coordinating", "given_on", "topic", "assignee", *_FOLLOWED_EDITS),
        entry=(
            "text_vi",
            "lead_id",
            "coordinating",
            "current_due",
            "given_on",
            "directive_id",
            "activity_id",
            "giver",
            "assignee",
            "enumerator",
            "period",
            "topic",
            *_FOLLOWED_EDITS,
            "text_en",
        ),
        required=("text_vi",),
        machines=(WORK, VALIDATION),
        faces=_FACES,
        edit_permission="commitments.edit",
        title_paths=("text_vi", "text_en"),
        mark_path="evidence",
    )
)
