"""Two conclusion notices of one issuer in the world of the pages: both split, one ask made twice."""

from __future__ import annotations

from banggiao.commitments.lines import PARAGRAPHS
from banggiao.commitments.models import Directive, Paragraph, Task
from banggiao.commitments.services import Ask, create_directive
from banggiao.commitments.services_splitting import confirm
from banggiao.core.lines import add_lines
from tests.factories.rows import act

ASKED = "Giao Bộ BO-B rà soát các cam kết quá hạn trước ngày 30/10/2025."


def notices() -> None:
    """Make them: of the first everything is settled, of the second one paragraph is open."""
    for number, day in (("41/TB-X", "2025-05-02"), ("57/TB-X", "2025-08-02")):
        values = {"kind": "notice", "number": number, "day": day, "issuer_vi": "Văn phòng X", "classification": "public"}
        paper = create_directive(act=act(), values=values)
        texts = (ASKED, "Đồng ý với báo cáo của các đơn vị.", "Bộ BO-A xây dựng mẫu báo cáo thống nhất.")
        rows = [{"position": place, "number": f"{place}", "text": text} for place, text in enumerate(texts, 1)]
        first, *_rest = add_lines(act=act(), lines=PARAGRAPHS, parent=paper, rows=rows)
        confirm(act=act(), paragraph=first, asks=[Ask(ASKED, "1")])


def later_notice() -> Directive:
    """The one with open paragraphs."""
    return Directive.objects.get(number="57/TB-X")


def paragraph_with_task() -> Paragraph:
    """Its first paragraph."""
    return Paragraph.objects.get(directive=later_notice(), position=1)


def asked_twice() -> tuple[Task, Task]:
    """(later, earlier) of the ask that both make."""
    earlier, later = Task.objects.filter(text_vi=ASKED, directive__isnull=False).order_by("given_on")
    return later, earlier
