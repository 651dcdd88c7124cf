"""What do plans, claims, evidence, difficulties and succession look like over HTTP?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from banggiao.api.schemas import BiOut

Amount = float | str


class RuleOut(BaseModel):
    """A counting rule: its code and what it says in both languages."""

    code: str
    vi: str
    en: str


class ProgressOut(BaseModel):
    """Shares in [0, 1]; only `verified` is told as a result, `gap` is what is claimed beyond it."""

    verified: float
    claimed: float
    gap: float
    evidenced: bool
    rule: RuleOut


class AgainstOut(BaseModel):
    """Earned schedule against one baseline; times in months, `variance_months` below 0 is behind, null: not computable."""

    number: int
    duration_months: float
    earned_months: float
    actual_months: float
    index: float | None
    variance_months: float
    expected_months: float | None


class ScheduleOut(BaseModel):
    """Against the first plan and the current one; `drift` is how much longer the current one is, as a share of the first."""

    first: AgainstOut | None
    current: AgainstOut | None
    drift: float | None
    rule: RuleOut


class TimelinessOut(BaseModel):
    """Whether it was done by its first and current deadline, null while open; `late_days` from the first, early below 0."""

    first_due: str | None
    current_due: str | None
    done_on: str | None
    on_time_first: bool | None
    on_time_current: bool | None
    late_days: int | None


class ConfidenceOut(BaseModel):
    """How far what is claimed can be trusted; `age_days` since the last accepted evidence."""

    value: float | None
    freshness: str
    age_days: int | None
    cycle_days: int
    rule: RuleOut


class ColourRuleOut(BaseModel):
    """A row of the published table; the first that holds decides."""

    colour: str
    holds: str


class StandingOut(BaseModel):
    """The numbers of a duty, apart; nobody types the colour."""

    as_of: str
    exercise: bool
    planned: bool
    progress: ProgressOut
    schedule: ScheduleOut
    timeliness: TimelinessOut
    confidence: ConfidenceOut
    validation: str
    colour: str
    colour_rule: RuleOut
    colour_table: list[ColourRuleOut]


class BodyOut(BaseModel):
    """A body of the register, or somebody known by name only."""

    model_config = ConfigDict(extra="allow")

    vi: str
    en: str


class MilestoneOut(BaseModel):
    """A milestone; `key` stays over all plans. What is claimed and verified is told of the plan that holds."""

    number: int
    key: UUID
    name: BiOut
    weight: float
    due: str
    product: str | None
    responsible: BodyOut | None
    side: str
    required_grade: int
    target: float | None
    unit: str | None
    claimed: float | None
    verified: float | None
    grade: int | None
    evidenced_on: str | None


class BaselineOut(BaseModel):
    """A plan: a draft has no number; number 0 is the first approved and is kept for ever."""

    id: UUID
    version: int
    number: int | None
    state: str
    starts: str
    reason: str | None
    partner_document: str | None
    approved_by: str | None
    approved_on: str | None
    milestones: list[MilestoneOut]


class ClaimOut(BaseModel):
    """A claim: so much of a milestone by that day."""

    id: UUID
    version: int
    milestone: UUID
    day: str
    quantity: float
    note: str | None


class FileOut(BaseModel):
    """A file as it is kept; the digest is SHA-256."""

    name: str
    size: int
    media_type: str
    sha256: str


class EvidenceOut(BaseModel):
    """A piece of evidence; it counts once its state is accepted."""

    id: UUID
    version: int
    day: str
    description: str
    grade: int
    state: str
    milestone: UUID | None
    quantity: float | None
    document: UUID | None
    file: FileOut | None


class DifficultyOut(BaseModel):
    """What stands or stood in the way."""

    id: UUID
    version: int
    code: str
    text: str | None
    since: str
    unblocker: BodyOut | None
    resolved_on: str | None
    resolution: str | None


class EndOut(BaseModel):
    """The other end of a succession."""

    id: UUID
    code: str
    kind: str
    day: str
    document: str | None


class PlanOut(BaseModel):
    """Everything of a duty's plan; `version` is that of the duty, `current` the plan that holds."""

    code: str
    version: int
    exercise: bool
    current: UUID | None
    baselines: list[BaselineOut]
    claims: list[ClaimOut]
    evidence: list[EvidenceOut]
    difficulties: list[DifficultyOut]
    replaces: list[EndOut] = []
    replaced_by: list[EndOut] = []


class MadeOut(BaseModel):
    """The commitments that go on."""

    commitments: list[dict[str, Any]]


class In(BaseModel):
    """What is sent; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class MilestoneIn(In):
    """A milestone: `weight` a share, all sum to 1; `responsible` a body by code or name; `key` of one taken over."""

    name_vi: str = Field(max_length=500)
    weight: Amount
    due: str = Field(max_length=40)
    name_en: str = Field("", max_length=500)
    product: str = Field("", max_length=4000)
    responsible: str = Field("", max_length=300)
    side: str = Field("", max_length=8)
    required_grade: int | None = None
    target: Amount | None = None
    unit: str = Field("", max_length=60)
    key: UUID | None = None


class PlanIn(In):
    """A draft of a plan. A later one needs a reason; one that drops milestones the partner's document."""

    starts: str = Field(max_length=40)
    milestones: list[MilestoneIn] = Field(max_length=200)
    reason: str = Field("", max_length=2000)
    partner_document: str = Field("", max_length=300)


class StepIn(In):
    """Why a step is taken."""

    reason: str = Field("", max_length=2000)


class ClaimIn(In):
    """A claim: the milestone by key or by its number in the plan; `quantity`, or `done`."""

    milestone: str = Field(max_length=36)
    day: str = Field(max_length=40)
    quantity: Amount | None = None
    done: bool = False
    note: str = Field("", max_length=2000)


class EvidenceIn(In):
    """Evidence and what it proves."""

    description: str = Field(min_length=1, max_length=4000)
    day: str = Field(min_length=1, max_length=40)
    grade: int
    milestone: str = Field("", max_length=36)
    quantity: Amount | None = None
    document: str = Field("", max_length=80)


class DifficultyIn(In):
    """What stands in the way: `unblocker` a body by code or name, `unblocker_name` anybody else."""

    code: str = Field(max_length=24)
    since: str = Field(max_length=40)
    text: str = Field("", max_length=4000)
    unblocker: str = Field("", max_length=300)
    unblocker_name: str = Field("", max_length=300)


class ResolveIn(In):
    """How it came that something stands in the way no more."""

    on: str = Field(max_length=40)
    resolution: str = Field(max_length=4000)


class PartIn(In):
    """A part of a commitment; all weights sum to its own."""

    text_vi: str = Field(max_length=4000)
    weight: Amount
    text_en: str = Field("", max_length=4000)
    lead: str = Field("", max_length=300)


class SplitIn(In):
    """Several commitments in the place of one."""

    parts: list[PartIn] = Field(max_length=50)
    reason: str = Field(max_length=2000)
    document: str = Field("", max_length=300)


class MergeIn(In):
    """One commitment in the place of this and `others` (codes or ids)."""

    others: list[str] = Field(max_length=50)
    text_vi: str = Field(max_length=4000)
    reason: str = Field(max_length=2000)
    text_en: str = Field("", max_length=4000)
    lead: str = Field("", max_length=300)
    document: str = Field("", max_length=300)


class SupersedeIn(In):
    """The commitment (`by`: code or id) that takes the place of this one."""

    by: str = Field(max_length=80)
    reason: str = Field(max_length=2000)
    document: str = Field("", max_length=300)
