"""What does the report of commitments say as known on a day: the six fields of each, where it stands, and the totals?

One reading of the past (`commitments_known`) gives all forms: the flat answer for lists and CSV, JSON with the totals, and the
paper. The same day, viewer and release give the same bytes, whatever is written later.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from banggiao.analytics.delivery.numbers import shown
from banggiao.core import clock
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.exports import EXERCISE, answer_as_json, export, note_taken
from banggiao.core.periods import parse_period, period_label
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Row, register_question
from banggiao.core.vocabulary import vocabulary
from banggiao.reports.blocks import Column as PaperColumn
from banggiao.reports.blocks import Heading, NoteBook, OfficialDocument, Paragraph, SourceRow, Table
from banggiao.reports.commitments_known import RULE, TOTALS, Asked, Known, Line, known, on_time_rates
from banggiao.reports.files import MEDIA_TYPES, RENDERERS
from banggiao.reports.six_fields import difficulties_of, timeline_of
from banggiao.reports.typography import Language, number, short_date

FORMS = ("json", "csv", "xlsx", "pdf", "docx")
_WORDS: Mapping[str, tuple[str, str]] = {
    "kind": ("Báo cáo", "Report"),
    "title": ("Tình hình thực hiện cam kết, tính đến {day}", "Implementation of commitments, as of {day}"),
    "issuer": ("Bộ Ngoại giao", "Ministry of Foreign Affairs"),
    "exercise": ("Cơ quan diễn tập", "Exercise body"),
    "place": ("Hà Nội", "Hanoi"),
    "period": ("cam kết đưa ra trong {value}", "commitments made in {value}"),
    "partner": ("đối tác {value}", "partner {value}"),
    "lead": ("cơ quan chủ trì {value}", "lead agency {value}"),
    "scope": ("Phạm vi: {value}.", "Scope: {value}."),
    "all": ("mọi cam kết trong sổ", "all commitments in the register"),
    "basis": (
        "Báo cáo nêu điều đã được ghi vào sổ đến hết thời điểm {at}; điều ghi sau thời điểm đó, kể cả về những ngày trước, "
        "không có trong báo cáo. Báo cáo gồm các cam kết mà người xem được biết vào ngày đó và nay vẫn được biết.",
        "The report tells what was on record by {at}; what was recorded later, also about earlier days, is not in it. "
        "It holds the commitments that its reader might know of on that day and may still know of.",
    ),
    "totals": ("Tổng hợp", "Totals"),
    "rate": (
        "Trong {due} cam kết có hạn ban đầu đã tới, {on_time} xong đúng hạn: {share} (khoảng tin cậy 95 %: {low} đến {high}); "
        "{late} xong muộn, {overdue} chưa xong.",
        "Of {due} commitments whose first deadline has come, {on_time} were done by it: {share} (95 per cent interval: {low} to "
        "{high}); {late} were done late, {overdue} are not done.",
    ),
    "no_rate": ("Chưa có cam kết nào tới hạn ban đầu.", "No commitment has reached its first deadline."),
    "progress": (
        "Theo trọng số: tự báo đạt {claimed}, đã thẩm tra {verified} trên tổng trọng số {weight}.",
        "By weight: {claimed} claimed, {verified} verified of a total weight of {weight}.",
    ),
    "line": ("Chỉ tiêu", "Figure"),
    "count": ("Số lượng", "Number"),
    "table": ("Biểu sáu nội dung", "The six fields"),
    "rows": ("{count} dòng của sổ cam kết", "{count} rows of the register of commitments"),
    "claimed": ("tự báo {claimed}, thẩm tra {verified}", "{claimed} claimed, {verified} verified"),
    "made": ("cam kết {day}", "made {day}"),
    "done": ("xong {day}", "done {day}"),
    "with": ("phối hợp: {bodies}", "with: {bodies}"),
}
_HEADS: tuple[tuple[tuple[str, str], float], ...] = (
    (("TT", "No."), 0.35), (("Cơ quan chủ trì", "Lead agency"), 1.3), (("Đối tác", "Partner"), 0.9),
    (("Nội dung cam kết", "Content"), 2.6), (("Tiến độ thời gian", "Timeline"), 1.4), (("Tình hình", "Standing"), 1.2),
    (("Khó khăn, vướng mắc", "Difficulties"), 1.5), (("Kiến nghị", "Recommendations"), 1.5),
)  # fmt: skip
COLUMNS = (
    Column("code", N_("Mã"), "mono"),
    Column("lead", N_("Cơ quan chủ trì"), "record"),
    Column("coordinating", N_("Cơ quan phối hợp"), "records"),
    Column("partner", N_("Đối tác"), "record"),
    Column("content", N_("Nội dung cam kết"), "bilingual"),
    Column("made_on", N_("Ngày cam kết"), "date"),
    Column("first_due", N_("Hạn ban đầu"), "date"),
    Column("current_due", N_("Hạn hiện hành"), "date"),
    Column("done_on", N_("Ngày hoàn thành"), "date"),
    Column("timeline", N_("Tiến độ thời gian"), "bilingual"),
    Column("difficulties", N_("Khó khăn, vướng mắc"), "bilingual"),
    Column("recommendations", N_("Kiến nghị")),
    Column("work_state", N_("Thực hiện"), "code", "work_state"),
    Column("validation_state", N_("Thẩm tra"), "code", "validation_state"),
    Column("timeliness", N_("Theo hạn hiện hành"), "code", "timeliness"),
    Column("outcome", N_("Theo hạn ban đầu"), "code", "first_outcome"),
    Column("claimed", N_("Tự báo đạt"), "percent", unit="%"),
    Column("verified", N_("Đã thẩm tra"), "percent", unit="%"),
    Column("index_first", N_("Chỉ số tiến độ so với kế hoạch đầu"), "number"),
    Column("index_current", N_("Chỉ số tiến độ so với kế hoạch hiện hành"), "number"),
    Column("confidence", N_("Độ tin cậy"), "percent", unit="%"),
    Column("age", N_("Tuổi của minh chứng mới nhất"), "number", unit=N_("ngày")),
    Column("colour", N_("Màu"), "code", "standing_colour"),
)  # fmt: skip


def asked_of(params: Mapping[str, str]) -> Asked:
    """What the parameters ask for. Raises InvalidInput for what is no period or no yes or no."""
    if params.get("period"):
        parse_period(params["period"])
    if params.get("exercise", "") not in ("", *vocabulary("yes_no").codes):
        wrong = N_("Giá trị không có trong danh mục.")
        raise InvalidInput(wrong, subject=params["exercise"][:40], problems=[FieldProblem("exercise", wrong)])
    return Asked(params.get("period", ""), params.get("partner", ""), params.get("lead", ""), params.get("exercise") == "yes")


def answer_of(found: Known, page: Page | None = None) -> Answer:
    """The flat answer: a row for each commitment, in the report's order."""
    start = int(page.cursor) if page and page.cursor.isdigit() else 0
    part = found.lines[start : start + page.size] if page and page.size else found.lines[start:]
    after = start + len(part)
    return Answer(
        REPORT.name,
        REPORT.title,
        COLUMNS,
        tuple(_row(line, found.day) for line in part),
        len(found.lines),
        found.at,
        RULE,
        next_cursor=str(after) if part and after < len(found.lines) else "",
        parameters=_parameters(found),
    )


def as_json(found: Known) -> bytes:
    """The whole report for programmes: what was asked, the totals with the rates they give, and every row."""
    body = answer_as_json(answer_of(found)) | {"rule_version": found.version, **figures(found.totals())}
    body["exercise"] = found.asked.exercise
    body["notice"] = EXERCISE._asdict() if found.asked.exercise else None
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def figures(totals: Mapping[str, Decimal]) -> dict[str, Any]:
    """Totals and rates as JSON holds them: numbers as text, what cannot be known as null."""
    rates = on_time_rates(totals)
    interval = [_text(end) for end in rates.interval] if rates.interval else None
    return {
        "totals": {name: _text(value) for name, value in totals.items()},
        "rates": {
            "due": rates.due, "on_time": _text(rates.on_time), "completed": _text(rates.completed),
            "overdue": _text(rates.overdue), "on_time_interval": interval,
        },
    }  # fmt: skip


def document_of(found: Known, language: Language) -> OfficialDocument:
    """The report as a paper laid across: scope and basis, totals with their rule, the six fields of each commitment."""

    def say(name: str, **values: object) -> str:
        return _WORDS[name][language == "en"].format(**values)

    book, totals = NoteBook(), found.totals()
    rule = vocabulary("counting_rule").label_at(RULE, language, found.day)
    note = book.refer(rule, found.day, SourceRow(say("table"), say("rows", count=number(len(found.lines), language))))
    terms = vocabulary("commitment_total")
    kept = [name for name in TOTALS if totals[name] or name == "all"]
    rows = tuple((terms.label_at(name, language, found.day), (number(totals[name].normalize(), language), note)) for name in kept)
    labels = tuple(PaperColumn(head[language == "en"], "left", width) for head, width in _HEADS)
    at = timezone.localtime(found.at)
    return OfficialDocument(
        kind=say("kind"),
        kind_code="BC",
        title=say("title", day=short_date(found.day, language)),
        issuer=say("exercise" if found.asked.exercise else "issuer"),
        issuer_code="DT" if found.asked.exercise else "BNG",
        place=say("place"),
        as_of=found.day,
        blocks=(
            Paragraph(say("scope", value=_scope(found.asked, language, say))),
            Paragraph(say("basis", at=f"{at:%H:%M} {short_date(at.date(), language)}")),
            Heading(1, say("totals")),
            Paragraph((_rate_words(totals, language, say), note)),
            Paragraph((_progress_words(totals, language, say), note)),
            Table((PaperColumn(say("line"), "left", 3.0), PaperColumn(say("count"), "right", 1.0)), rows),
            Heading(1, say("table")),
            Table(labels, tuple(_cells(place, line, found.day, language, say) for place, line in enumerate(found.lines, 1))),
        ),
        language=language,
        notes=book.notes,
        exercise=found.asked.exercise,
        layout="landscape",
    )


def take_report(found: Known, form: str, *, act: Act, language: Language) -> tuple[bytes, str, str]:
    """The report as a file: (content, media type, name). Raises NotPermitted without `exports.take`, InvalidInput."""
    act.viewer.require("exports.take", subject=REPORT.name)
    if form not in FORMS:
        raise InvalidInput(
            N_("Không có định dạng “%(form)s”."), form=form[:20], remedy=N_("Hãy chọn docx, pdf, csv, xlsx hoặc json.")
        )
    name = f"commitments-{found.day:%Y%m%d}.{form}"
    if form in ("csv", "xlsx"):
        content, media, _name = export(answer_of(found), form, act=act, language=language, translate=translated)
        return content, media, name
    content = as_json(found) if form == "json" else RENDERERS[form](document_of(found, language))
    note_taken(act, {"question": REPORT.name, "form": form, "rows": len(found.lines), "parameters": _parameters(found)})
    return content, MEDIA_TYPES[form], name


def percent(share: Decimal | None, language: Language) -> str:
    """A share as 57,8 %, half up; a dash where it cannot be known."""
    return "–" if share is None else f"{number(shown(share * 100, 1), language)}%"


def _row(line: Line, day: date) -> Row:
    record, standing = line.record, line.standing
    first, current = (against.schedule.index if against else None for against in (standing.first, standing.current))
    cells = (
        record.code,
        line.lead,
        line.coordinating,
        line.partner,
        Bi(record.text_vi, record.text_en),
        record.made_on or None,
        record.first_due or None,
        record.current_due or None,
        record.done_on or None,
        timeline_of(record, line.told, day),
        difficulties_of(record, line.told, line.difficulties, day),
        (line.told.recommendation if line.told else "") or None,
        record.work_state,
        record.validation_state,
        line.timely,
        line.outcome or None,
        shown(standing.claimed * 100, 1),
        shown(standing.verified * 100, 1),
        None if first is None else shown(first, 2),
        None if current is None else shown(current, 2),
        None if standing.confidence is None else shown(standing.confidence * 100, 1),
        standing.age,
        standing.colour,
    )
    return Row(cells, record.pk, record.record_type(), record.exercise, record.evidence)


def _cells(place: int, line: Line, day: date, language: Language, say: Any) -> tuple[str, ...]:
    record, standing = line.record, line.standing
    lead = line.lead.title.get(language) if line.lead else "–"
    if line.coordinating:
        lead += f" ({say('with', bodies='; '.join(one.title.get(language) for one in line.coordinating))})"
    timeline = [timeline_of(record, None, day).get(language)]
    timeline += [say("made", day=period_label(record.made_on, language))] if record.made_on else []
    timeline += [say("done", day=period_label(record.done_on, language))] if record.done_on else []
    state = vocabulary("work_state").label_at(record.work_state, language, day)
    checked = vocabulary("validation_state").label_at(record.validation_state, language, day).lower()
    colour = vocabulary("standing_colour").label_at(standing.colour, language, day).lower()
    shares = say("claimed", claimed=percent(standing.claimed, language), verified=percent(standing.verified, language))
    text = record.text_vi if language == "vi" or not record.text_en else record.text_en
    return (
        str(place),
        lead,
        line.partner.title.get(language) if line.partner else "–",
        f"{text} ({record.code})",
        "; ".join(timeline),
        f"{state}; {checked}; {shares}; {colour}",
        difficulties_of(record, line.told, line.difficulties, day).get(language),
        line.told.recommendation if line.told else "",
    )


def _rate_words(totals: Mapping[str, Decimal], language: Language, say: Any) -> str:
    rates = on_time_rates(totals)
    if not rates.due or rates.interval is None:
        return str(say("no_rate"))
    counted = {name: number(totals[f"come_{name}"].normalize(), language) for name in ("on_time", "late", "overdue")}
    low, high = (percent(end, language) for end in rates.interval)
    return str(
        say("rate", due=number(rates.due, language), share=percent(rates.on_time, language), low=low, high=high, **counted)
    )


def _progress_words(totals: Mapping[str, Decimal], language: Language, say: Any) -> str:
    weight = totals["weight"]
    shares = {n: percent(totals[f"{n}_weight"] / weight if weight else None, language) for n in ("claimed", "verified")}
    return str(say("progress", weight=number(weight.normalize(), language), **shares))


def _scope(asked: Asked, language: Language, say: Any) -> str:
    told = {
        "period": parse_period(asked.period).label(language) if asked.period else "",
        "partner": asked.partner,
        "lead": asked.lead,
    }
    return "; ".join(say(name, value=value) for name, value in told.items() if value) or str(say("all"))


def _parameters(found: Known) -> dict[str, str]:
    told = {n: v for n, v in asdict(found.asked).items() if v and n != "exercise"}
    return {"as_of": found.at.isoformat(), **told, **({"exercise": "yes"} if found.asked.exercise else {})}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def translated(text: str) -> str:
    """A heading in the language that is spoken."""
    from django.utils.translation import gettext

    return gettext(text) if text else ""


def as_of_moment(text: str, at: datetime) -> datetime:
    """The moment that an as-of date means; the present one where none is named. Raises InvalidInput."""
    return clock.as_of_moment(text, at) if text else at


def _ask(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    return answer_of(known(viewer, as_of_moment(params.get("as_of", ""), at), asked_of(params)), page)


REPORT = register_question(
    Question(
        RULE,
        Bi("Báo cáo cam kết như đã biết vào một ngày", "Commitments as known on a day"),
        "reports.view",
        (
            Parameter("as_of", N_("Như đã biết vào ngày"), "date"),
            Parameter("period", N_("Kỳ"), "period"),
            Parameter("partner", N_("Đối tác"), "partner"),
            Parameter("lead", N_("Cơ quan chủ trì"), "institution"),
            Parameter("exercise", N_("Diễn tập"), "code", "yes_no"),
        ),
        COLUMNS,
        _ask,
    )
)
