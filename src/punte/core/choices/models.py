"""The table of choices."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from punte.core.append_only import AppendOnly


class Choice(AppendOnly):
    """One version of one choice. Nothing is overwritten: a change of mind is a further version."""

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    body = models.TextField()
    body_sha256 = models.CharField(max_length=64)
    effective_from = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_by_words = models.CharField(max_length=60)  # who it was when it was no user: the command line, a job
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField()

    class Meta:
        app_label = "core"
        db_table = "core_choice"
        ordering = ["kind", "name", "version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name", "version"], name="one_choice_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.name} {self.version}"
