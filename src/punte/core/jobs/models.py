"""The tables of jobs and of what recurs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of work. Whether it waits, runs or has ended is computed from its moments (``jobs.queries``)."""

    kind = models.CharField(max_length=60)
    arguments = models.JSONField()
    unique_key = models.CharField(max_length=120, null=True)  # one unended job per key
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_by_words = models.CharField(max_length=60)

    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveBigIntegerField(default=0)  # grows with each claim: an older claim can write no more
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField()

    progress_done = models.PositiveBigIntegerField(null=True)
    progress_total = models.PositiveBigIntegerField(null=True)
    progress_words = models.CharField(max_length=200)  # a gettext msgid, translated for the reader

    cancel_requested_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # the same moment as the one of the three below that holds
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    error = models.TextField()  # of the last attempt that failed; what to do comes last

    class Meta:
        app_label = "core"
        db_table = "core_job"
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"], condition=Q(ended_at__isnull=True), name="one_unended_job_per_key"
            ),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=Q(ended_at__isnull=True), name="unended_jobs"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Schedule(models.Model):
    """One kind of job that recurs."""

    kind = models.CharField(max_length=60, unique=True)
    every_seconds = models.PositiveIntegerField()
    next_at = models.DateTimeField()

    class Meta:
        app_label = "core"
        db_table = "core_schedule"

    def __str__(self) -> str:
        return f"{self.kind} every {self.every_seconds} s"
