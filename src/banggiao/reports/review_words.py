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
    guidance: str
    directives: str
    barriers: str
    resolved: str
    commitments: str
    made: str
    done: str
    past_due: str
    last_review: str
    no_last: str
    no_last_tasks: str
    last_tasks: str
    last_done: str
    last_again: str
    again: str
    last_caption: str
    lessons: str
    recommendations: str
    concluded: str
    directions: str
    product: str
    cause: str
    state: str
    commitment: str
    annex_commitments: str
    annex_memos: str
    figure: str
    was: str
    should_be: str
    reason: str
    decided: str
    correction: str


WORDS: dict[Language, Words] = {
    "vi": Words(
        kind="Báo cáo",
        title="Sơ kết công tác ngoại giao kinh tế %(period)s",
        yearly="Tổng kết công tác ngoại giao kinh tế %(period)s",
        issuer="Bộ Ngoại giao",
        exercise_issuer="Bộ A",
        place="Hà Nội",
        recipients=("Lãnh đạo Bộ", "Thành viên Ban chỉ đạo Ngoại giao kinh tế", "Lưu: VT"),
        overview="Bối cảnh, tình hình chung",
        results="Kết quả theo động lực tăng trưởng",
        shortcomings="Tồn tại, hạn chế và nguyên nhân",
        next_tasks="Phương hướng, nhiệm vụ trọng tâm %(period)s",
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
        guidance="Chỉ đạo, điều hành",
        directives="Ban hành %(count)s văn bản chỉ đạo có trong sổ",
        barriers="Tháo gỡ rào cản thị trường",
        resolved="Ghi nhận %(count)s rào cản được tháo gỡ toàn bộ hoặc một phần",
        commitments="Thực hiện cam kết",
        made="%(count)s cam kết đưa ra trong kỳ",
        done="%(count)s cam kết hoàn thành trong kỳ",
        past_due="%(count)s cam kết chưa hoàn thành đã quá hạn",
        last_review="Thực hiện kết luận sơ kết kỳ trước",
        no_last="Kỳ trước không có sơ kết trong hệ thống.",
        no_last_tasks="%(review)s chưa có nhiệm vụ nào được giao từ kết luận.",
        last_tasks="%(count)s nhiệm vụ được giao từ kết luận kỳ trước",
        last_done="%(count)s nhiệm vụ đã hoàn thành",
        last_again="%(count)s nhiệm vụ phải nhắc lại",
        again="(đã nhắc lại)",
        last_caption="Nhiệm vụ từ kết luận kỳ trước",
        lessons="Bài học kinh nghiệm",
        recommendations="Kiến nghị, đề xuất",
        concluded="Đánh giá chung",
        directions="Phương hướng, nhiệm vụ theo kết luận",
        product="Sản phẩm: %(product)s.",
        cause="(Nguyên nhân: %(cause)s.)",
        state="Tình trạng",
        commitment="Cam kết",
        annex_commitments="Cam kết đưa ra %(period)s và cam kết quá hạn",
        annex_memos="Đính chính số liệu",
        figure="Số liệu",
        was="Đã chốt",
        should_be="Nay là",
        reason="Lý do",
        decided="Người quyết định",
        correction="đính chính: %(value)s",
    ),
    "en": Words(
        kind="Report",
        title="Economic diplomacy in the %(period)s: interim review",
        yearly="Economic diplomacy in %(period)s: annual review",
        issuer="Ministry of Foreign Affairs",
        exercise_issuer="Ministry A",
        place="Ha Noi",
        recipients=("Leaders of the Ministry", "Members of the Steering Committee for Economic Diplomacy", "Archive"),
        overview="Context and overview",
        results="Results by growth driver",
        shortcomings="Shortcomings and their causes",
        next_tasks="Directions and main tasks for the %(period)s",
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
        guidance="Guidance",
        directives="Directives in the register: %(count)s",
        barriers="Barriers removed",
        resolved="Barriers resolved in full or in part: %(count)s",
        commitments="Carrying out commitments",
        made="commitments made in the period: %(count)s",
        done="commitments completed in the period: %(count)s",
        past_due="commitments past due: %(count)s",
        last_review="How the last review's conclusions were carried out",
        no_last="There is no review of the period before in the system.",
        no_last_tasks="No task was given from the conclusions of: %(review)s.",
        last_tasks="tasks given from the last conclusions: %(count)s",
        last_done="completed: %(count)s",
        last_again="asked for again: %(count)s",
        again="(asked again)",
        last_caption="Tasks of the last conclusions",
        lessons="Lessons",
        recommendations="Recommendations",
        concluded="Conclusions",
        directions="Directions concluded",
        product="Product: %(product)s.",
        cause="(Cause: %(cause)s.)",
        state="State",
        commitment="Commitment",
        annex_commitments="Commitments made in the %(period)s and those past due",
        annex_memos="Corrections of figures",
        figure="Figure",
        was="As frozen",
        should_be="Should be",
        reason="Reason",
        decided="Decided by",
        correction="corrected: %(value)s",
    ),
}
