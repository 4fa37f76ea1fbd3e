"""How names, domains and registration numbers of companies are compared: normal forms, null where nothing is left."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc

_LEGAL_FORMS = (
    "ab ag as asa bv co company corp corporation doo ehf eood gmbh inc incorporated kft kg lda limited llc llp lp ltd "
    "ltda mbh nv oao ood oy oyj plc pfa pte pty sa sarl sas sasu se sl slu snc soc spa spzoo srl srls sro zao zrt"
)
_LEGAL_FORM_AT_END = rf"(?: (?:{'|'.join(_LEGAL_FORMS.split())}|s r l|s a|sp z o o|d o o|s r o))+$"
_ROMANIAN_COMPANY = r"^s ?c (.+ (?:s ?r ?l|s ?a))$"
SHORTEST_FISCAL_CODE = 5


@cache
def public_domains() -> frozenset[str]:
    """Domains at which anybody can have an address or a page; they name no company."""
    text = files("punte.home").joinpath("public_mail_domains.txt").read_text("utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def domains(values: pa.ChunkedArray, excluded: frozenset[str]) -> pa.ChunkedArray:
    """Host names without scheme, ``www.``, port and path, in lower case; null for those excluded.

    ``https://www.Acme.ro/about`` becomes ``acme.ro``. A number of IPv6 (``http://[::1]/``) is no name, and null.
    """
    hosts = pc.utf8_lower(pc.utf8_trim_whitespace(values))
    hosts = pc.replace_substring_regex(hosts, r"^[a-z]+://", "")
    hosts = pc.if_else(pc.starts_with(hosts, "["), pa.scalar(None, pa.string()), hosts)
    hosts = pc.replace_substring_regex(hosts, r"[/:?#].*$", "")
    hosts = pc.replace_substring_regex(hosts, r"^www\d*\.", "")
    return _without(pc.utf8_rtrim(hosts, "."), excluded)


def email_domains(values: pa.ChunkedArray, excluded: frozenset[str]) -> pa.ChunkedArray:
    """The domains of e-mail addresses, in lower case; null for what is no address and for those excluded."""
    addresses = pc.utf8_lower(pc.utf8_trim_whitespace(values))
    is_address = pc.match_substring_regex(addresses, r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    hosts = pc.replace_substring_regex(addresses, r"^.*@", "")
    return _without(pc.if_else(is_address, hosts, pa.scalar(None, pa.string())), excluded)


def fiscal_codes(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Registration numbers: letters and digits in upper case, without the RO that marks a Romanian VAT payer.

    ``RO 1234567`` and ``1234567`` are one. What is shorter than five signs, or has no digit, is no number.
    """
    codes = pc.replace_substring_regex(pc.utf8_upper(values), r"[^0-9A-Z]", "")
    codes = pc.replace_substring_regex(codes, r"^RO(\d+)$", r"\1")
    is_code = pc.and_(
        pc.greater_equal(pc.utf8_length(codes), SHORTEST_FISCAL_CODE), pc.match_substring_regex(codes, r"[1-9]")
    )
    return pc.if_else(is_code, codes, pa.scalar(None, pa.string()))


def company_names(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Company names without case, accents, signs and legal form: ``U.S. Bank, Inc.`` becomes ``us bank``."""
    names = pc.utf8_lower(pc.utf8_normalize(values, "NFKD"))
    names = pc.replace_substring_regex(names, r"[\p{Mn}.'’`]", "")
    names = pc.utf8_trim_whitespace(pc.replace_substring_regex(names, r"[^\p{L}\p{N}]+", " "))
    names = pc.replace_substring_regex(names, _ROMANIAN_COMPANY, r"\1")
    shorter = pc.replace_substring_regex(names, _LEGAL_FORM_AT_END, "")
    return _without(pc.if_else(pc.equal(shorter, ""), names, shorter), frozenset())


def _without(values: pa.ChunkedArray, excluded: frozenset[str]) -> pa.ChunkedArray:
    unusable = pc.is_in(values, pa.array(["", *sorted(excluded)]))
    return pc.if_else(unusable, pa.scalar(None, pa.string()), values)
