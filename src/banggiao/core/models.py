"""The tables of the spine, gathered for Django: ledger, involvement, search, installation, calendar, jobs, personal values."""

from banggiao.core.calendar import CalendarException
from banggiao.core.installation import Installation
from banggiao.core.jobs.models import Job, Schedule
from banggiao.core.ledger import LedgerEntry
from banggiao.core.personal import PersonalValue
from banggiao.core.search import SearchEntry
from banggiao.core.visibility import Involvement

__all__ = ["CalendarException", "Installation", "Involvement", "Job", "LedgerEntry", "PersonalValue", "Schedule", "SearchEntry"]
