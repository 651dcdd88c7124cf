"""How does the table of the six fields become an official paper, with those who have not reported named?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from django.utils import timezone

from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, InvalidInput, NotFound
from banggiao.core.exports import cell_text
from banggiao.core.periods import period_holding, period_label
from banggiao.core.questions import filled
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Institution
from banggiao.reports.blocks import BulletList, Column, Heading, NoteBook, OfficialDocument, Paragraph, SourceRow, Table
from banggiao.reports.files import take
from banggiao.reports.six_fields import SIX_FIELDS, WHO_REPORTED, commitments_asked, reporting_of, six_now

Language = Literal["vi", "en"]
#: More rows than this are no paper that anybody reads; the table is taken as a workbook.
MOST_ROWS = 400
#: The issuer where nobody's body is known: the ministry that follows commitments with partners.
HOME = "BNG"
_WORDS: dict[str, tuple[str, str]] = {
    "kind": ("Báo cáo", "Report"),
    "title": ("Tình hình thực hiện cam kết", "Implementation of commitments"),
    "state": ("Tình hình báo cáo", "State of reporting"),
    "count": (
        "Bảng gồm {total} cam kết. Từ {since}, {reported} trên {open} cam kết chưa kết thúc đã có báo cáo tiến độ; "
        "{bodies} cơ quan chủ trì chưa báo cáo cam kết nào.",
        "The table holds {total} commitments. Since {since}, {reported} of {open} open commitments have a progress report; "
        "{bodies} lead agencies have not reported on any.",
    ),
    "silent": ("Cơ quan chưa báo cáo", "Agencies that have not reported"),
    "row": ("{name}: {reported}/{total} cam kết", "{name}: {reported}/{total} commitments"),
    "none": ("Mọi cơ quan chủ trì đã báo cáo đủ.", "All lead agencies have reported in full."),
    "table": ("Tình hình từng cam kết", "Commitment by commitment"),
    "place": ("Hà Nội", "Hanoi"),
    "source": (
        "Khó khăn, kiến nghị theo báo cáo gần nhất của cơ quan, chưa thẩm tra.",
        "Difficulties and recommendations as last reported by the agency, not verified.",
    ),
}
_HEADS: tuple[tuple[str, str], ...] = (
    ("Cơ quan chủ trì", "Lead agency"), ("Đối tác", "Partner"), ("Nội dung", "Content"), ("Thời gian", "Timeline"),
    ("Khó khăn", "Difficulties"), ("Kiến nghị", "Recommendations"),
)  # fmt: skip
_WIDTHS = (1.1, 0.9, 2.1, 1.6, 1.4, 1.3)


def take_six_fields(params: Mapping[str, str], form: str, *, act: Act, language: Language, issuer: str = "") -> bytes:
    """The paper as a file, by the body with this code, else the actor's own, else the one all commitments asked for are led by.

    Raises NotPermitted, NotFound, and as `six_fields_paper`.
    """
    act.viewer.require(SIX_FIELDS.permission)
    known = Institution.objects.visible_to(act.viewer)
    wanted = issuer or ("" if act.viewer.institutions else params.get("lead", "") or HOME)
    rows = known.filter(code=wanted) if wanted else known.filter(pk__in=act.viewer.institutions)
    body = rows.order_by("sort_key", "pk").first()
    if body is None:
        raise NotFound(N_("Không tìm thấy bản ghi."), subject=f"institutions/{wanted}", remedy=N_("Hãy kiểm tra lại mã cơ quan."))
    return take(six_fields_paper(params, act.viewer, body, at=act.at, language=language), form, act=act)


def six_fields_paper(
    params: Mapping[str, str], viewer: Viewer, issuer: Institution, *, at: datetime, language: Language
) -> OfficialDocument:
    """The commitments that the parameters leave, as a draft paper of `issuer`. The two worlds never share one.

    Raises InvalidInput for a bad filter, an unknown one, or more rows than a paper holds.
    """

    def say(name: str) -> str:
        return _WORDS[name][language == "en"]

    asked = filled(SIX_FIELDS, params, viewer)
    rows = commitments_asked(asked, viewer).filter(exercise=issuer.exercise)
    total = rows.count()
    if total > MOST_ROWS:
        raise InvalidInput(
            N_("Báo cáo dạng văn bản chứa tối đa 400 cam kết."),
            remedy=N_("Hãy lọc theo cơ quan, đối tác hoặc kỳ, hoặc xuất bảng Excel."),
        )
    day = timezone.localdate(at)
    since = date.fromisoformat(asked["since"] or period_holding(day).start + "-01")
    reporting = reporting_of(viewer, since, exercise=issuer.exercise)
    if asked["lead"]:
        reporting = [each for each in reporting if each.code == asked["lead"]]
    silent = [each for each in reporting if each.reported < each.total]
    book = NoteBook()
    rule = vocabulary("counting_rule")
    note = book.refer(rule.label("six_fields", language), day, SourceRow(dataset=SIX_FIELDS.title.get(language), row=f"{total}"))
    told = book.refer(
        rule.label("reported_commitments", language),
        day,
        SourceRow(dataset=WHO_REPORTED.title.get(language), row=f"{len(reporting)}"),
    )
    counts = say("count").format(
        total=total,
        since=period_label(since.isoformat(), language),
        reported=sum(each.reported for each in reporting),
        open=sum(each.total for each in reporting),
        bodies=sum(not each.reported for each in reporting),
    )
    named = tuple(
        say("row").format(name=each.lead.title.get(language), reported=each.reported, total=each.total) for each in silent
    )
    lines = tuple(tuple(cell_text(cell, language) for cell in six.cells()) for six in six_now(list(rows), viewer, day))
    table = Table(
        columns=tuple(Column(head[language == "en"], width=width) for head, width in zip(_HEADS, _WIDTHS, strict=True)),
        rows=lines,
        source=say("source"),
    )
    blocks: list[Any] = [
        Heading(1, say("state")),
        Paragraph((counts, note, told)),
        Heading(1, say("silent")),
        BulletList(named) if named else Paragraph(say("none")),
        Heading(1, say("table")),
        table,
    ]
    return OfficialDocument(
        kind=say("kind"),
        kind_code="BC",
        title=say("title"),
        issuer=issuer.name_en if language == "en" and issuer.name_en else issuer.name_vi,
        issuer_code=issuer.abbr_vi or issuer.code,
        place=say("place"),
        as_of=day,
        blocks=tuple(blocks),
        language=language,
        notes=book.notes,
        exercise=issuer.exercise,
    )
