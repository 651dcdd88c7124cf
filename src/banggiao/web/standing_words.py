"""How are the numbers of a duty said: shares, months ahead or behind, age of evidence, and why it has its colour?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banggiao.analytics.delivery.numbers import shown
from banggiao.analytics.delivery.status import TABLE
from banggiao.analytics.delivery.timeliness import lateness, on_time
from banggiao.core.errors import N_
from banggiao.followup.planning.questions import item_of
from banggiao.followup.planning.standing import Against, Standing
from banggiao.web import parts_plan
from banggiao.web.asking import language
from banggiao.web.formats import format_number, format_percent
from banggiao.web.parts import Link, Tone
from banggiao.web.words import label, say, state_badge

#: The words of the published table (`analytics.delivery.status.TABLE`), in the reader's language.
HOLDS = {
    "done": N_("Tiến độ được thẩm tra đạt 100 %."),
    "unknown": N_("Minh chứng đã quá cũ (hơn hai chu kỳ báo cáo), hoặc chưa có minh chứng nào được chấp nhận."),
    "off_course": N_("Hạn ban đầu đã qua, hoặc chỉ số tiến độ theo thời gian dưới 0,80."),
    "at_risk": N_("Chỉ số tiến độ theo thời gian dưới 0,95, hoặc độ tin cậy dưới 0,50."),
    "on_course": N_("Không thuộc các trường hợp trên."),
}


def panel_of(now: Standing, record: Any) -> parts_plan.StandingPanel:
    """The numbers of a duty apart, as its page shows them."""
    return parts_plan.StandingPanel(
        colour=state_badge("standing_colour", now.colour),
        as_of=now.as_of,
        numbers=(_progress(now, record), _schedule(now, record), _confidence(now, record)),
        table=[
            (state_badge("standing_colour", rule.colour), say(HOLDS[rule.colour]), rule.colour == now.colour) for rule in TABLE
        ],
    )


def percent(share: Decimal) -> str:
    """A share in per cent, to at most one decimal."""
    value = shown(share * 100, 1)
    return format_percent(int(value) if value == value.to_integral_value() else value, language())


def index(value: Decimal) -> str:
    """An index to two decimals."""
    return format_number(shown(value, 2), language(), 2)


def pace(against: Against) -> tuple[Tone, str]:
    """How many months ahead of a plan or behind it, in words."""
    months = shown(against.schedule.variance, 1)
    if not months:
        return "neutral", _("đúng kế hoạch")
    amount = format_number(abs(months).normalize(), language())
    words = _("chậm %(months)s tháng") if months < 0 else _("nhanh hơn %(months)s tháng")
    return ("bad" if months < 0 else "good"), words % {"months": amount}


def _progress(now: Standing, record: Any) -> parts_plan.Standing:
    lines: list[tuple[Tone, str]] = [("neutral", _("tự khai %(share)s") % {"share": percent(now.claimed)})]
    if now.gap:
        lines.append(("risk", _("chênh %(share)s chưa có minh chứng đủ bậc") % {"share": percent(now.gap)}))
    if not now.planned:
        lines.append(("neutral", _("chưa có kế hoạch nên không có mốc để thẩm tra")))
    elif not now.evidenced:
        lines.append(("neutral", _("chưa mốc nào được thẩm tra")))
    # The duty as a whole is checked on an axis of its own: it may be verified where no milestone is.
    checked = state_badge("validation_state", record.validation_state)
    lines.append((checked.tone, _("thẩm tra cả việc, không theo mốc: %(state)s") % {"state": checked.label}))
    counted = (
        ngettext("Tính trên %(n)d mốc của kế hoạch hiện hành.", "Tính trên %(n)d mốc của kế hoạch hiện hành.", len(now.steps))
        % {"n": len(now.steps)}
        if now.planned
        else _("Chưa có kế hoạch: phần tự khai là tỷ lệ trong báo cáo gần nhất.")
    )
    return parts_plan.Standing(
        label=_("Tiến độ được thẩm tra"),
        value=percent(now.verified),
        lines=lines,
        counted=counted,
        shares=(round(now.verified * 100), round(now.claimed * 100)),
        heard=_("Được thẩm tra %(verified)s, tự khai %(claimed)s")
        % {"verified": percent(now.verified), "claimed": percent(now.claimed)},
        rule=_rule("standing_progress"),
    )


def _schedule(now: Standing, record: Any) -> parts_plan.Standing:
    title, rule = _("Tiến độ theo thời gian"), _rule("standing_schedule")
    if now.first is None or now.current is None:
        counted = _("Chưa có kế hoạch được phê duyệt để so.")
        return parts_plan.Standing(
            label=title, value="–", lines=(("neutral", _("chưa có kế hoạch")), *_done(record)), counted=counted, rule=rule
        )
    lines: list[tuple[Tone, str]] = []
    for against, words in ((now.first, _("kế hoạch ban đầu")), (now.current, _("kế hoạch hiện hành"))):
        tone, said = pace(against)
        value = index(against.schedule.index) if against.schedule.index is not None else "–"
        lines.append((tone, f"{words}: {value}, {said}"))
        if now.first.number == now.current.number:
            break
    if now.drift:
        sign = "+" if now.drift > 0 else ""
        lines.append(("risk", _("kế hoạch dài thêm %(share)s so với ban đầu") % {"share": f"{sign}{percent(now.drift)}"}))
    lines += _done(record)
    told = now.current.schedule
    counted = _("Kế hoạch hiện hành dài %(planned)s tháng; đã qua %(gone)s tháng, đạt mức của tháng %(earned)s.") % {
        "planned": _months(now.current.duration),
        "gone": _months(told.actual),
        "earned": _months(told.earned),
    }
    value = index(now.first.schedule.index) if now.first.schedule.index is not None else "–"
    return parts_plan.Standing(label=title, value=value, lines=lines, counted=counted, rule=rule)


def _done(record: Any) -> list[tuple[Tone, str]]:
    """Whether it was done by its current deadline and its first one, and how many days from the first."""
    item = item_of(record)
    late, current = lateness(item), on_time(item, first=False)
    if late is None:
        return []
    lines: list[tuple[Tone, str]] = []
    if current is not None:
        lines.append(("good", _("đúng hạn hiện hành")) if current else ("bad", _("muộn so với hạn hiện hành")))
    if late > 0:
        days = ngettext("muộn %(n)d ngày so với hạn ban đầu", "muộn %(n)d ngày so với hạn ban đầu", late) % {"n": late}
        return [*lines, ("bad", days)]
    return [*lines, ("good", _("đúng hạn ban đầu"))]


def _confidence(now: Standing, record: Any) -> parts_plan.Standing:
    tones: dict[str, Tone] = {"fresh": "good", "ageing": "risk", "stale": "bad", "unknown": "neutral"}
    lines: list[tuple[Tone, str]] = [(tones[now.freshness], label("data_age", now.freshness))]
    if now.age is not None:
        days = ngettext(
            "minh chứng gần nhất: %(n)d ngày trước", "minh chứng gần nhất: %(n)d ngày trước", now.age
        ) % {"n": now.age}  # fmt: skip
        lines.append(("neutral", days))
    return parts_plan.Standing(
        label=_("Độ tin cậy của tự khai"),
        value=percent(now.confidence) if now.confidence is not None else "–",
        lines=lines,
        counted=_("Chu kỳ báo cáo của việc này: %(days)d ngày.") % {"days": record.cycle_days},
        rule=_rule("standing_confidence"),
    )


def _months(value: Decimal) -> str:
    return format_number(shown(value, 1).normalize(), language())


def _rule(code: str) -> Link:
    return Link(label=label("counting_rule", code), url=reverse("web:vocabulary", args=["counting_rule"]))
