"""Which reminder ladder holds for each kind of record today, and the way to set another."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banggiao.followup.chasing.questions import LADDERS, ladders_now, rung_label
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, language, today
from banggiao.web.frame import render
from banggiao.web.pages import HomePage
from banggiao.web.parts import Action, Cell, Header, Link, Section, Table, TableColumn, TableRow
from banggiao.web.words import label


@require_safe
def ladders(request: HttpRequest) -> HttpResponseBase:
    """The ladders in force today."""
    viewer = asker(request)
    rows = [
        TableRow(
            cells=(
                Cell(
                    value=label("ladder_subject", kind),
                    url=record_url(LADDERS.record_type, ladder.record) if ladder.record else "",
                ),
                Cell(value="; ".join(rung_label(rung, language()) for rung in ladder.rungs)),
                Cell(value=ladder.tells_above),
                Cell(value=ladder.since or _("đi cùng chương trình")),
            )
        )
        for kind, ladder in ladders_now(today(request))
    ]
    columns = (
        TableColumn(key="kind", label=_("Áp dụng cho"), lead=True),
        TableColumn(key="rungs", label=_("Các nấc")),
        TableColumn(key="above", label=_("Báo cấp trên sau nấc cuối"), kind="bool"),
        TableColumn(key="since", label=_("Từ ngày"), kind="date"),
    )
    # Filled in with what holds for every kind: whoever sets another changes that, and leaves out nothing by mistake.
    held = next(ladder for kind, ladder in ladders_now(today(request)) if kind == "all")
    filled = {"applies_to": "all", "rungs": ", ".join(map(str, held.rungs)), "tells_above": "yes" if held.tells_above else ""}
    url = f"{reverse('web:new', args=[LADDERS.name])}?{urlencode({n: v for n, v in filled.items() if v})}"
    new = Action(label=_("Đặt nấc nhắc việc"), url=url, style="primary", icon="add")
    section = Section(
        id="ladders",
        title=_("Đang áp dụng"),
        table=Table(caption=_("Nấc nhắc việc đang áp dụng"), columns=columns, rows=rows),
        link=Link(label=_("Mọi lần đặt"), url=list_url(LADDERS.name)),
        note=_(
            "Mỗi hồ sơ, mỗi nấc, mỗi nơi nhận chỉ nhắc một lần, vào ngày làm việc theo lịch và múi giờ của nơi nhận. Sau nấc "
            "cuối mà vẫn quá hạn thì báo lãnh đạo một cấp trên. Nhắc việc không làm mới thời gian im lặng của hồ sơ."
        ),
    )
    page = HomePage(
        header=Header(title=_("Nấc nhắc việc"), actions=(new,) if viewer.may(LADDERS.edit_permission) else ()), sections=[section]
    )
    return render(request, "home_desk.html", page)
