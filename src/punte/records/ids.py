"""Ids that stay the same over imports and tell nothing about what they name.

A ``record_id`` is a keyed hash (BLAKE2b under the home's key) of the source, the table and the source's own id, of
72 bits and written in 12 characters of the alphabet ``0-9 A-Z a-z . ~``: short enough that DuckDB holds it
inline, safe in addresses and in spreadsheets. A ``traffic_id`` is a plain hash, the same in every home. Two different
rows with one id are found and refused when a snapshot is built.
"""

from __future__ import annotations

import base64
import hashlib
import json
import string
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

N_BYTES = 9
_SORTED = "0123456789abcdefghjkmnpqrstvwxyz"
_ALPHABET = b".~"
_SIGNS = "".join(sorted(string.ascii_letters + string.digits + _ALPHABET.decode("ascii")))


def _short(digest: bytes) -> str:
    return base64.b64encode(digest[:N_BYTES], _ALPHABET).decode("ascii")


def record_id(key: bytes, source: str, table: str, source_id: str) -> str:
    """The id of one row; the same for the same home key, source, table and source id."""
    hashed = _keyed(key, source, table)
    hashed.update(source_id.encode("utf-8", "surrogatepass"))
    return _short(hashed.digest())


def _keyed(key: bytes, source: str, table: str) -> hashlib.blake2b:
    """A hash that has taken in the key, the source and the table, and waits for the source's id."""
    begun = f"{source}\0{table}\0".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(begun, key=key, digest_size=N_BYTES)


def fingerprint(key: bytes) -> str:
    """Sixteen hexadecimal digits by which a key is told from any other, and that do not tell the key."""
    return hashlib.blake2b(b"punte: the key of the record ids", key=key, digest_size=8).hexdigest()


def record_ids(key: bytes, source: str, table: str, source_ids: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The ids of many rows, null where the source id is null; each distinct source id is hashed once."""
    if isinstance(source_ids, pa.ChunkedArray):
        source_ids = source_ids.combine_chunks()
    encoded = source_ids.cast(pa.string()).dictionary_encode()
    values = encoded.dictionary.cast(pa.binary()).to_pylist()
    # Nine bytes make twelve signs without padding, so all ids can be written by one call and cut at every twelfth sign.
    written = base64.b64encode(b"".join(_digests(_keyed(key, source, table), values)), _ALPHABET)
    cuts = np.arange(0, 12 * len(values) + 1, 12, dtype=np.int32)
    ids = pa.Array.from_buffers(pa.string(), len(values), [None, pa.py_buffer(cuts), pa.py_buffer(written)])
    return ids.take(encoded.indices)


def _digests(keyed: hashlib.blake2b, values: Iterable[bytes]) -> Iterator[bytes]:
    for value in values:
        hashed = keyed.copy()
        hashed.update(value)
        yield hashed.digest()


def cuts(n_parts: int) -> list[str]:
    """Where to cut all ids, in their order, into so many parts (1 to 4096) of about one size: ids are evenly spread.

    Each cut is the least text that the ids of its part begin with or come after; one fewer than there are parts.
    """
    if not 1 <= n_parts <= len(_SIGNS) ** 2:
        raise ValueError(f"{n_parts} is no number of parts between 1 and {len(_SIGNS) ** 2}.")
    places = (number * len(_SIGNS) ** 2 // n_parts for number in range(1, n_parts))
    return [_SIGNS[place // len(_SIGNS)] + _SIGNS[place % len(_SIGNS)] for place in places]


def identifier_hash(key: bytes, kind: str, value: str) -> str:
    """The keyed hash of one normalised identifier (e-mail, phone, browser id); the same over all sources of a home."""
    return record_id(key, "", f"identifier:{kind}", value)


def identifier_hashes(key: bytes, kind: str, values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The keyed hashes of many normalised identifiers, null where the value is null."""
    return record_ids(key, "", f"identifier:{kind}", values)


def traffic_id(values: Sequence[str | None]) -> str:
    """The id of one combination of channel, source, medium ... in the order of ``TRAFFIC_FIELDS``."""
    text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))
    return _short(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())


def moment_code(at: datetime) -> str:
    """Seven characters that sort as moments do, whole seconds from 1970 on; ``at`` is aware, or naive and in UTC."""
    seconds = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
    return sortable_code(seconds, 7)


def sortable_code(number: int, length: int) -> str:
    """A number from 0 on in ``length`` characters (32 to the power of ``length`` numbers fit) that sort as it does."""
    if not 0 <= number < 32**length:
        raise ValueError(f"{number} does not fit into {length} characters of a sortable code.")
    return "".join(_SORTED[number >> 5 * place & 31] for place in reversed(range(length)))


def normal_email(value: str) -> str:
    """An e-mail address as it is compared: trimmed, in lower case."""
    return value.strip().lower()


def normal_phone(value: str) -> str:
    """A phone number as it is compared: digits only, a leading 00 as the plus that it stands for."""
    digits = "".join(sign for sign in value if sign.isdigit())
    return digits.removeprefix("00")


def smallest(ids: Iterable[str]) -> str:
    """The id that names a cluster of records: the smallest, so that it does not depend on order."""
    return min(ids)
