"""Is a clause an order, and if so: to whom, from whom, and what is to be done?"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from banggiao.reading import rules
from banggiao.reading.clauses import trimmed
from banggiao.reading.quick import quick
from banggiao.reading.sections import Section
from banggiao.reading.types import Span
from banggiao.reading.views import View, pattern

_ADJUNCT = quick(
    r"(?:(?:trong|để|nhằm|trên cơ sở|với|căn cứ|ngay|từ|trước mắt|cùng với|song song|khi|về)(?: [^,;:]{1,110})?, )++"
)
_ABROAD = quick(r"(?:phía (?!Việt|ta)|các nước|các đối tác|cộng đồng quốc tế|hai bên |bạn )")
_PAST = quick(
    r"(?<![\p{L}-])(?:đã|vừa)(?![\p{L}-])"
    r"(?! (?:ký|đạt|cam kết|có|đề ra|được|thỏa thuận|thống nhất|nêu|phê duyệt|ban hành|nâng cấp))"
)
_HOPE = quick(r"(?:nếu|giả sử|dự kiến|theo dự báo|dự báo)(?![\p{L}-])")
_LATER = quick(r"(?:thời gian|giai đoạn) (?:sắp )?tới|sắp tới|tới đây|những tháng cuối năm|(?:6|sáu) tháng cuối năm")
_ASIDE = quick(
    r"(?:ghi nhận|đánh giá|biểu dương|hoan nghênh|đồng ý|thống nhất|cơ bản|chấp thuận"
    r"|cảm ơn|nhất trí|trên đây|căn cứ)(?![\p{L}-])"
)
_WISH = quick(r"(?<![\p{L}-])(?:tin tưởng|hy vọng|mong muốn|mong rằng|kỳ vọng|bày tỏ)(?![\p{L}-])")
# A past marker this near the beginning belongs to the main verb.
_NEAR = 60
# Fewer syllables than this say no more than that somebody acts.
_SHORTEST = 4
_TITLE = quick(
    r"(?<![\p{L}])(?i:(?:phó )?(?:thủ tướng|chủ tịch(?: nước| quốc hội)?|bộ trưởng|thứ trưởng|"
    r"tổng bí thư|bí thư|giám đốc|thống đốc|đại sứ|vụ trưởng))(?![\p{L}-])"
)


class Task(NamedTuple):
    """An order as found in a sentence: offsets are those of the sentence."""

    span: Span
    rule: str
    confidence: float
    assignee: str | None
    who: Span | None
    giver: str | None
    by: Span | None = None


def find_task(view: View, span: Span, section: Section, *, following: bool = False, loose: bool = False) -> Task | None:
    """The order in a segment of prose, or None.

    `following`: the segment before was one. `loose`: an addressee alone is enough.
    """
    text, (start, end) = view.text, span
    in_task = section.kind == "task" or following
    if not (in_task or view.possible & order_bits()) or _HOPE.match(text, start, end):
        return None
    head = giver_of(view, start, end)
    wish = _WISH.search(text, start, end)
    if wish:
        end = wish.start()
        span = (start, end)
    directive = view.first(rules.rule("task.directive"), start, end)
    at = directive.end() if directive else start
    if directive:
        adjunct = _ADJUNCT.match(text, at, end)
        begin = adjunct.end() if adjunct else at
        if _ABROAD.match(text, begin, end):
            return None
        found = _ordered(view, (begin, end), "task.directive", head) or _modal(view, (at, end), "task.directive", head, True)
        if found is None and loose:
            who = pattern("{who}").match(text, begin, end)
            if who:
                found = Task((begin, end), "task.directive@1", 0.5, _clean(who.group()), who.span(), head)
        if found:
            return found._replace(by=(directive.start(), directive.start("act")))
    found = _modal(view, span, "task.modal", head, in_task or bool(head))
    if found is None and not in_task and view.possible & rules.rule("task.planned").bit and _LATER.search(text, start, end):
        found = _by_rule("task.planned", view, span, head)
    if found is None and in_task and not _looks_back(text, span):
        found = _by_rule("task.planned", view, span, head) or _ordered(view, span, "task.item", head)
        if found is None and section.kind == "task":
            found = _by_rule("task.named", view, span, head)
    return found


def item_task(view: View, span: Span, section: Section, *, first: bool = True) -> Task | None:
    """The order in an item of a list: one that begins like an order or, in an announced list, any that does not look back."""
    text = view.text
    found = find_task(view, span, section, following=True)
    whole = trimmed(text, span)
    if whole[1] - whole[0] < 8:
        return None
    if found is not None:
        return Task(whole, found.rule, max(found.confidence, 0.85), found.assignee, found.who, found.giver)
    if first and section.listing == "task" and not _ASIDE.match(text, *span) and not _looks_back(text, span):
        return Task(whole, "task.item@1", 0.6, None, None, None)
    return None


def giver_of(view: View, start: int = 0, end: int | None = None) -> str | None:
    """The office of whoever speaks in the clause."""
    stop = len(view.text) if end is None else end
    for place in view.speakers():
        if start <= place < stop and (match := _TITLE.match(view.text, place, stop)):
            return str(match.group())
    return None


def bare_assignee(head: str) -> str | None:
    """The addressee, when the words before a colon are nothing but an addressee."""
    match = pattern("^(?:giao |yêu cầu |đề nghị |đối với )?(?<who>{who})$").match(head.strip())
    return _clean(match["who"]) if match else None


@cache
def order_bits() -> int:
    """The bits of the rules that find an order outside a section of tasks."""
    return sum(rules.rule(name).bit for name in ("task.directive", "task.modal", "task.planned"))


def _looks_back(text: str, span: Span) -> bool:
    match = _PAST.search(text, *span)
    return match is not None and match.start() < span[0] + _NEAR


def _modal(view: View, span: Span, rule_id: str, giver: str | None, any_subject: bool) -> Task | None:
    rule = rules.rule("task.modal")
    for match in view.matches(rule, *span):
        if match["who"] is None and not any_subject:
            continue
        start = match.start("who") if match["who"] else (match.start("topic") if match["topic"] else match.start("modal"))
        label = rules.rule(rule_id).label
        where = match.span("who") if match["who"] else None
        return Task(trimmed(view.text, (start, span[1])), label, rule.confidence, _clean(match["who"]), where, giver)
    return None


def _ordered(view: View, span: Span, rule_id: str, giver: str | None) -> Task | None:
    # The pattern is tied to the beginning of what it sees.
    text = view.text
    match = rules.rule("task.item").pattern.match(text[span[0] : span[1]])
    if match is None or len(text[span[0] + match.start("what") : span[1]].split()) < _SHORTEST:
        return None
    base, rule = span[0], rules.rule(rule_id)
    where = (base + match.start("who"), base + match.end("who")) if match["who"] else None
    start = where[0] if where else base + match.start("what")
    return Task(trimmed(text, (start, span[1])), rule.label, rule.confidence, _clean(match["who"]), where, giver)


def _by_rule(rule_id: str, view: View, span: Span, giver: str | None) -> Task | None:
    rule = rules.rule(rule_id)
    match = view.first(rule, *span)
    if match is None:
        return None
    groups = match.groupdict()
    who = groups.get("who")
    start = match.start("who") if who else match.start("what")
    return Task(
        trimmed(view.text, (start, span[1])), rule.label, rule.confidence, _clean(who), match.span("who") if who else None, giver
    )


def _clean(who: str | None) -> str | None:
    return who.strip(" ,").removeprefix("đề nghị ").removeprefix("giao ") if who else None
