"""What does a filled page look like? One made-up, fully filled object for every page template."""

from __future__ import annotations

from datetime import date, datetime

from banggiao.web import pages as p
from banggiao.web.parts import (
    Action,
    Badge,
    Basis,
    Cell,
    Change,
    Chart,
    Chip,
    Choice,
    Citation,
    Definition,
    Difference,
    Empty,
    FactCard,
    Field,
    FieldSet,
    Form,
    Header,
    HistoryEntry,
    Kpi,
    Link,
    MissingItem,
    NextStep,
    Progress,
    Section,
    Sentence,
    StepAxis,
    Table,
    TableColumn,
    TableRow,
    Tally,
    TextBlock,
    TextPart,
    TimelineEntry,
)
from banggiao.web.parts_entry import Count, EntryPage, PastePage, PreviewPage, Similar, SimilarPart
from banggiao.web.parts_grid import Grid, GridColumn, GridFormPage, GridRow, ReconcilePage, TickBoxes, TickGroup
from banggiao.web.parts_lists import Board, Calendar, Card, Day, Keeping, Lane, Line, Mark, Timeline
from banggiao.web.parts_plan import Standing, StandingPanel
from banggiao.web.parts_reading import BatchPanel, BatchPreview, FileRow, HeldFact, KnownLine, KnownRecord, Part
from banggiao.web.parts_splitting import ParagraphRow, SplitPage, TaskForm, TaskLine
from banggiao.web.parts_talk import InboxPage, Letter, Said, Talk

DAY = date(2025, 7, 22)
CITATION = Citation(number=1, sentence="Bộ A chủ trì.", document="Thông cáo mẫu", url="/documents/1#s3", page=2)
BASIS = Basis(
    as_of=DAY, rule="Nhiệm vụ đang mở", rule_url="/rules/1", sources=(Link(label="Sổ nhiệm vụ", url="/tasks"),), left_out=3
)
POST = Action(
    label="Gỡ", url="/undo", method="post", style="danger", icon="close", key="r", confirm="Gỡ?", fields=(("version", "7"),)
)
GET = Action(label="Sửa", url="/edit", style="primary", icon="edit", key="c")
EMPTY = Empty(title="Chưa có gì", text="Hãy nạp văn bản.", action=GET)
HEADER = Header(
    title="Tiêu đề",
    kicker="DT-0012",
    subtitle="Dòng phụ",
    badges=(Badge(label="Đang làm", tone="active", axis="Công việc"), Badge(label="Quá hạn", tone="bad", axis="Thời hạn")),
    actions=(GET, POST),
    trail=(Link(label="Danh sách", url="/list"),),
)
TABLE = Table(
    caption="Nhiệm vụ",
    columns=(
        TableColumn(key="code", label="Mã", kind="code", sort_url="?sort=code", sorted="ascending"),
        TableColumn(key="title", label="Nội dung", lead=True),
        TableColumn(key="due", label="Hạn", kind="date"),
        TableColumn(key="state", label="Công việc"),
        TableColumn(key="done", label="Tiến độ", kind="percent"),
        TableColumn(key="money", label="Vốn", kind="number", unit="triệu USD"),
    ),
    rows=(
        TableRow(
            cells=(
                Cell(value="DT-0012"),
                Cell(value="Trình đề án", url="/tasks/1", note="Chuyến thăm"),
                Cell(value=DAY),
                Cell(value="Quá hạn", badge=Badge(label="Quá hạn", tone="bad")),
                Cell(value=68, progress=Progress(percent=68, label="Tiến độ DT-0012")),
                Cell(value=1284, recalled=True),
            ),
            exercise=True,
            overdue=True,
        ),
        TableRow(
            cells=(
                Cell(value="DT-0013"),
                Cell(value="Mở văn phòng", note="Quá hạn", note_tone="bad"),
                Cell(),
                Cell(value="A", links=(Link(label="A", url="/a"), Link(label="B", url=""))),
                Cell(),
                Cell(value="1", parts=(TextPart(text="1", note=1),)),
            )
        ),
    ),
    total=1284,
    basis=BASIS,
    next_url="?after=2",
    first_url="?",
)
KPIS = (
    Kpi(label="Quá hạn", value=1284, url="/tasks?overdue", basis=BASIS, alarming=True, note="12 việc trên 90 ngày"),
    Kpi(label="Có bằng chứng", value=57.8, kind="percent", basis=BASIS),
)
FACTS = (
    Definition(label="Ngày ký", kind="date", cell=Cell(value=DAY, citations=(CITATION,))),
    Definition(label="Vốn", kind="number", unit="triệu USD", cell=Cell(value=1250.5, recalled=True)),
    Definition(label="Ngôn ngữ", cell=Cell()),
)
HISTORY = HistoryEntry(
    at=datetime(2025, 7, 23, 9, 5),
    actor="Lê Thu Trang",
    action="Cập nhật",
    reason="Theo báo cáo.",
    changes=(Change(label="Tiến độ", old=45, new=68, kind="percent"), Change(label="Liên hệ", restricted=True)),
)
SECTIONS = (
    Section(id="tasks", title="Nhiệm vụ", meta="2", link=Link(label="Xem tất cả", url="/tasks"), table=TABLE),
    Section(
        id="dates",
        title="Mốc",
        timeline=(
            TimelineEntry(when=DAY, title="Ký", url="/a", text="Tại Hà Nội."),
            TimelineEntry(when=None, when_text="12/2025", title="Diễn đàn", state="next"),
        ),
    ),
    Section(id="sources", title="Trích dẫn", citations=(CITATION,)),
    Section(id="history", title="Lịch sử", history=(HISTORY,)),
    Section(id="similar", title="Tương tự", empty=EMPTY),
    Section(
        id="standing",
        title="Tình hình",
        standing=StandingPanel(
            colour=Badge(label="Chệch", tone="bad"),
            as_of=DAY,
            numbers=(
                Standing(
                    label="Tiến độ",
                    value="40 %",
                    lines=(("neutral", "tự khai 70 %"), ("risk", "chênh 30 %")),
                    counted="Năm mốc.",
                    rule=Link(label="Quy tắc", url="/rules"),
                    shares=(40, 70),
                    heard="40 %",
                ),
                Standing(label="Thời gian", value="–", lines=(), counted="Chưa có.", rule=Link(label="Quy tắc", url="/rules")),
            ),
            table=((Badge(label="Chệch", tone="bad"), "Hạn đã qua.", True), (Badge(label="Đúng"), "Còn lại.", False)),
        ),
    ),
)
FORM = Form(action="/batch", fields=(Field(name="above", label="Từ", kind="number", value="90"),), submit="Duyệt", icon="check")
SIDE = (
    Section(
        id="queue",
        title="Hộp duyệt",
        definitions=FACTS[2:],
        tallies=(Tally(label="Thông cáo", url="/d", value=12),),
        form=FORM,
        actions=(GET,),
        note="Đã kiểm tra.",
    ),
)
DIFFERENCES = (Difference(label="Hạn", seen=DAY, mine=date(2025, 12, 31), current=date(2025, 10, 2)),)
FIELDS = (
    Field(name="title", label="Nội dung", kind="textarea", value="<b>&", required=True, help="Một câu.", errors=("Còn trống.",)),
    Field(name="lead", label="Chủ trì", kind="select", choices=(Choice(value="a", label="Bộ A", selected=True),)),
    Field(name="due", label="Hạn", kind="date", value="2025-12-31"),
    Field(name="file", label="Tệp", kind="file"),
    Field(name="checked", label="Đã đối chiếu", kind="checkbox", checked=True),
    Field(name="token", label="", kind="hidden", value="x"),
)
BATCH = BatchPanel(
    action="/accept", preview_url="/preview", field=Field(name="above", label="Từ", kind="number", value="90"), poll_url="/state",
    undo=Action(label="Hoàn tác", url="/undo", method="post", icon="history"),
)  # fmt: skip
PART = Part(
    words="Phần 2 trên 3", before="?part=1", after="?part=3", all=(Choice(value="2", label="Phần 2", selected=True),), action="/d"
)
CARD = FactCard(
    id="t1",
    kind="Nhiệm vụ",
    title="Báo cáo trước 30/12",
    slots=FACTS[2:],
    badge=Badge(label="Đề xuất"),
    confidence=0.93,
    sentences=(2,),
    record=Link(label="DT-0012", url="/tasks/1"),
    known=KnownRecord(
        heading="Sổ đã có",
        record=Link(label="DT-0011", url="/tasks/2"),
        lines=(
            KnownLine(label="Hạn", known="1/12", said="30/12", state="differs"),
            KnownLine(label="Nơi", said="Hà Nội", state="adds"),
            KnownLine(label="Chủ trì", known="Bộ A", state="same"),
        ),
        words="Sổ đang ghi hạn khác.",
        choices=(Choice(value="keep", label="Giữ"), Choice(value="take", label="Lấy")),
        action="/facts/t1/accept",
        id="t2",
        version=2,
    ),
    waiting=True,
    actions=(GET,),
)
BLOCKS = (
    TextBlock(kind="heading", sentences=(Sentence(number=1, parts=(TextPart(text="Thông cáo"),)),), page=1),
    TextBlock(
        sentences=(Sentence(number=2, parts=(TextPart(text="Bộ A", fact="t1", anchors=("t1",)), TextPart(text=" chủ trì."))),)
    ),
    TextBlock(kind="aside", sentences=(Sentence(number=4, parts=(TextPart(text="Ảnh: A"),)),)),
    TextBlock(kind="item", sentences=(Sentence(number=3, parts=(TextPart(text="– Việc khác."),)),)),
)
CHART_TABLE = Table(
    caption="Số liệu biểu đồ", columns=TABLE.columns[:2], rows=(TableRow(cells=(Cell(value="I"), Cell(value="A"))),)
)
CHART = Chart(title="Theo động lực", image_url="/static/img/logo.svg", summary="Thương mại 104.", table=CHART_TABLE)
HITS = p.SearchGroup(
    label="Nhiệm vụ",
    total=14,
    more_url="/search?q=kho&in=tasks",
    hits=(
        p.SearchHit(
            url="/tasks/1",
            parts=(TextPart(text="Trung tâm "), TextPart(text="kho lạnh", mark=True)),
            meta="DT-0012",
            snippet=(TextPart(text="…tại cảng…"),),
        ),
    ),
)

CARD_OF_LIST = Card(
    title="Mở cửa thị trường",
    url="/tasks/1",
    code="DT-1",
    note="3/2/2026",
    note_tone="bad",
    lead="Bộ A",
    exercise=True,
    fresh=True,
    steps=StepAxis(
        title="Công việc",
        state=Badge(label="Đang làm"),
        next=NextStep(label="Xong", missing=(MissingItem(label="Ngày", url="/e"), MissingItem(label="Văn bản")), action=GET),
        others=(GET,),
    ),
)
SIMILAR = SimilarPart(rows=(Similar(link=Link(label="Việc như thế", url="/tasks/2"), note="NV-2"),), asked=True)
PAGES: dict[str, object] = {
    "grid_form.html": GridFormPage(
        header=HEADER,
        action="/data_calls/new",
        version=3,
        submit="Lưu",
        also=("send", "Gửi"),
        cancel_url="/",
        fieldsets=(FieldSet(title="Nội dung", fields=(Field(name="name", label="Tên"),)),),
        grid=Grid(
            title="Các cột",
            columns=(GridColumn(label="Tên", required=True), GridColumn(label="Giá trị", unit="USD", narrow=True)),
            rows=(
                GridRow(
                    cells=(
                        Field(name="r0-a", label="Tên, dòng 1", kind="textarea", errors=("Sai.",)),
                        Field(name="r0-b", label="Giá trị, dòng 1", value="12"),
                    ),
                    hidden=(Field(name="r0-id", label="", kind="hidden", value="1"),),
                ),
                GridRow(
                    cells=(
                        Field(name="r1-a", label="Tên, dòng 2", kind="select", choices=(Choice(value="", label="–"),)),
                        Field(name="r1-b", label="Giá trị, dòng 2", kind="checkbox"),
                    )
                ),
            ),
            more="Thêm",
            sum_of="b",
            sum="Tổng: 12",
        ),
        after=(FieldSet(title="Dán bảng", fields=(Field(name="pasted", label="Bảng", kind="textarea"),)),),
        boxes=TickBoxes(
            title="Nơi nhận",
            presets=(Field(name="preset", label="Tất cả", kind="checkbox"),),
            groups=(TickGroup(title="Bộ", ticks=(Field(name="body", label="Bộ A", kind="checkbox", checked=True),), note="1"),),
        ),
    ),
    "inbox.html": InboxPage(
        header=HEADER,
        letters=(
            Letter(
                kind=Badge(label="Nhắc hạn", tone="risk"),
                title="Mở cửa thị trường",
                url="/inbox/1",
                at=datetime(2026, 2, 3, 9, 0),
                sender="Lê Thu Trang",
                text=(TextPart(text="Đề nghị "), TextPart(text="@Nam", strong=True)),
                unread=True,
                exercise=True,
                action=GET,
            ),
        ),
        total=41,
        views=(Chip(label="Tất cả", url="?", active=True),),
        empty=Empty(title="Không có", text="Chưa có."),
        next_url="?after=1",
        first_url="?",
    ),
    "sign_in.html": p.SignInPage(
        action="/sign-in",
        next="/",
        errors=("Chưa đúng.",),
        fields=(Field(name="username", label="Tên", required=True, autocomplete="username"),),
        accounts=(p.DemoAccount(username="desk", name="Lê Thu Trang", post="Chuyên viên"),),
        demo_password="x",
    ),
    "home_desk.html": p.HomePage(
        header=HEADER,
        views=(Chip(label="Lãnh đạo", url="?role=leader", active=True), Chip(label="Mọi vai trò", url="?")),
        bands=(p.Band(title="Đang vướng ở đâu", kpis=KPIS),),
        charts=(
            Chart(
                title="Cam kết",
                image_url="",
                drawing="<svg viewBox='0 0 1 1'></svg>",
                legend=(("≥ 5", "#0b4f71"),),
                summary="Nước X 5",
                table=TABLE,
                note="Minh họa",
            ),
        ),
        sections=SECTIONS,
        aside=SIDE,
    ),
    "register_list.html": p.ListPage(
        header=HEADER,
        table=TABLE,
        views=(Chip(label="Của tôi", url="?mine", active=True), Chip(label="Tất cả", url="?")),
        chips=(Chip(label="Bộ A", url="?"),),
        clear_url="/tasks",
        filters=FIELDS[1:2],
        more_filters=FIELDS[2:3],
        filter_url="/tasks",
        faces=(Chip(label="Danh sách", url="?", active=True), Chip(label="Lịch", url="?face=calendar")),
        keeping=Keeping(
            chips=(Chip(label="Việc của tôi", url="?q=a"),),
            fields=(Field(name="name", label="Tên"),),
            url="/views",
            manage=(Link(label="Việc của tôi", url="/views/1"),),
        ),
        board=Board(lanes=(Lane(state=Badge(label="Đang làm"), total=12, cards=(CARD_OF_LIST,), all_url="?s"),), most=10),
        timeline=Timeline(
            months=(date(2026, 1, 1), date(2026, 2, 1)),
            this_month=date(2026, 2, 1),
            lines=(Line(card=CARD_OF_LIST, marks=(Mark(kind="first", text="3"), Mark(kind="current", text="4")), late=True),),
            total=1,
            beyond=2,
            previous_url="?p",
            next_url="?n",
            now_url="?",
            more_url="?m",
            first_url="?f",
        ),
        calendar=Calendar(
            title="Tháng 02 năm 2026",
            weekdays=("T2", "T3"),
            weeks=(
                (
                    Day(
                        day=date(2026, 2, 16),
                        in_month=True,
                        today=True,
                        off=True,
                        holiday="Tết",
                        cards=(CARD_OF_LIST,),
                        left_out=2,
                    ),
                    Day(day=date(2026, 2, 17), in_month=False, today=False, off=False, holiday=""),
                ),
            ),
            undated=(CARD_OF_LIST,),
            shown=1,
            total=3,
            beyond=4,
            previous=Link(label="Tháng 01", url="?p"),
            next=Link(label="Tháng 3", url="?n"),
            now_url="?",
        ),
        exports=(Action(label="CSV", url="/tasks.csv", icon="download"),),
    ),
    "record_page.html": p.RecordPage(
        header=HEADER,
        facts=FACTS,
        version=7,
        talk=Talk(
            items=(
                Said(
                    id="7",
                    author="Lê Thu Trang",
                    at=datetime(2026, 2, 3, 9, 0),
                    parts=(TextPart(text="Đã gửi công văn."),),
                    changed=True,
                    resolved=True,
                    actions=(GET,),
                ),
            ),
            total=21,
            url="/comments",
            people_url="/people",
            older_url="?comments=1",
            newest_url="?",
        ),
        steps=(
            StepAxis(
                title="Công việc",
                state=Badge(label="Đang làm", tone="active"),
                next=NextStep(
                    label="Có hiệu lực",
                    missing=(MissingItem(label="Ngày", url="/edit"), MissingItem(label="Văn bản")),
                    action=GET,
                ),
                others=(GET,),
            ),
            StepAxis(title="Thẩm tra", state=Badge(label="Bản nháp"), next=NextStep(label="Trình")),
            StepAxis(title="Pháp lý", state=Badge(label="Hết", tone="bad")),
        ),
        sections=SECTIONS,
        aside=SIDE,
        exercise=True,
    ),
    "document_page.html": p.DocumentPage(
        header=HEADER,
        facts=FACTS,
        blocks=BLOCKS,
        cards=(CARD,),
        batch=BATCH,
        part=PART,
        company="Bà A đang duyệt.",
        status=Badge(label="Còn 1"),
        counts="còn 1 trong 2",
        add_url="/add",
        next=Link(label="Tài liệu khác", url="/documents/2"),
    ),  # fmt: skip
    "partner_file.html": p.PartnerFilePage(
        header=HEADER,
        version=2,
        facts=FACTS,
        kpis=KPIS,
        contents=(Chip(label="Thương mại", url="#trade"),),
        sections=SECTIONS,
        aside=SIDE,
    ),
    "partner_map.html": p.MapPage(
        header=HEADER,
        views=(Chip(label="Mức quan hệ", url="?show=levels", active=True),),
        svg='<svg viewBox="0 0 9 9"></svg>',
        legend=(Definition(label="Đối tác chiến lược", cell=Cell(value=1284, note="#1c7fae")),),
        off_map=(Link(label="Khối Z", url="/partners/ZZZ"),),
        remark="Không vẽ đường biên giới.",
        table=TABLE,
    ),
    "split.html": SplitPage(
        header=HEADER,
        action="/directives/1/split",
        kpis=(Kpi(label="Đoạn đã có nhiệm vụ", value="1/3", kind="text", basis=BASIS),),
        filters=(Link(label="Còn bỏ ngỏ (1)", url="?standing=open"),),
        rows=(
            ParagraphRow(id="p-1", number="II", text="NHIỆM VỤ", heading=True),
            ParagraphRow(
                id="p-2",
                number="II.1",
                text="Giao Bộ A rà soát.",
                badge=Badge(label="Còn bỏ ngỏ", tone="risk"),
                proposals=(
                    TaskForm(
                        take=Field(name="take-2-1", label="Nhận nhiệm vụ 1", kind="checkbox", value="yes", checked=True),
                        fields=(Field(name="2-1-text", label="Nội dung", kind="textarea", errors=("Hãy viết.",)),),
                        said="Rà soát · hạn 30/9/2025",
                        notes=("Năm của hạn lấy theo năm của văn bản.",),
                        open=True,
                    ),
                ),
                reason=(Field(name="reason-2", label="Lý do", kind="select", choices=(Choice(value="", label="–"),)),),
                add_url="?add=2",
                links=(Link(label="Sửa đoạn", url="/line"),),
            ),
            ParagraphRow(
                id="p-3",
                number="II.2",
                text="Bộ B báo cáo.",
                badge=Badge(label="Có nhiệm vụ", tone="good"),
                tasks=(
                    TaskLine(link=Link(label="NV-1", url="/tasks/1"), text="Báo cáo", badge=Badge(label="Đề xuất"), note="Bộ B"),
                ),
                said="Chỉ đánh giá",
                undo_url="/undo",
            ),
        ),
        submit="Ghi",
        next_url="?from=40",
        errors=("Sai.",),
        empty="Không có đoạn nào.",
    ),
    "reconcile.html": ReconcilePage(header=HEADER, sections=SECTIONS),
    "choices.html": [("Nước X", "XAA")],
    "similar.html": SIMILAR,
    "entry_form.html": EntryPage(
        header=HEADER,
        action="/tasks/new",
        similar_url="/tasks/new/similar",
        fields=(*FIELDS[1:3], Field(name="partner", label="Đối tác", value="X", suggest="/choices/partners", help="Ghi tên.")),
        more=FIELDS[4:5],
        cancel_url="/tasks",
        errors=("Chưa lưu được.",),
        similar=SIMILAR,
    ),
    "paste_form.html": PastePage(
        header=HEADER,
        action="/tasks/paste",
        area=Field(name="table", label="Bảng", kind="textarea", errors=("Không thấy bảng nào.",)),
        file=Field(name="file", label="Tệp", kind="file"),
        columns=("Nội dung *", "Hạn"),
        limits="Tối đa 10 dòng.",
        waiting=(Link(label="Bảng dán lúc 9 giờ", url="/tasks/paste/1"),),
        cancel_url="/tasks",
    ),
    "paste_preview.html": PreviewPage(
        header=HEADER,
        action="/tasks/paste/1",
        mapping=(Field(name="column-0", label="Việc", kind="select", choices=(Choice(value="text_vi", label="Nội dung"),)),),
        counts=(Count(label="Có lỗi", value=1284, url="?show=wrong", active=True),),
        table=TABLE,
        sheets=Field(name="sheet", label="Trang", kind="select", choices=(Choice(value="0", label="Cam kết (5 dòng)"),)),
        options=(
            Field(name="twins", label="Dòng có thể trùng", kind="select", choices=(Choice(value="", label="Bỏ qua"),)),
            Field(name="blank", label="Để trống ô không hiểu", kind="checkbox", value="yes"),
        ),
        gone=(Link(label="Dòng cũ 9: Mở đường bay", url="/tasks/1"), Link(label="Dòng cũ 12: không được xem", url="")),
        dropped=("Dòng 40 (dòng tổng): Tổng cộng 25",),
        warnings=("Tệp có 1 trang ẩn, không được đọc.",),
        seen="abc",
        choices=(Field(name="whole", label="Chỉ ghi khi mọi dòng đều đúng", kind="checkbox", value="yes"),),
        submit="Ghi",
        ready=2,
        again_url="/tasks/paste?from=1",
        forget_url="/tasks/paste/1/forget",
        cancel_url="/tasks",
        mend_url="/tasks/paste/1/mend.csv",
        errors=("Chưa ghi được.",),
        note="Chỉ hiện 100 dòng.",
    ),
    "kept_form.html": p.KeptPage(header=HEADER, action="/x", fields=FIELDS[1:3]),
    "batch_panel.html": p.DocumentPage(header=HEADER, facts=FACTS, blocks=BLOCKS, batch=BATCH),
    "batch_state.html": BATCH,
    "batch_preview.html": BatchPreview(
        words="Sẽ duyệt 2.", held=(HeldFact(link=Link(label="Việc", url="/facts/1"), reason="Hạn khác."),), more="và 3 nữa"
    ),
    "fact_card.html": p.FactFragment(card=CARD, counts="còn 1 trong 2", status=Badge(label="Còn 1")),
    "fact_form.html": p.FactFormPage(
        header=HEADER,
        action="/facts/t1/correct",
        title="Máy đọc được",
        fields=FIELDS[1:3],
        submit="Duyệt",
        cancel_url="/",
        sentence="Một câu.",
        version=1,
        hidden=(("kind", "task"),),
        errors=("Chưa lưu được.",),
        known=CARD.known,
    ),
    "upload.html": p.UploadPage(
        header=HEADER,
        action="/documents/add",
        files=FieldSet(title="Tệp", fields=FIELDS[4:5]),
        pasted=FieldSet(title="Dán", fields=()),
        common=FieldSet(title="Phạm vi", fields=FIELDS[2:3]),
        errors=("Chưa chọn tệp.",),
        limits=("TXT.",),
        cancel_url="/",
    ),
    "upload_batch.html": p.BatchPage(
        header=HEADER,
        rows=(
            FileRow(name="a.txt", size="1 KB", badge=Badge(label="Đã đọc"), document=Link(label="A", url="/d")),
            FileRow(name="b.pdf", size="2 MB", badge=Badge(label="Không nhận", tone="bad"), text="Tệp hỏng.", remedy="Gửi lại."),
        ),
        words="Đã xử lý 1 trên 2 tệp.",
        percent=50,
        poll_url="/b",
        retry=GET,
        late="Chưa có ai đọc.",
    ),
    "review_report.html": p.ReviewReport(
        header=HEADER,
        title="BÁO CÁO",
        issuer="BỘ A",
        number="02/BC",
        place_and_date="Hà Nội",
        signer_post="THỦ TRƯỞNG",
        exercise=True,
        sections=(
            p.ReportSection(
                id="results",
                number="I",
                title="Kết quả",
                blocks=(
                    p.ReportBlock(parts=(TextPart(text="253 thoả thuận", strong=True, note=1), TextPart(text="."))),
                    p.ReportBlock(parts=(TextPart(text="Một việc;", citation=CITATION, emphasis=True),), item=True, marker="–"),
                    p.ReportBlock(table=TABLE, caption="Bảng 1", source=(TextPart(text="Nguồn"),)),
                    p.ReportBlock(chart=CHART),
                ),
            ),
        ),
        notes=(
            p.FigureNote(
                number=1,
                basis=BASIS,
                sources=(p.NoteSource(sentence="Đã ký.", text="Câu 3", url="/d#s3"), p.NoteSource(text="Dòng 4")),
            ),
        ),
    ),
    "search.html": p.SearchPage(query="kho lanh", groups=(HITS,), total=14),
    "search_results.html": p.SearchPage(query="xyz"),
    "edit_form.html": p.EditPage(
        header=HEADER,
        action="/save",
        version=8,
        submit="Lưu",
        cancel_url="/tasks/1",
        multipart=True,
        errors=("Chưa lưu được.",),
        fieldsets=(FieldSet(title="Việc", fields=FIELDS, help="Điền đủ."),),
        differences=DIFFERENCES,
    ),
    "error.html": p.ErrorPage(
        status=412,
        title="Bản ghi đã đổi",
        message="Có người vừa sửa.",
        subject="DT-0012",
        remedy="So lại.",
        problems=(MissingItem(label="Hạn", url="/edit"),),
        differences=DIFFERENCES,
        actions=(GET,),
    ),
}


def shell(*, signed_in: bool = True, language: str = "vi") -> p.Shell:
    """The frame of a page with everything in it, or the bare one before sign-in."""
    items = (
        p.NavItem(label="Nhiệm vụ", url="/tasks", icon="task", active=True, badge=1284, urgent=True),
        p.NavItem(label="Văn bản", url="/documents", icon="document"),
    )
    return p.Shell(
        language="en" if language == "en" else "vi",
        here="/tasks",
        language_url="/language",
        search_url="/search",
        sign_out_url="/sign-out",
        nav=(p.NavGroup(label="Hồ sơ", items=items),) if signed_in else (),
        user=p.Person(name="Lê Thu Trang", initials="LT", post="Vụ Tổng hợp kinh tế") if signed_in else None,
        notices=(p.Notice(text="Đã lưu.", level="success"),),
        exercise=True,
    )
