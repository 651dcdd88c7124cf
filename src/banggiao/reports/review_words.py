"""What the fixed sentences of the review report say, in Vietnamese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from banggiao.reports.typography import Language


@dataclass(frozen=True, slots=True)
class Words:
    """One language's sentences; `%(...)s` places are filled by `review`."""

    kind: str
    title: str
    yearly: str
    issuer: str
    exercise_issuer: str
    place: str
    recipients: tuple[str, ...]
    overview: str
    results: str
    shortcomings: str
    next_tasks: str
    next_period: str
    published: str
    clash: str
    counted: str
    activities: str
    instruments: str
    upgrades: str
    incomplete: str
    measures: Mapping[str, str]
    instruments_name: str
    instrument_unit: str
    field: str
    chart_alt: str
    chart_caption: str
    register_source: str
    signed_here: str
    signed_one: str
    nothing: str
    no_tasks: str
    unknown: str
    unassigned: str
    recalled: str
    register: str
    rows: str
    no: str
    task: str
    lead: str
    due: str
    day: str
    activity: str
    partner: str
    documents: str
    level: str
    agreement: str
    kind_of: str
    tasks_caption: str
    annex_activities: str
    annex_levels: str
    annex_agreements: str


WORDS: dict[Language, Words] = {
    "vi": Words(
        kind="Báo cáo",
        title="Sơ kết công tác ngoại giao kinh tế %(period)s",
        yearly="Tổng kết công tác ngoại giao kinh tế %(period)s",
        issuer="Bộ Ngoại giao",
        exercise_issuer="Bộ A",
        place="Hà Nội",
        recipients=("Lãnh đạo Bộ", "Thành viên Ban chỉ đạo Ngoại giao kinh tế", "Lưu: VT"),
        overview="Tình hình chung",
        results="Kết quả theo động lực tăng trưởng",
        shortcomings="Tồn tại, hạn chế",
        next_tasks="Nhiệm vụ trọng tâm %(period)s",
        next_period="kỳ tới",
        published="Theo số liệu đã công bố, %(period)s có ",
        clash="Các nguồn đã công bố số liệu khác nhau về %(names)s; báo cáo nêu đủ các số, không tự chỉnh.",
        counted="Sổ theo dõi hiện ghi nhận ",
        activities="%(count)s hoạt động của lãnh đạo chủ chốt",
        instruments="%(count)s văn kiện được ký",
        upgrades="%(count)s lần thiết lập hoặc nâng cấp khuôn khổ quan hệ",
        incomplete="Sổ được lập từ các nguồn công khai nên có thể thấp hơn số đã công bố.",
        measures={
            "high_level_external_activities": "%(value)s hoạt động đối ngoại cấp cao",
            "agreements_signed": "%(value)s thỏa thuận được ký kết",
            "partnerships_upgraded": "%(value)s nước được nâng cấp quan hệ",
        },
        instruments_name="Văn kiện ký",
        instrument_unit="văn kiện",
        field="Lĩnh vực",
        chart_alt="Số văn kiện ký theo lĩnh vực: ",
        chart_caption="Văn kiện ký %(period)s theo lĩnh vực",
        register_source="Sổ thỏa thuận ",
        signed_here="Ký %(count)s văn kiện trong lĩnh vực này. ",
        signed_one="Ký %(count)s văn kiện trong lĩnh vực này. ",
        nothing="Chưa có nội dung được duyệt trong sổ.",
        no_tasks="Chưa có nhiệm vụ được duyệt cho kỳ tới.",
        unknown="chưa nêu",
        unassigned="chưa phân công",
        recalled="chưa kiểm chứng",
        register="Sổ của hệ thống, ngoài các bộ dữ liệu tham chiếu",
        rows="%(count)s dòng",
        no="TT",
        task="Nhiệm vụ",
        lead="Cơ quan chủ trì",
        due="Thời hạn",
        day="Ngày",
        activity="Hoạt động",
        partner="Đối tác",
        documents="Văn kiện",
        level="Khuôn khổ quan hệ",
        agreement="Văn kiện",
        kind_of="Loại",
        tasks_caption="Nhiệm vụ %(period)s",
        annex_activities="Hoạt động của lãnh đạo chủ chốt %(period)s",
        annex_levels="Thiết lập, nâng cấp khuôn khổ quan hệ %(period)s",
        annex_agreements="Văn kiện ký %(period)s",
    ),
    "en": Words(
        kind="Report",
        title="Economic diplomacy in the %(period)s: interim review",
        yearly="Economic diplomacy in %(period)s: annual review",
        issuer="Ministry of Foreign Affairs",
        exercise_issuer="Ministry A",
        place="Ha Noi",
        recipients=("Leaders of the Ministry", "Members of the Steering Committee for Economic Diplomacy", "Archive"),
        overview="Overview",
        results="Results by growth driver",
        shortcomings="Shortcomings",
        next_tasks="Main tasks for the %(period)s",
        next_period="next period",
        published="Published figures for the %(period)s: ",
        clash="Sources published different figures for %(names)s; all of them are given and none is adjusted.",
        counted="The registers now hold ",
        activities="%(count)s activities of the key leaders",
        instruments="%(count)s instruments signed",
        upgrades="%(count)s relations established or upgraded",
        incomplete="The registers rest on public sources and may fall short of the published figures.",
        measures={
            "high_level_external_activities": "%(value)s high-level external activities",
            "agreements_signed": "%(value)s agreements signed",
            "partnerships_upgraded": "relations with %(value)s countries upgraded",
        },
        instruments_name="Instruments signed",
        instrument_unit="instruments",
        field="Field",
        chart_alt="Instruments signed by field: ",
        chart_caption="Instruments signed in the %(period)s, by field",
        register_source="Register of agreements ",
        signed_here="%(count)s instruments signed in this field. ",
        signed_one="%(count)s instrument signed in this field. ",
        nothing="Nothing accepted into the register yet.",
        no_tasks="No task accepted for the next period yet.",
        unknown="not stated",
        unassigned="not assigned",
        recalled="not verified",
        register="Registers of the system beside the reference sets",
        rows="rows counted: %(count)s",
        no="No.",
        task="Task",
        lead="Lead agency",
        due="Due",
        day="Date",
        activity="Activity",
        partner="Partner",
        documents="Documents",
        level="Framework of relations",
        agreement="Instrument",
        kind_of="Kind",
        tasks_caption="Tasks for the %(period)s",
        annex_activities="Activities of the key leaders, %(period)s",
        annex_levels="Relations established or upgraded, %(period)s",
        annex_agreements="Instruments signed, %(period)s",
    ),
}
