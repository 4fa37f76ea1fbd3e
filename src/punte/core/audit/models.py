"""The tables of the audit trail."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from punte.core.append_only import AppendOnly


class AuditRow(AppendOnly):
    """One action: who did what to which thing, when, and how it was before and after.

    ``before`` and ``after`` are JSON as it was sealed. They name things by their ids and carry no personal data.
    """

    position = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    by_words = models.CharField(max_length=60)  # who acted when it was no user: the command line, a job
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    before = models.TextField()
    after = models.TextField()
    previous_seal = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    class Meta:
        app_label = "core"
        db_table = "core_audit_row"
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.action} {self.subject}"


class AuditHead(models.Model):
    """The last row of the trail, sealed by itself, so that cutting off the end is noticed too. One row."""

    position = models.PositiveBigIntegerField()
    seal = models.CharField(max_length=64)
    head_seal = models.CharField(max_length=64)

    class Meta:
        app_label = "core"
        db_table = "core_audit_head"

    def __str__(self) -> str:
        return f"head at {self.position}"
