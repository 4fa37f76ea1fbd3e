"""The tables of the data room."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models

UPLOADS = "uploads"
FILES, MAPPING, COLUMNS, PROPOSAL, COSTS = "files", "mapping.toml", "columns.json", "proposal.toml", "costs.json"


def folder_of(key: str) -> Path:
    """Where the files of an upload lie."""
    return Path(settings.PUNTE_HOME) / UPLOADS / key


def files_of(key: str) -> list[Path]:
    """The files of an upload, by name; none where they are gone."""
    folder = folder_of(key) / FILES
    return sorted(folder.iterdir()) if folder.is_dir() else []


class Upload(models.Model):
    """Files that somebody brought to be looked at and imported; they lie in the home's folder ``uploads/<key>``.

    The files go when they are imported or a day old; this row stays and says who brought which imports.
    """

    key = models.CharField(max_length=32, unique=True)
    n_files = models.PositiveIntegerField()
    n_bytes = models.PositiveBigIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    preview_job_id = models.PositiveBigIntegerField(null=True)  # of a core job; its row goes a month after it ended
    import_job_id = models.PositiveBigIntegerField(null=True)
    imported_at = models.DateTimeField(null=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    load_ids = models.JSONField(default=list)

    class Meta:
        app_label = "data"

    def __str__(self) -> str:
        return self.key
