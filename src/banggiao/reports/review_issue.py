"""Taking the steps of a review with the papers they leave behind, and reading those papers as they were kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from banggiao.activities.models import Review
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, NotFound, WrongState
from banggiao.core.exports import note_taken
from banggiao.core.questions import Bi
from banggiao.partners.models import Institution
from banggiao.reports.blocks import OfficialDocument
from banggiao.reports.files import RENDERERS, as_json, from_json
from banggiao.reports.review import Base, compose_base, finished
from banggiao.reports.typography import Language
from banggiao.reviews.models import ReviewMemo, ReviewPaper, ReviewPoint
from banggiao.reviews.papers import FrozenFigure, figures_of, kept, paper_at, papers_of, write_figures
from banggiao.reviews.services import Issued, move_review

LANGUAGES: tuple[Language, ...] = ("vi", "en")


def take_review_step(
    act: Act, review: Review, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> Review:
    """The review after the step, with its paper kept where the step leaves one. Raises as `reviews.services.move_review`."""

    def issue(moved: Review) -> Issued:
        return _frozen(act, moved) if action == "freeze" else _finished(moved)

    return move_review(act=act, review=review, action=action, version=version, values=values, issue=issue)


def standing_paper(review: Review | None) -> ReviewPaper | None:
    """The paper of the latest step; None while the figures are not frozen. Whoever may know of the review may read it."""
    papers = papers_of(review) if review is not None else []
    return papers[-1] if papers else None


def read_paper(paper: ReviewPaper, language: Language) -> OfficialDocument:
    """The paper as it was kept, whatever happened since."""
    return from_json(kept(paper.files[f"{language}/json"]))


def take_kept(paper: ReviewPaper, form: str, language: Language, *, act: Act) -> bytes:
    """A kept file for somebody to take away, byte for byte. Raises NotPermitted without `exports.take`, NotFound."""
    act.viewer.require("exports.take", subject=str(paper.review))
    if form not in RENDERERS:
        raise NotFound(N_("Không có định dạng “%(form)s”."), form=form, remedy=N_("Hãy chọn docx, pdf hoặc json."))
    digest = paper.files[f"{language}/{form}"]
    note_taken(act, {"paper": str(paper.review), "form": form, "as_of": paper.as_of.isoformat(), "sha256": digest})
    return kept(digest)


def figures_then(
    period: str, viewer: Viewer, *, at: datetime, exercise: bool = False
) -> tuple[dict[str, FrozenFigure], dict[Language, Base]]:
    """The figures of the report as known at a moment, named in both languages, and the papers they stand in."""
    bases: dict[Language, Base] = {
        language: compose_base(period, viewer, at=at, language=language, exercise=exercise) for language in LANGUAGES
    }
    english = bases["en"].figures
    figures = {
        key: replace(figure, label=Bi(figure.label.vi, english[key].label.vi)) for key, figure in bases["vi"].figures.items()
    }
    return figures, bases


def _frozen(act: Act, review: Review) -> Issued:
    """The paper as known at the moment fixed, for readers of the review's own level of secrecy."""
    at = review.figures_as_of
    if at is None:
        raise WrongState(N_("Chưa chốt thời điểm số liệu."), subject=str(review), remedy=N_("Hãy chốt số liệu trước."))
    # Whoever is asked for comments reads this paper: nothing above the review's level stands in it.
    reader = replace(act.viewer, clearance=review.classification)
    figures, bases = figures_then(review.period, reader, at=at, exercise=review.exercise)
    files: dict[str, bytes] = {"figures": write_figures(list(figures.values()))}
    for language, base in bases.items():
        files[f"{language}/base"] = as_json(base.document)
        files |= _rendered(finished(base.document, [], base.bodies), language)
    return Issued(at, files)


def _finished(review: Review) -> Issued:
    """The frozen paper with the conclusions, the memos so far, and number, date and signer where they are entered."""
    frozen = paper_at(review, "frozen")
    if frozen is None:
        raise WrongState(N_("Chưa chốt thời điểm số liệu."), subject=str(review), remedy=N_("Hãy chốt số liệu trước."))
    points = list(ReviewPoint.objects.filter(review=review, retracted=False).order_by("pk"))
    memos = list(ReviewMemo.objects.filter(review=review, retracted=False).order_by("day", "pk"))
    figures = figures_of(frozen)
    files: dict[str, bytes] = {"figures": kept(frozen.files["figures"])}
    for language in LANGUAGES:
        base = from_json(kept(frozen.files[f"{language}/base"]))
        rows = Institution.objects.filter(pk__in={p.lead_id for p in points if p.lead_id})
        bodies = {b.pk: b.name_en if language == "en" and b.name_en else b.name_vi for b in rows}
        # Before it is published the paper is a draft, whatever has been entered already.
        signed = review if review.state == "published" else None
        document = finished(base, points, bodies, review=signed, memos=memos, figures=figures)
        files[f"{language}/base"] = as_json(base)
        files |= _rendered(document, language)
    return Issued(frozen.as_of, files)


def _rendered(document: OfficialDocument, language: Language) -> dict[str, bytes]:
    return {f"{language}/{form}": render(document) for form, render in RENDERERS.items()}
