"""The tables of the core, gathered where Django looks for them."""

from punte.core.audit.models import AuditHead, AuditRow
from punte.core.choices.models import Choice
from punte.core.jobs.models import Job, Schedule

__all__ = ["AuditHead", "AuditRow", "Choice", "Job", "Schedule"]
