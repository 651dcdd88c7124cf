"""Every read of watches and signals: the watch list, the signals on their board, and what is new of a watch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Bi, Column, Parameter
from banggiao.core.registers import Face, Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable
from banggiao.intelligence.watching.models import Signal, Watch
from banggiao.intelligence.watching.states import SIGNAL, WATCH


def signals_of(watch: Watch, viewer: Viewer) -> QuerySet[Any]:
    """The signals of a watch, the latest period first."""
    return Signal.objects.visible_to(viewer).filter(watch=watch).order_by("-period", "-pk")


def _open_signals(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = Watch.objects.filter(pk__in=list(ids)).annotate(
        open=Count("signals", filter=~Q(signals__state="closed") & Q(signals__retracted=False))
    )
    return {pk: str(count) for pk, count in rows.values_list("pk", "open")}


def _latest(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = Watch.objects.filter(pk__in=list(ids)).annotate(latest=Max("signals__period", filter=Q(signals__retracted=False)))
    return {pk: latest for pk, latest in rows.values_list("pk", "latest") if latest}


@searchable(Watch)
def _watch_words(watch: Watch) -> Words:
    return Words(watch.name_vi, watch.name_en, names=(watch.code,), weight=1, about=[watch.partner_id])


@searchable(Signal)
def _signal_words(signal: Signal) -> Words:
    return Words(
        signal.name_vi, signal.name_en, names=(signal.code,), body=signal.assessment, day=signal.period, weight=2,
        about=[signal.partner_id],
    )  # fmt: skip


_PARTNER = Field(
    Column("partner", N_("Đối tác"), "record"), ("partner_id", "partner__name_vi", "partner__name_en"), "partners.partner"
)

WATCHES = declare(
    Register(
        name="watches",
        model=Watch,
        title=Bi("Danh mục theo dõi", "Watch list"),
        one=Bi("Mục theo dõi", "Watch"),
        fields=(
            Field(Column("code", N_("Mã"), "mono"), ("code",)),
            Field(Column("name", N_("Theo dõi gì"), "bilingual"), ("name_vi", "name_en")),
            Field(Column("measure", N_("Cách theo dõi"), "code", "watch_measure"), ("measure",)),
            Field(Column("flow", N_("Chiều"), "code", "watch_flow"), ("flow",)),
            _PARTNER,
            Field(Column("product", N_("Mã HS"), "mono"), ("product",)),
            Field(Column("open_signals", N_("Tín hiệu chưa kết thúc")), lookup=_open_signals),
            Field(Column("latest", N_("Tín hiệu gần nhất"), "date"), lookup=_latest),
            Field(Column("state", N_("Tình trạng"), "code", "watch_state"), ("state",)),
        ),
        page_fields=(
            Field(Column("threshold", N_("Ngưỡng"), "number"), ("threshold",)),
            Field(Column("value_floor", N_("Trị giá tối thiểu"), "number", unit="USD million"), ("value_floor",)),
            Field(
                Column("follower", N_("Cơ quan theo dõi"), "record"),
                ("follower_id", "follower__name_vi", "follower__name_en"),
                "partners.institution",
            ),
        ),
        orders=(Order("code", N_("Mã"), ("code",)),),
        filters=(
            Filter(Parameter("measure", N_("Cách theo dõi"), "code", "watch_measure"), "measure"),
            Filter(Parameter("flow", N_("Chiều"), "code", "watch_flow"), "flow"),
            Filter(Parameter("partner", N_("Đối tác"), "partner"), "partner__code"),
            Filter(Parameter("state", N_("Tình trạng"), "code", "watch_state"), "state"),
        ),
        entry=(
            "name_vi", "measure", "flow", "partner_id", "product", "threshold", "value_floor", "follower_id", "name_en",
        ),
        required=("name_vi", "measure", "flow"),
        editable=("name_vi", "name_en", "partner_id", "product", "threshold", "value_floor", "follower_id"),
        edit_permission="signals.edit",
        machines=(WATCH,),
        related=(("signals", "watch"),),
    )
)  # fmt: skip

SIGNALS = declare(
    Register(
        name="signals",
        model=Signal,
        title=Bi("Tín hiệu", "Signals"),
        one=Bi("Tín hiệu", "Signal"),
        fields=(
            Field(Column("period", N_("Kỳ"), "date"), ("period",)),
            Field(Column("name", N_("Nội dung"), "bilingual"), ("name_vi", "name_en")),
            Field(Column("value", N_("Trị giá"), "number", unit="USD million"), ("value",)),
            Field(Column("baseline", N_("Mức thường"), "number", unit="USD million"), ("baseline",)),
            Field(Column("score", N_("Độ lệch"), "number"), ("score",)),
            _PARTNER,
            Field(Column("state", N_("Tình trạng"), "code", "signal_state"), ("state",)),
        ),
        page_fields=(
            Field(Column("code", N_("Mã"), "mono"), ("code",)),
            Field(
                Column("watch", N_("Mục theo dõi"), "record"),
                ("watch_id", "watch__name_vi", "watch__name_en"),
                "intelligence.watch",
            ),
            Field(Column("flow", N_("Chiều"), "code", "watch_flow"), ("flow",)),
            Field(Column("product", N_("Mã HS"), "mono"), ("product",)),
            Field(Column("provisional", N_("Số liệu tạm tính"), "flag"), ("provisional",)),
            Field(Column("source_title", N_("Nguồn")), ("source_title",)),
            Field(Column("source_url", N_("Địa chỉ nguồn")), ("source_url",)),
            Field(Column("as_of", N_("Số liệu đến ngày"), "date"), ("as_of",)),
            Field(Column("assessment", N_("Nhận định")), ("assessment",)),
            Field(Column("used", N_("Đã dùng vào việc gì"), "code", "signal_use"), ("used",)),
        ),
        orders=(
            Order("recent", N_("Mới nhất"), ("period",), descending=True),
            Order("code", N_("Mã"), ("code",), descending=True),
        ),
        filters=(
            Filter(Parameter("state", N_("Tình trạng"), "code", "signal_state"), "state"),
            Filter(Parameter("flow", N_("Chiều"), "code", "watch_flow"), "flow"),
            Filter(Parameter("partner", N_("Đối tác"), "partner"), "partner__code"),
            Filter(Parameter("watch", N_("Mục theo dõi"), "id"), "watch_id"),
            Filter(Parameter("used", N_("Đã dùng vào việc gì"), "code", "signal_use"), "used"),
        ),
        machines=(SIGNAL,),
        faces=(Face("board", machine=SIGNAL),),
        editable=("assessment", "used"),
        edit_permission="signals.triage",
    )
)
