"""The tables of the review cycle: papers kept, readers and their comments, conclusions, memos."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from banggiao.core.record import PartialDateField, Record
from banggiao.reviews.states import ANSWERED, COMMENT, READER


class ReviewPaper(Record):
    """The paper of a review as it stood when a step was taken, byte for byte.

    `files` says under which SHA-256 each file is kept: `vi/pdf`, `vi/docx`, `vi/json`, `vi/base` (the paper without the
    conclusions, from which later papers are made), the same in English, and `figures`.
    """

    review = models.ForeignKey("activities.Review", on_delete=models.PROTECT, related_name="papers")
    stage = models.CharField(max_length=16)
    as_of = models.DateTimeField()
    files = models.JSONField(default=dict)

    closed: ClassVar[dict[str, str]] = {"stage": "review_state"}
    visible_by = "review_id"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "stage"], name="review_paper_once")]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.stage}"


class ReviewReader(Record):
    """A body that is asked for its comments on a review. It knows the review and its own comments, no other reader's."""

    review = models.ForeignKey("activities.Review", on_delete=models.PROTECT, related_name="reader_rows")
    institution = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, default=READER.initial, choices=[(s, s) for s in READER.states()])
    first_due = PartialDateField()
    current_due = PartialDateField()
    answered_on = PartialDateField()
    letter = models.CharField(max_length=120, blank=True, help_text="number and symbol of the signed letter of reply")

    involves: ClassVar[dict[str, str]] = {"reader": "institution_id"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "institution"], name="review_reader_once")]
        indexes = [models.Index(fields=["current_due", "id"])]

    def __str__(self) -> str:
        return f"{self.review}: {self.institution}"

    @property
    def title_vi(self) -> str:
        """What the line is called: the body and the review."""
        return f"{self.institution.name_vi}: {self.review.name_vi}"

    @property
    def title_en(self) -> str:
        """The same in English."""
        return f"{self.institution.name_en or self.institution.name_vi}: {self.review.name_en}"

    @property
    def lead_id(self) -> object:
        """Who is reminded, as the engine of reminders asks."""
        return self.institution_id

    @property
    def work_state(self) -> str:
        """Whether there is still something to remind of, in the words of the engine."""
        return "done" if self.state in ANSWERED else "assigned"


class ReviewComment(Record):
    """What a reader says to a part or a figure of a circulated review, and what was made of it."""

    review = models.ForeignKey("activities.Review", on_delete=models.PROTECT, related_name="comment_rows")
    institution = models.ForeignKey("partners.Institution", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    place = models.CharField(max_length=300, blank=True, help_text="heading of the part it is about")
    figure = models.CharField(max_length=120, blank=True, help_text="key of the frozen figure it is about")
    text = models.TextField()
    state = models.CharField(max_length=16, default=COMMENT.initial, choices=[(s, s) for s in COMMENT.states()])
    answer = models.TextField(blank=True)

    involves: ClassVar[dict[str, str]] = {"reader": "institution_id"}

    class Meta:
        indexes = [models.Index(fields=["review", "id"])]

    def __str__(self) -> str:
        return self.text[:120]


class ReviewPoint(Record):
    """A line of the conclusions, which stands in the paper: a result, a shortcoming with its cause, a direction with its lead."""

    review = models.ForeignKey("activities.Review", on_delete=models.PROTECT, related_name="points")
    kind = models.CharField(max_length=16)
    text_vi = models.TextField()
    text_en = models.TextField(blank=True)
    cause = models.CharField(max_length=16, blank=True)
    difficulty = models.CharField(max_length=24, blank=True)
    lead = models.ForeignKey("partners.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due = PartialDateField()
    product = models.TextField(blank=True)
    addressee = models.CharField(max_length=300, blank=True, help_text="to whom something is recommended")

    closed: ClassVar[dict[str, str]] = {"kind": "review_point_kind", "cause": "cause_kind", "difficulty": "difficulty_code"}
    visible_by = "review_id"

    def __str__(self) -> str:
        return self.text_vi[:120]


class ReviewMemo(Record):
    """A frozen figure was wrong: what it should be, why, and who decided so. The figure itself stays as it is."""

    review = models.ForeignKey("activities.Review", on_delete=models.PROTECT, related_name="memos")
    figure = models.CharField(max_length=120, help_text="key of the frozen figure")
    should_be = models.CharField(max_length=120)
    reason = models.TextField()
    decided_by = models.CharField(max_length=200, help_text="name and post")
    day = models.DateField()

    visible_by = "review_id"

    class Meta:
        indexes = [models.Index(fields=["review", "day"])]

    def __str__(self) -> str:
        return f"{self.figure}: {self.should_be}"
