"""The tables of who: partners and their relation levels, home institutions over time, people and the posts they held."""

from __future__ import annotations

from django.db import models
from uuid_utils.compat import uuid7

from banggiao.core.record import Link, PartialDateField, Record
from banggiao.core.vocabulary import vocabulary
from banggiao.sources.models import SourcedRecord


class Partner(SourcedRecord):
    """Somebody the country deals with. A territory or economy has no relation level, flag, ambassador or treaty."""

    code = models.CharField(max_length=16, unique=True, help_text="ISO 3166-1 alpha-3, or the code of a bloc or organisation")
    kind = models.CharField(max_length=16)
    iso2 = models.CharField(max_length=2, blank=True)
    m49 = models.CharField(max_length=3, blank=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=500, editable=False)
    variants = models.JSONField(default=list, blank=True, help_text="spellings for search, never for print")
    region_vi = models.CharField(max_length=80, blank=True)
    region_en = models.CharField(max_length=80, blank=True)

    closed = {"kind": "partner_kind"}
    links = {"members": Link("partners.PartnerMember", "bloc", "member")}

    class Meta:
        indexes = [models.Index(fields=["sort_key", "id"])]

    def __str__(self) -> str:
        return self.name_vi


class PartnerMember(models.Model):
    """A member of a bloc."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bloc = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="membership_rows")
    member = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="bloc_rows")
    position = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.bloc_id}: {self.member_id}"


class PrintName(SourcedRecord):
    """How a name is printed from a date on; the ministry edits this table, search variants stand elsewhere."""

    code = models.CharField(max_length=24)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    valid_from = PartialDateField()

    def __str__(self) -> str:
        return self.name_vi


class RelationLevel(SourcedRecord):
    """One dated change of the level of relations with a partner."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="levels")
    level = models.CharField(max_length=32)
    event = models.CharField(max_length=32)
    day = PartialDateField()
    basis = models.CharField(max_length=300, blank=True, help_text="the paper that says so, such as a joint statement")
    document = models.ForeignKey("sources.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note_vi = models.CharField(max_length=400, blank=True)
    note_en = models.CharField(max_length=400, blank=True)

    closed = {"level": "relation_level", "event": "relation_event"}

    class Meta:
        indexes = [models.Index(fields=["day", "id"])]

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.level} {self.day}"

    @property
    def title_vi(self) -> str:
        """Partner and level, as the step is called."""
        return f"{self.partner.name_vi}: {vocabulary('relation_level').label(self.level, 'vi')}"

    @property
    def title_en(self) -> str:
        """The same in English."""
        return f"{self.partner.name_en}: {vocabulary('relation_level').label(self.level, 'en')}"


class Institution(SourcedRecord):
    """A home body in the time it existed: ministry, agency, mission, province, party body. Duties move to the successor."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=32)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    abbr_vi = models.CharField(max_length=40, blank=True)
    abbr_en = models.CharField(max_length=40, blank=True)
    sort_key = models.CharField(max_length=700, editable=False)
    valid_from = PartialDateField()
    valid_to = PartialDateField()
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")
    host = models.ForeignKey(Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="missions")
    role_vi = models.CharField(max_length=300, blank=True)
    basis = models.CharField(max_length=300, blank=True, help_text="the paper that founded, merged or closed it")

    closed = {"kind": "institution_kind"}
    links = {"accredited": Link("partners.MissionCountry", "mission", "country")}

    class Meta:
        indexes = [models.Index(fields=["sort_key", "id"]), models.Index(fields=["kind", "sort_key"])]

    def __str__(self) -> str:
        return self.name_vi


class MissionCountry(models.Model):
    """A country that a mission answers for beside the one it stands in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mission = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="accredited_rows")
    country = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="accrediting_rows")
    position = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.mission_id}: {self.country_id}"


class Person(Record):
    """Somebody in public office, by name only; posts are dated, anything else about them stands with the personal values."""

    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=500, editable=False)

    class Meta:
        indexes = [models.Index(fields=["sort_key", "id"])]

    def __str__(self) -> str:
        return self.name


class Post(Record):
    """A person is named in a post by a public document of a day; nothing is said about before or after."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    title_vi = models.CharField(max_length=300)
    institution = models.ForeignKey(Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    first_seen = PartialDateField()
    last_seen = PartialDateField()
    basis = models.CharField(max_length=300, blank=True, help_text="the public document that names the person in the post")

    def __str__(self) -> str:
        return self.title_vi
