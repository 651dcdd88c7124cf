"""What an activity consists of: its sites, agenda, delegation, economic content and outcomes, each line declared once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from banggiao.activities.models import Activity, AgendaItem, Attendance, Delegate, EconomicItem, Outcome, Site, Speaker
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem
from banggiao.core.folding import fold
from banggiao.core.lines import Lines, declare_lines
from banggiao.core.questions import Bi, Column, Parameter
from banggiao.core.registers import Field, Filter, Order, Register, declare


def words_of(activity: Activity) -> str:
    """The words of all lines of an activity, for search."""
    found: list[str] = []
    for model, names in _WORDS:
        rows = model.objects.filter(activity=activity, retracted=False).order_by("pk")
        found += [text for row in rows.values_list(*names) for text in row if text]
    return " ".join(found)


_WORDS = (
    (Site, ("name", "place", "chair")),
    (AgendaItem, ("title_vi", "title_en", "speaker")),
    (Delegate, ("name", "post")),
    (EconomicItem, ("text_vi", "text_en", "partner_body")),
    (Outcome, ("text_vi", "text_en")),
    (Speaker, ("name", "post", "topic", "text")),
    (Attendance, ("name", "represented_by")),
)


def _same_activity(item: AgendaItem, act: Act) -> Sequence[FieldProblem]:
    """The site is one of the activity's; the day lies within it."""
    problems = []
    if item.site_id and not Site.objects.filter(pk=item.site_id, activity_id=item.activity_id, retracted=False).exists():
        problems.append(FieldProblem("site_id", N_("Điểm cầu này không thuộc hoạt động.")))
    if item.day:
        activity = Activity.objects.get(pk=item.activity_id)
        first, last = activity.start, activity.end or activity.start
        if (first and item.day < first[: len(item.day)]) or (last and item.day[: len(last)] > last):
            problems.append(FieldProblem("day", N_("Ngày này nằm ngoài thời gian của hoạt động.")))
    return problems


def _once(delegate: Delegate, act: Act) -> Sequence[FieldProblem]:
    """Somebody is named, and once."""
    if not (delegate.name.strip() or delegate.person_id):
        return [FieldProblem("name", N_("Hãy ghi họ tên hoặc chọn một người trong danh bạ."))]
    others = Delegate.objects.filter(activity_id=delegate.activity_id, retracted=False).exclude(pk=delegate.pk)
    name = fold(delegate.name)
    for other in others:
        if delegate.person_id and other.person_id == delegate.person_id:
            return [FieldProblem("person_id", N_("Người này đã có trong thành phần tham dự."))]
        # Two people may bear one name; the post tells them apart.
        if name and fold(other.name) == name and other.side == delegate.side and fold(other.post) == fold(delegate.post):
            return [FieldProblem("name", N_("Người này đã có trong thành phần tham dự."))]
    return []


def _money(item: EconomicItem, act: Act) -> Sequence[FieldProblem]:
    """An amount has a currency and is not negative."""
    problems = []
    if item.amount is not None and item.amount < 0:
        problems.append(FieldProblem("amount", N_("Số tiền không được âm.")))
    if item.amount is not None and not item.currency:
        problems.append(FieldProblem("currency", N_("Hãy chọn đồng tiền của số tiền này.")))
    if item.currency and item.amount is None:
        problems.append(FieldProblem("amount", N_("Hãy ghi số tiền, hoặc bỏ trống đồng tiền.")))
    return problems


SITES = declare_lines(
    Lines(
        Register(
            name="sites",
            model=Site,
            title=Bi("Điểm cầu", "Sites"),
            one=Bi("Điểm cầu", "Site"),
            fields=(
                Field(Column("name", N_("Điểm cầu"), "lead"), ("name",)),
                Field(Column("place", N_("Địa điểm")), ("place",)),
                Field(Column("chair", N_("Chủ trì tại điểm cầu")), ("chair",)),
            ),
            orders=(Order("entered", N_("Thứ tự nhập"), ()),),
            entry=("name", "place", "chair"),
            required=("name",),
            edit_permission="activities.edit",
            title_paths=("name", ""),
            code_path="",
        ),
        "activity",
    )
)

AGENDA = declare_lines(
    Lines(
        Register(
            name="agenda",
            model=AgendaItem,
            title=Bi("Chương trình", "Agenda"),
            one=Bi("Mục chương trình", "Agenda item"),
            fields=(
                Field(Column("day", N_("Ngày"), "date"), ("day",)),
                Field(Column("time", N_("Giờ")), ("time",)),
                Field(Column("title", N_("Nội dung"), "bilingual"), ("title_vi", "title_en")),
                Field(Column("speaker", N_("Người trình bày")), ("speaker",)),
                Field(
                    Column("site", N_("Điểm cầu"), "record"), ("site_id", "site__name", "site__name"), leads_to="activities.site"
                ),
            ),
            orders=(Order("time", N_("Thứ tự thời gian"), ("day", "time")),),
            entry=("day", "time", "title_vi", "title_en", "speaker", "site_id"),
            required=("title_vi",),
            edit_permission="activities.edit",
            title_paths=("title_vi", "title_en"),
            code_path="",
        ),
        "activity",
        _same_activity,
    )
)

DELEGATION = declare_lines(
    Lines(
        Register(
            name="delegation",
            model=Delegate,
            title=Bi("Thành phần tham dự", "Delegation"),
            one=Bi("Người tham dự", "Delegate"),
            fields=(
                Field(Column("name", N_("Họ tên"), "lead"), ("name",)),
                Field(Column("post", N_("Chức vụ")), ("post",)),
                Field(Column("side", N_("Phía"), "code", "delegation_side"), ("side",)),
                Field(Column("role", N_("Vai trò"), "code", "delegation_role"), ("role",)),
                Field(
                    Column("person", N_("Trong danh bạ"), "record"),
                    ("person_id", "person__name", "person__name"),
                    leads_to="partners.person",
                ),
            ),
            orders=(Order("side", N_("Theo phía"), ("side",)),),
            entry=("side", "role", "name", "post", "person_id"),
            required=("side",),
            edit_permission="activities.edit",
            title_paths=("name", ""),
            code_path="",
        ),
        "activity",
        _once,
    )
)

_ECONOMIC = Register(
    name="economic_content",
    model=EconomicItem,
    title=Bi("Nội dung kinh tế", "Economic content"),
    one=Bi("Nội dung kinh tế", "Economic item"),
    fields=(
        Field(Column("text", N_("Nội dung"), "bilingual"), ("text_vi", "text_en")),
        Field(Column("field", N_("Lĩnh vực"), "code", "agreement_field"), ("field",)),
        Field(Column("project", N_("Dự án"), "flag"), ("project",)),
        Field(Column("amount", N_("Số tiền"), "number"), ("amount",)),
        Field(Column("currency", N_("Tiền")), ("currency",)),
        Field(Column("partner_body", N_("Phía bạn")), ("partner_body",)),
        Field(
            Column("lead", N_("Đầu mối phía ta"), "record"),
            ("lead_id", "lead__name_vi", "lead__name_en"),
            leads_to="partners.institution",
        ),
    ),
    orders=(Order("entered", N_("Thứ tự nhập"), ()),),
    entry=("text_vi", "text_en", "field", "project", "amount", "currency", "partner_body", "lead_id"),
    required=("text_vi", "field"),
    edit_permission="activities.edit",
    title_paths=("text_vi", "text_en"),
    code_path="",
)
ECONOMIC = declare_lines(Lines(_ECONOMIC, "activity", _money))

#: The same lines across all activities: which fields, which projects, which amounts. They are entered on the activity's page.
ECONOMIC_ITEMS = declare(
    replace(
        _ECONOMIC,
        name="economic_items",
        page_fields=(
            Field(
                Column("activity", N_("Hoạt động"), "record"),
                ("activity_id", "activity__name_vi", "activity__name_en"),
                leads_to="activities.activity",
            ),
        ),
        orders=(
            Order("recent", N_("Hoạt động mới nhất"), ("activity__start",), descending=True),
            Order("oldest", N_("Hoạt động cũ nhất"), ("activity__start",)),
        ),
        filters=(
            Filter(Parameter("period", N_("Kỳ"), "period"), "activity__start"),
            Filter(Parameter("field", N_("Lĩnh vực"), "code", "agreement_field"), "field"),
            Filter(
                Parameter("project", N_("Dự án cụ thể"), "code", "yes_no"),
                narrow=lambda rows, value: rows.filter(project=value == "yes"),
            ),
            Filter(Parameter("currency", N_("Đồng tiền"), "code", "currency"), "currency"),
            Filter(Parameter("partner", N_("Đối tác"), "partner"), "activity__partner_rows__partner__code"),
        ),
        entry=(),
        required=(),
        edit_permission="",
    )
)

OUTCOMES = declare_lines(
    Lines(
        Register(
            name="outcomes",
            model=Outcome,
            title=Bi("Kết quả", "Outcomes"),
            one=Bi("Kết quả", "Outcome"),
            fields=(
                Field(Column("kind", N_("Loại"), "code", "outcome_kind"), ("kind",)),
                Field(Column("text", N_("Nội dung"), "bilingual"), ("text_vi", "text_en")),
            ),
            orders=(Order("entered", N_("Thứ tự nhập"), ()),),
            entry=("kind", "text_vi", "text_en"),
            required=("kind", "text_vi"),
            edit_permission="activities.edit",
            title_paths=("text_vi", "text_en"),
            code_path="",
        ),
        "activity",
    )
)
