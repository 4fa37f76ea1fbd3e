"""Where things came from: declared channels, addresses, click ids, and what is not known."""

from __future__ import annotations

import pytest

from tests.sources.files.mapping.drawn import convert, traffic, whole

HEAD = """
version = 1
source = "crm"
zone = "Europe/Bucharest"
currency = "EUR"
"""
FILE = '\n[[file]]\nname = "f"\nmatch = ["*"]\nkeep = "none"\n'


TOUCHES = (
    HEAD
    + FILE
    + """
[[file.table]]
table = "touchpoint"
id = "Id"
occurred = "At"
[file.table.traffic]
channel = "Channel"
landing_page = "Page"
referrer = "From"
[[file.table]]
table = "lead"
id = "Id"
[file.table.traffic]
channel = "Channel"
DECLARES
"""
)
THREE = "Id,At,Channel,Page,From\n1,2026-01-01,,,\n2,2026-01-01,Ads,https://A.ro/X?e=1#f,https://b.ro/?q=1\n3,2026-01-01,,p1,\n4,2026-01-01,Ads,p1,"


@pytest.mark.parametrize("declares", [False, True])
def test_a_touch_always_has_traffic_and_a_lead_only_where_something_is_declared(declares: bool) -> None:
    result = convert(TOUCHES.replace("DECLARES", "declares = true" if declares else ""), THREE)
    ads, nothing = traffic(channel="Ads"), traffic()
    full = traffic(channel="Ads", landing_page="https://a.ro/X", referrer="https://b.ro/")
    page, both = traffic(landing_page="p1"), traffic(channel="Ads", landing_page="p1")
    of_touches = [row["traffic_id"] for row in (nothing, full, page, both)]
    empty = nothing["traffic_id"] if declares else None
    assert result.tables["touchpoint"].column("traffic_id").to_pylist() == of_touches
    assert result.tables["lead"].column("traffic_id").to_pylist() == [
        empty,
        ads["traffic_id"],
        empty,
        ads["traffic_id"],
    ]
    assert whole(result)["traffic"] == [nothing, full, page, both, ads]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://A.ro/g?utm_source=News&utm_medium=email&utm_campaign=May%20sale&gclid=1",
         {"landing_page": "https://a.ro/g", "source": "News", "medium": "email", "campaign": "May sale"}),
        ("/trial?gclid=1", {"landing_page": "/trial", "source": "google", "medium": "cpc"}),
        ("https://a.ro/?fbclid=1", {"landing_page": "https://a.ro/", "source": "facebook", "medium": "social"}),
        ("https://a.ro/?MSCLKID=1", {"landing_page": "https://a.ro/", "source": "bing", "medium": "cpc"}),
        ("/?li_fat_id=1&utm_term=x", {"landing_page": "/", "source": "linkedin", "medium": "cpc", "term": "x"}),
        ("/?utm_source=news&utm_content=ana%40x.ro", {"landing_page": "/", "source": "news"}),
        ("https://a.ro/?utm_medium=cpc&gclid=1", {"landing_page": "https://a.ro/", "medium": "cpc"}),
        ("https://a.ro/#utm_source=x", {"landing_page": "https://a.ro/"}),
        ("http://[2001:DB8::7]:80/a?gclid=1",
         {"landing_page": "http://[2001:db8::7]:80/a", "source": "google", "medium": "cpc"}),
        ("http://[broken/?utm_source=x", {"landing_page": "http://[broken/", "source": "x"}),
        ("", {}),
    ],
)  # fmt: skip
def test_an_address_tells_page_campaign_and_click(address: str, expected: dict[str, str]) -> None:
    fields = 'table = "touchpoint"\nid = "Id"\noccurred = "At"\n[file.table.traffic]\nurl = "Url"'
    toml = f"{HEAD}{FILE}[[file.table]]\n{fields}"
    result = convert(toml, f'Id,At,Url\n1,2026-01-01,"{address}"')
    assert whole(result)["traffic"] == [traffic(**expected)]


def test_what_a_column_says_of_the_campaign_wins_over_the_address() -> None:
    toml = (
        f'{HEAD}{FILE}[[file.table]]\ntable = "touchpoint"\nid = "Id"\noccurred = "At"\n'
        '[file.table.traffic]\nurl = "Url"\nsource = "Source"'
    )
    text = "Id,At,Url,Source\n1,2026-01-01,/p?utm_source=a&utm_medium=b,own\n2,2026-01-01,/p?utm_source=a,"
    assert whole(convert(toml, text))["traffic"] == [
        traffic(source="own", medium="b", landing_page="/p"),
        traffic(source="a", landing_page="/p"),
    ]
