"""Files that people send: streamed to the home's own disk as they come, and only for who may bring them.

A request is read before anybody asks who sent it (its form holds the token that proves that it is ours), so this is the
place where a stranger's files, files sent to any other page, and more than the installation takes are turned away.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from punte.core.access import may_import
from punte.records import disk

TAKES_FILES = frozenset({"data:bring"})
"""The addresses to which files may be sent."""

TOO_LARGE = "upload_is_too_large"
"""Set on a request of which the files were larger than the installation takes."""


class StreamToHome(TemporaryFileUploadHandler):
    """Writes each file into the home's folder of passing uploads while it arrives."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        """Before the first byte: refuse those who may not send files, and what announces itself as too much."""
        self.n_bytes = 0
        match = getattr(self.request, "resolver_match", None)
        user = getattr(self.request, "user", None)
        self.is_welcome = (
            match is not None
            and match.view_name in TAKES_FILES
            and user is not None
            and user.is_authenticated
            and may_import(user)
        )

    def new_file(self, *args: Any, **options: Any) -> None:
        """A file begins."""
        if not self.is_welcome:
            raise StopUpload(connection_reset=True)
        disk.make_folder(settings.FILE_UPLOAD_TEMP_DIR, mode=0o700)
        super().new_file(*args, **options)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of it arrives."""
        self.n_bytes += len(raw_data)
        if self.n_bytes > settings.PUNTE_UPLOAD_MAX_BYTES:
            setattr(self.request, TOO_LARGE, True)
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)
