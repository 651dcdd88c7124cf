"""Two conclusion notices of the exercise: the first became tasks, the second waits half split and asks some things again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files

from banggiao.commitments.lines import PARAGRAPHS
from banggiao.commitments.models import Directive, Paragraph
from banggiao.commitments.questions_repeated import repeated_of
from banggiao.commitments.services import create_directive
from banggiao.commitments.services_splitting import ask_of, confirm, confirm_above, join_text, judge_repeated, leave_out
from banggiao.commitments.splitting import proposals_of
from banggiao.core.acts import Act, Viewer
from banggiao.core.lines import rows_of
from banggiao.followup.services import move_work
from banggiao.partners.models import Institution
from banggiao.sources.services import keep_original, store_document

At = Callable[[int, Viewer, str], Act]
_DAY = re.compile(r"\{(?P<offset>[+-]\d+)\}")
#: Code -> number, day in the story, title.
_NOTICES = {
    "DT-TB-01": ("01/TB-BA", -160, "Kết luận hội nghị sơ kết ngoại giao kinh tế (giả định)"),
    "DT-TB-02": ("02/TB-BA", -12, "Kết luận cuộc họp giao ban ngoại giao kinh tế (giả định)"),
}
_CLEAR = {
    "responsibility": "Chủ trì thực hiện, báo cáo kết quả.",
    "product": "Báo cáo kết quả",
    "authority": "Thủ trưởng cơ quan",
}


def play_directives(at: At, start: date, desk: Viewer) -> None:
    """Tell how the notices came in and what was made of them; what is there already stays as it is."""
    for code in _NOTICES:
        if not Directive.objects.filter(code=code).exists():
            {"DT-TB-01": _first, "DT-TB-02": _second}[code](at, start, desk)


def _first(at: At, start: date, desk: Viewer) -> None:
    """Everything was confirmed, the rest given a reason; some tasks are under way."""
    directive, rows = _joined("DT-TB-01", at, start, desk)
    tasks = confirm_above(act=at(-158, desk, ""), directive=directive, confidence=0.7)
    for row in rows:
        if row.number in ("I.1", "I.2"):
            leave_out(act=at(-158, desk, ""), paragraph=row, reason="assessment", version=row.version)
    for place, task in enumerate(tasks):
        day = (start + timedelta(days=-60)).isoformat()
        values = {**_CLEAR, "person_in_charge": f"Thủ trưởng {task.lead}", "product": task.product or _CLEAR["product"]}
        due = {} if task.current_due else {"current_due": day}
        moved = move_work(act=at(-155, desk, ""), record=task, action="assign", version=task.version, values={**values, **due})
        if place % 2 == 0:
            move_work(act=at(-120, desk, ""), record=moved, action="start", version=moved.version)


def _second(at: At, start: date, desk: Viewer) -> None:
    """Two paragraphs are settled, one ask was said to be a repeated one; everything else waits for a person."""
    directive, rows = _joined("DT-TB-02", at, start, desk)
    proposed = proposals_of(directive, desk, rows)
    act = at(-10, desk, "")
    for row in rows:
        if row.number == "I.1":
            leave_out(act=act, paragraph=row, reason="assessment", version=row.version)
        if row.number in ("II.1", "II.2.a"):
            made = confirm(act=act, paragraph=row, asks=[ask_of(each) for each in proposed[row.pk]])
            beside = repeated_of(made[0], desk)
            if row.number == "II.1" and beside:
                judge_repeated(act=act, later=made[0], earlier=beside[0].earlier, same=True, likeness=beside[0].likeness)


def _joined(code: str, at: At, start: date, desk: Viewer) -> tuple[Directive, list[Paragraph]]:
    from banggiao.reading import read  # slow to import

    number, day, title = _NOTICES[code]
    act = at(day, desk, "")
    owner = Institution.objects.get(code="DT-BO-A", exercise=True)
    about = {"classification": "public", "owner": owner.pk}
    values = {
        "code": code, "number": number, "kind": "notice", "day": act.at.date().isoformat(), "issuer_vi": "Bộ A",
        "issuer_en": "Ministry A", "name_vi": title, **about,
    }  # fmt: skip
    directive = create_directive(act=act, values=values)
    text = files("banggiao").joinpath("data", "exercise", f"{code}.txt").read_text(encoding="utf-8")
    text = _DAY.sub(lambda m: f"{start + timedelta(days=int(m['offset'])):%d/%m/%Y}", text).replace("{year}", str(start.year + 1))
    data = text.encode()
    found = read(data, f"{code}.txt")
    # It is there to become tasks; what a document tells is shown with other texts.
    bare = replace(found, facts=(), metadata=replace(found.metadata, title=f"{number} – {title}"))
    document, fresh = store_document(act=act, read=bare, classification="public", owner=owner.pk)
    if fresh:
        keep_original(data, document.sha256)
    join_text(act=act, directive=directive, document=document, version=directive.version)
    standing: Directive = Directive.objects.get(pk=directive.pk)
    return standing, list(rows_of(PARAGRAPHS, standing, desk))
