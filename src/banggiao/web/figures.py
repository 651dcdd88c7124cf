"""Published figures side by side where they clash: what each says, why they may differ, and which one people decided to use."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, MissingInformation, NotFound
from banggiao.core.ledger import entries_of
from banggiao.core.questions import Bi, Source
from banggiao.core.registers import find_record
from banggiao.reports.own_counts import OwnCount, own_counts
from banggiao.sources.models import OfficialFigure
from banggiao.sources.questions import FIGURES, citations_of
from banggiao.sources.reconciling import Clash, Group, clashing_figures, group_of, reasons_of
from banggiao.sources.services_figures import decide as record_decision
from banggiao.web.addresses import fact_place, list_url, record_url
from banggiao.web.asking import asker, deed, language, moment, typed
from banggiao.web.formats import format_number
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.parts import (
    Action,
    Basis,
    Cell,
    Choice,
    Citation,
    Empty,
    Field,
    FieldSet,
    Header,
    Link,
    Section,
    Table,
    TableColumn,
    TableRow,
    TimelineEntry,
)
from banggiao.web.parts_grid import ReconcilePage
from banggiao.web.words import label, partial_date, period_label, say, told


@require_safe
def reconcile(request: HttpRequest) -> HttpResponseBase:
    """Every group of figures that clash, as far as the viewer may know of them."""
    viewer = asker(request)
    viewer.require(FIGURES.permission)
    groups = clashing_figures(viewer)
    open_groups = sum(1 for group in groups if group.undecided())
    page = ReconcilePage(
        header=Header(
            title=_("Đối chiếu số liệu đã công bố"),
            subtitle=_("%(n)d nhóm số liệu mâu thuẫn, %(open)d nhóm chưa có quyết định sử dụng")
            % {"n": len(groups), "open": open_groups},
            actions=(
                Action(label=_("Danh sách các cặp"), url=list_url("figure_clashes"), icon="figure"),
                Action(label=_("Quy tắc đếm"), url=list_url("counting_rules"), icon="info"),
            ),
            trail=(Link(label=FIGURES.title.get(language()), url=list_url(FIGURES.name)),),
        ),
        sections=[_section(group, number, viewer, request) for number, group in enumerate(groups, 1)]
        or [Section(id="none", title=_("Đối chiếu"), empty=_NONE())],
    )
    return render(request, "reconcile.html", page, exercise=any(f.exercise for g in groups for f in g.figures))


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, key: Any) -> HttpResponseBase:
    """Write down which figure of a group is used for what, and why."""
    viewer = asker(request)
    viewer.require(FIGURES.edit_permission)
    figure: OfficialFigure = find_record(FIGURES, str(key), viewer)
    group = group_of(figure, viewer)
    if group is None:
        raise NotFound(
            N_("Số liệu này không mâu thuẫn với số nào bạn được xem."), subject=str(figure), remedy=N_("Hãy mở trang đối chiếu.")
        )
    values = {name: typed(request, name) for name in ("chosen_id", "used_for", "reason")}
    wrong: MissingInformation | None = None
    if request.method == "POST":
        chosen = next((f for f in group.figures if str(f.pk) == values["chosen_id"]), None)
        try:
            record_decision(
                act=deed(request),
                chosen=chosen or figure,
                considered=group.figures if chosen else (),
                used_for=values["used_for"],
                reason=values["reason"],
            )
            messages.success(request, _("Đã ghi quyết định. Các số đã công bố giữ nguyên."))
            return redirect(reverse("web:reconcile"))
        except MissingInformation as error:
            wrong = error
    return render(request, "edit_form.html", _form(request, group, figure, values, wrong), status=422 if wrong else 200)


def _section(group: Group, number: int, viewer: Viewer, request: HttpRequest) -> Section:
    shown = [*group.figures, *group.beside]
    cited = citations_of([figure.pk for figure in shown], viewer)
    rows, counter = [], 0
    for figure in shown:
        citations = []
        for source in cited.get(figure.pk, [])[:3]:
            counter += 1
            citations.append(
                Citation(
                    number=counter,
                    sentence=source.sentence,
                    document=", ".join(filter(None, (source.document_title, source.outlet))),
                    url=fact_place(source.document_id, source.fact_id, source.start),
                )
            )
        rows.append(
            TableRow(
                cells=(
                    Cell(
                        value=_worded(figure),
                        url=record_url(figure.record_type(), figure.pk),
                        citations=citations,
                        note=" · ".join(
                            filter(None, (figure.comparison, _("không mâu thuẫn") if figure in group.beside else ""))
                        ),
                        recalled=figure.evidence == "recalled",
                    ),
                    Cell(value=period_label(figure.period) if figure.period else None),
                    Cell(value=partial_date(figure.as_of) if figure.as_of else None),
                    Cell(value=label("counting_rule", figure.counting_rule)),
                    Cell(value=_host(figure), url=figure.source_url if figure.source_url.startswith("https://") else ""),
                ),
                exercise=figure.exercise,
            )
        )
    heads = (
        TableColumn(key="value", label=_("Số công bố"), lead=True),
        TableColumn(key="period", label=_("Kỳ")),
        TableColumn(key="as_of", label=_("Tính đến"), kind="date"),
        TableColumn(key="rule", label=_("Quy tắc đếm")),
        TableColumn(key="source", label=_("Nguồn")),
    )
    rows += [_own_row(count) for count in own_counts(shown, viewer)]
    title = Bi(group.label, group.label_en).get(language())
    said = "\n".join(f"• {_clash(clash)}" for clash in group.clashes)
    why = "; ".join(label("clash_reason", code).lower() for code in reasons_of(group))
    text = said + ("\n\n" + _("Có thể khác nhau vì: %(why)s.") % {"why": why} if why else "")
    waiting = group.undecided()
    deciders = {d.pk: last.actor_label for d in group.decisions if (last := entries_of(d.pk).first()) is not None}
    actions: tuple[Action, ...] = ()
    if viewer.may(FIGURES.edit_permission):
        url = reverse("web:decide_figure", args=[group.figures[0].pk])
        actions = (Action(label=_("Ghi quyết định sử dụng"), url=url, icon="check", style="primary" if waiting else "plain"),)
    return Section(
        id=f"group-{number}",
        title=title,
        meta=_("chưa có quyết định cho %(n)d số") % {"n": len(waiting)} if waiting else _("đã có quyết định sử dụng"),
        text=text,
        table=Table(
            caption=title,
            columns=heads,
            rows=rows,
            basis=Basis(as_of=moment(request), rule=label("counting_rule", "figures_that_clash"), sources=_sources(group)),
        ),
        timeline=[
            TimelineEntry(
                when=None,
                when_text=str(decision.decided_on),
                title=_("%(use)s: dùng số %(figure)s") % {"use": decision.used_for, "figure": _worded(decision.chosen)},
                text=f"{decision.reason} ({who})" if (who := deciders.get(decision.pk, "")) else decision.reason,
            )
            for decision in group.decisions
        ],
        actions=actions,
    )


def _own_row(count: OwnCount) -> TableRow:
    """What the registers count of the same thing, with the list of what was counted."""
    params = {"measure": count.measure, "period": count.period, "exercise": "yes" if count.exercise else ""}
    note = "" if count.same_rule else _("đếm theo quy tắc của sổ, không phải quy tắc của nguồn")
    return TableRow(
        cells=(
            Cell(
                value=_("Sổ đếm được: %(n)s") % {"n": _number(Decimal(count.count))},
                url=list_url("counted_here", params),
                note=note,
            ),
            Cell(value=period_label(count.period)),
            Cell(value=None),
            Cell(value=label("counting_rule", count.rule)),
            Cell(value=_("Sổ này")),
        ),
        exercise=count.exercise,
    )


def _form(
    request: HttpRequest, group: Group, figure: OfficialFigure, values: dict[str, str], wrong: MissingInformation | None
) -> EditPage:
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong else ():
        problems.setdefault(problem.field, []).append(say(problem.message))
    choices = [Choice(value="", label=_("(chưa chọn)"), selected=not values["chosen_id"])]
    for each in group.figures:
        told_by = ", ".join(filter(None, (period_label(each.period), each.as_of, _host(each))))
        choices.append(
            Choice(value=str(each.pk), label=f"{_worded(each)} ({told_by})", selected=str(each.pk) == values["chosen_id"])
        )
    title = Bi(group.label, group.label_en).get(language())
    return EditPage(
        header=Header(
            title=_("Ghi quyết định sử dụng"),
            subtitle=title,
            trail=(Link(label=_("Đối chiếu số liệu đã công bố"), url=reverse("web:reconcile")),),
        ),
        action=request.path,
        version=None,
        fieldsets=(
            FieldSet(
                title=_("Dùng số nào"),
                help=_("Quyết định chỉ nói số nào dùng cho việc gì; không số nào đã công bố bị sửa hay bị bỏ."),
                fields=(
                    Field(
                        name="chosen_id", label=_("Số được dùng"), kind="select", choices=choices, required=True,
                        errors=problems.get("chosen_id", ()),
                    ),
                    Field(
                        name="used_for", label=_("Dùng cho"), value=values["used_for"], required=True,
                        errors=problems.get("used_for", ()), help=_("Ví dụ: Báo cáo sơ kết năm 2025."),
                    ),
                    Field(
                        name="reason", label=_("Lý do"), kind="textarea", value=values["reason"], required=True,
                        errors=problems.get("reason", ()),
                    ),
                ),
            ),
        ),
        submit=_("Ghi quyết định"),
        cancel_url=reverse("web:reconcile"),
        errors=(told(wrong),) if wrong else (),
    )  # fmt: skip


def _clash(clash: Clash) -> str:
    """A clash in one sentence."""
    known = {
        "first": _worded(clash.first),
        "first_period": period_label(clash.first.period),
        "second": _worded(clash.second),
        "second_period": period_label(clash.second.period),
        "comparison": clash.first.comparison,
        "implied": _number(clash.implied) if clash.implied is not None else "",
    }
    if clash.kind == "same_period":
        return _("%(first_period)s: nguồn này ghi %(first)s, nguồn kia ghi %(second)s.") % known
    if clash.kind == "part_above_whole":
        return _("%(first_period)s là %(first)s, lớn hơn %(second)s của kỳ bao trùm %(second_period)s.") % known
    return (
        _("%(first)s (%(first_period)s) được nói là “%(comparison)s”, tức %(implied)s; số công bố của kỳ đó là %(second)s.")
        % known
    )


def _worded(figure: OfficialFigure) -> str:
    qualifier = label("qualifier", figure.qualifier) if figure.qualifier and figure.qualifier != "exact" else ""
    return " ".join(filter(None, (qualifier, _number(figure.value), figure.unit)))


def _number(value: Any) -> str:
    return format_number(round(value, 1).normalize() if value != value.to_integral_value() else int(value), language())


def _host(figure: OfficialFigure) -> str | None:
    """Where a figure was published: the host of its address."""
    return figure.source_url.split("/")[2].removeprefix("www.") if figure.source_url.startswith("https://") else None


def _sources(group: Group) -> list[Link]:
    sets = {f.dataset_id: f.dataset for f in group.figures if f.dataset}
    named = [Source(Bi(s.title, s.title_en), s.url, s.edition) for s in sets.values()]
    return [Link(label=f"{s.label.get(language())} {s.as_of}", url=s.url) for s in named]


def _NONE() -> Empty:  # noqa: N802  a message said in the language of the request
    return Empty(
        title=_("Không có số liệu nào mâu thuẫn"),
        text=_("Khi hai nguồn công bố số không thể cùng đúng về một việc, chúng sẽ đứng cạnh nhau ở đây."),
    )
