"""How is the report of commitments taken over HTTP, as known on a day, and what lies between two days?"""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Query, Router

from banggiao.api.caller import act_of, no_parameters, text
from banggiao.api.problems import words
from banggiao.api.router import READ_PROBLEMS
from banggiao.core.errors import N_
from banggiao.core.exports import note_taken
from banggiao.reports.commitments_difference import DIFFERENCE, as_json, asked_moments, difference, take_difference
from banggiao.reports.commitments_known import known
from banggiao.reports.commitments_report import as_of_moment, asked_of, take_report

router = Router(tags=["papers"])
Given = Annotated[str, Query(max_length=80)]
_ASKED = ("period", "partner", "lead", "exercise")


@router.get(
    "/reports/commitments.{form}",
    response={200: None, **READ_PROBLEMS},
    summary=N_("Báo cáo cam kết như đã biết vào một ngày"),
    description=N_(
        "form là json, csv, xlsx, pdf hoặc docx. as_of là ngày (hết ngày đó) hoặc thời điểm; cùng một ngày đã qua thì nội dung "
        "không đổi dù sau đó có gì được ghi. Cần quyền xuất dữ liệu."
    ),
)
def take(
    request: HttpRequest,
    form: str,
    as_of: Given = "",
    period: Given = "",
    partner: Given = "",
    lead: Given = "",
    exercise: Given = "",
) -> HttpResponse:
    """The report as a file."""
    no_parameters(request, ("as_of", *_ASKED))
    act = act_of(request)
    act.viewer.require("exports.take", subject=form[:20])
    asked = asked_of(_said(period=period, partner=partner, lead=lead, exercise=exercise))
    found = known(act.viewer, as_of_moment(text("as_of", as_of), act.at), asked)
    return _file(*take_report(found, form, act=act, language=_language()))


@router.get(
    "/reports/commitments/difference.{form}",
    response={200: None, **READ_PROBLEMS},
    summary=N_("Chênh lệch của báo cáo cam kết giữa hai ngày"),
    description=N_(
        "form là json, csv hoặc xlsx; first và second là hai ngày, bỏ second thì so với lúc này. Mỗi chênh lệch của một tổng là "
        "tổng chênh lệch của từng cam kết, kèm các mục nhật ký đã gây ra. Cần quyền xuất dữ liệu."
    ),
)
def take_what_lies_between(
    request: HttpRequest,
    form: str,
    first: Given,
    second: Given = "",
    period: Given = "",
    partner: Given = "",
    lead: Given = "",
    exercise: Given = "",
) -> HttpResponse:
    """The difference as a file."""
    no_parameters(request, ("first", "second", *_ASKED))
    act = act_of(request)
    act.viewer.require("exports.take", subject=form[:20])
    asked = asked_of(_said(period=period, partner=partner, lead=lead, exercise=exercise))
    found = difference(act.viewer, *asked_moments(_said(first=first, second=second), act.at), asked)
    if form == "json":
        note_taken(act, {"question": DIFFERENCE.name, "form": form, "rows": len(found.changed)})
        return _file(as_json(found), "application/json", f"{DIFFERENCE.name}.json")
    return _file(*take_difference(found, form, act=act, language=_language(), translate=words))


def _said(**values: str) -> dict[str, str]:
    return {name: text(name, value) for name, value in values.items()}


def _file(content: bytes, media: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _language() -> Any:
    return "en" if (get_language() or "vi").startswith("en") else "vi"
