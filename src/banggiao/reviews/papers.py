"""Which papers are kept of a review, what do their bytes say, and which figures were frozen with which records counted?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from banggiao.activities.models import Review
from banggiao.core.errors import N_, SetupProblem
from banggiao.core.questions import Bi
from banggiao.reviews.models import ReviewPaper

#: The stages of which papers are kept, in the order of the cycle.
STAGES = ("frozen", "concluded", "published")


@dataclass(frozen=True, slots=True)
class FrozenFigure:
    """A figure as it was frozen: its rule (a term of `counting_rule`), and the (record type, id) of every record counted."""

    key: str
    label: Bi
    value: str
    rule: str
    records: tuple[tuple[str, UUID], ...]


def papers_of(review: Review) -> list[ReviewPaper]:
    """The papers kept of a review, in the order of the cycle; whoever may know of the review may know of them."""
    kept = {paper.stage: paper for paper in ReviewPaper.objects.filter(review=review, retracted=False)}
    return [kept[stage] for stage in STAGES if stage in kept]


def paper_at(review: Review, stage: str) -> ReviewPaper | None:
    """The paper kept at that stage."""
    return next((paper for paper in papers_of(review) if paper.stage == stage), None)


def kept(digest: str) -> bytes:
    """The bytes kept under a SHA-256. Raises SetupProblem when they are missing or no longer the same."""
    path = Path(settings.MEDIA_ROOT) / digest[:2] / digest
    data = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(data).hexdigest() != digest:
        raise SetupProblem(
            N_("Tệp báo cáo đã chốt bị thiếu hoặc bị thay đổi."),
            subject=digest[:16],
            remedy=N_("Hãy khôi phục thư mục dữ liệu từ bản sao lưu."),
        )
    return data


def figures_of(paper: ReviewPaper | None) -> dict[str, FrozenFigure]:
    """Key -> figure, as they were frozen, in the order of the paper; none of a review without a paper."""
    if paper is None or "figures" not in paper.files:
        return {}
    return read_figures(kept(paper.files["figures"]))


def read_figures(data: bytes) -> dict[str, FrozenFigure]:
    """The figures that `write_figures` wrote."""
    return {
        row["key"]: FrozenFigure(
            row["key"], Bi(*row["label"]), row["value"], row["rule"], tuple((kind, UUID(pk)) for kind, pk in row["records"])
        )
        for row in json.loads(data)
    }


def write_figures(figures: Sequence[FrozenFigure]) -> bytes:
    """Figures as they are kept: JSON, the same bytes for the same figures."""
    rows = [
        {"key": f.key, "label": list(f.label), "value": f.value, "rule": f.rule, "records": [[k, str(p)] for k, p in f.records]}
        for f in figures
    ]
    return (json.dumps(rows, ensure_ascii=False, indent=0) + "\n").encode()
