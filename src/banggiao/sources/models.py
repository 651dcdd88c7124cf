"""The tables of what was read: documents and their facts, citations, datasets and their rows, official figures."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

from banggiao.core.record import PartialDateField, Record

EVIDENCE_MARKS = ("", "read", "read_mirror", "recalled")
FACT_STATES = ("proposed", "accepted", "corrected", "rejected")


class Dataset(Record):
    """A packaged set of facts in one version: who made it, where it came from, under which licence."""

    name = models.CharField(max_length=64)
    edition = models.CharField(max_length=10, help_text="date of the set, ISO 8601")
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    producer = models.CharField(max_length=300)
    url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "edition"], name="dataset_edition_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.edition}"


class Observation(models.Model):
    """One figure of a statistical set. Loaded and replaced as a whole with its dataset, whose ledger entry holds the checksum."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="observations")
    row = models.PositiveIntegerField(help_text="line of the CSV file, the header being line 1")
    subject = models.CharField(max_length=40, help_text="partner, province, product or other code the figure is about")
    measure = models.CharField(max_length=80)
    period = models.CharField(max_length=24)
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    unit = models.CharField(max_length=40)
    qualifier = models.CharField(max_length=24, blank=True)
    dimensions = models.JSONField(default=dict)
    source_url = models.URLField(max_length=600, blank=True)
    as_of = PartialDateField()
    evidence = models.CharField(max_length=12, blank=True)
    confidence = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "row", "measure"], name="observation_row_once")]
        indexes = [models.Index(fields=["measure", "subject", "period"])]

    def __str__(self) -> str:
        return f"{self.measure} {self.subject} {self.period}"


class SourcedRecord(Record):
    """A record that may come from a row of a dataset: every such row points to its origin and says how far to trust it."""

    dataset = models.ForeignKey(Dataset, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    row_key = models.CharField(max_length=120, blank=True)
    source_url = models.URLField(max_length=600, blank=True)
    as_of = PartialDateField()
    evidence = models.CharField(max_length=12, blank=True, choices=[(m, m) for m in EVIDENCE_MARKS])
    confidence = models.CharField(max_length=8, blank=True)

    class Meta:
        abstract = True


class Document(Record):
    """A text read in: facts and citations point to offsets in `text`, which never changes once stored."""

    title = models.CharField(max_length=500)
    source_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=80)
    text = models.TextField()
    published = models.CharField(max_length=16, blank=True)
    author = models.CharField(max_length=200, blank=True)
    outlet = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    language = models.CharField(max_length=8, blank=True)
    genre = models.CharField(max_length=32, blank=True)
    topics = models.JSONField(default=list, blank=True)
    inferred = models.JSONField(default=dict, blank=True)
    lines = models.JSONField(default=list, blank=True)
    repairs = models.JSONField(default=list, blank=True)
    warnings = models.JSONField(default=list, blank=True)

    class Meta:
        indexes = [models.Index(fields=["published", "id"])]

    def __str__(self) -> str:
        return self.title


class Fact(Record):
    """A statement read from a document. Accepting it creates or updates the record named in `target_type` and `target_id`."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=24)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    evidence_start = models.PositiveIntegerField()
    evidence_end = models.PositiveIntegerField()
    value = models.JSONField()
    certainty = models.FloatField(help_text="0 to 1, as the rule gives it")
    rule = models.CharField(max_length=80)
    inferred = models.TextField(blank=True)
    state = models.CharField(max_length=12, default="proposed", choices=[(s, s) for s in FACT_STATES])
    target_type = models.CharField(max_length=64, blank=True)
    target_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "kind", "start", "end"], name="fact_once")]
        indexes = [models.Index(fields=["state", "certainty", "id"]), models.Index(fields=["target_id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.start}-{self.end}"


class Citation(Record):
    """A record rests on these words of this document. `field` is empty when the whole record does."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="citations")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    evidence_start = models.PositiveIntegerField()
    evidence_end = models.PositiveIntegerField()
    subject_type = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    field = models.CharField(max_length=64, blank=True)
    fact = models.ForeignKey(Fact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["subject_id"])]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"


class OfficialFigure(SourcedRecord):
    """A published number with its unit, what it counts, period, as-of date and qualifier. Clashes are shown, never repaired."""

    code = models.CharField(max_length=120, blank=True)
    measure = models.CharField(
        max_length=80, blank=True, help_text="code of the vocabulary `activity_measure`, empty when not known"
    )
    label_vi = models.CharField(max_length=400)
    label_en = models.CharField(max_length=400, blank=True)
    value = models.DecimalField(max_digits=24, decimal_places=6)
    unit = models.CharField(max_length=80)
    qualifier = models.CharField(max_length=24, blank=True)
    comparison = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=24, blank=True)
    counting_rule = models.CharField(max_length=64, default="as_published")

    closed = {"measure": "activity_measure", "qualifier": "qualifier", "counting_rule": "counting_rule"}

    class Meta:
        indexes = [models.Index(fields=["measure", "period"])]

    def __str__(self) -> str:
        return f"{self.label_vi}: {self.value} {self.unit}"


class FigureDecision(Record):
    """A person decided which of several figures that clash is used for what, and why. The figures stay as published."""

    chosen = models.ForeignKey(OfficialFigure, on_delete=models.PROTECT, related_name="+")
    considered = models.JSONField(default=list, help_text="ids of the figures that were compared")
    used_for = models.CharField(max_length=300)
    reason = models.TextField()
    decided_on = PartialDateField()

    def __str__(self) -> str:
        return f"{self.used_for}: {self.chosen}"


class ImportedList(models.Model):
    """A list that its keepers send again and again: known by who owns it, its register, and the name of its file and sheet."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.UUIDField(null=True, blank=True)
    register = models.CharField(max_length=64)
    name = models.CharField(max_length=255, help_text="of the file that came last")
    sheet = models.CharField(max_length=120, blank=True)
    series = models.CharField(
        max_length=255, help_text="name and sheet folded, without what tells one month's file from the next"
    )
    exercise = models.BooleanField(default=False)
    times = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField()
    options = models.JSONField(default=dict, help_text="how it was taken the last time")
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["owner", "register", "series"])]

    def __str__(self) -> str:
        return f"{self.name} {self.sheet}"


class ImportedRow(models.Model):
    """What a row of an imported list said the last time, and which record it became; kept when it is gone from the list."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.ForeignKey(ImportedList, on_delete=models.CASCADE, related_name="rows")
    key = models.CharField(max_length=120, help_text="the list's own number of the row, else a digest of what tells it apart")
    record_id = models.UUIDField()
    values = models.JSONField(default=dict, help_text="as understood, by attribute name")
    place = models.PositiveIntegerField(help_text="row of the sheet")
    seen = models.PositiveIntegerField(help_text="in which import of the list it stood last")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "key"], name="imported_row_once")]

    def __str__(self) -> str:
        return self.key
