"""What a person does in the data room, as the tests of its pages do it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from punte.core.jobs.worker import work_until_idle
from tests.home.small import CONTACTS, DEALS, MAPPING, RATES, TOUCHES

FOUR = {"contacts.csv": CONTACTS, "deals.csv": DEALS, "touches.csv": TOUCHES, "rates.csv": RATES}


def upload(client: Client, files: Mapping[str, str | bytes], mapping: str | None = None) -> Any:
    """Send files as the form of the page does."""
    sent: dict[str, Any] = {"files": [_file(name, content) for name, content in files.items()]}
    if mapping is not None:
        sent["mapping"] = _file("mapping.toml", mapping)
    return client.post("/data/bring", sent)


def look(client: Client, files: Mapping[str, str | bytes], mapping: str | None = None) -> Any:
    """Send files, let the preview be made, and open its page."""
    answer = upload(client, files, mapping)
    work_until_idle()
    return client.get(answer.url)


def bring(client: Client, files: Mapping[str, str | bytes], mapping: str | None = None, **said: str) -> Any:
    """Send files, look at them, bring them in, and open the page that tells what came."""
    address = upload(client, files, mapping).url
    work_until_idle()
    client.post(f"{address}/import", said)
    work_until_idle()
    return client.get(address)


def outcome(answer: Any) -> Any:
    """What an upload's page tells."""
    return answer.context["told"].outcome


def _file(name: str, content: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


__all__ = ["FOUR", "MAPPING", "bring", "look", "outcome", "upload"]
