"""What people decide about figures: shown and recorded by the command, in force at once, kept in versions."""

import pytest

pytestmark = pytest.mark.slow

MAPPING = """
version = 1
source = "crm"
zone = "Europe/Bucharest"
currency = "EUR"

[[file]]
name = "contacts"
match = ["contacts*"]
key = ["id"]
[[file.table]]
table = "person"
id = "id"
email = "email"

[[file]]
name = "deals"
match = ["deals*"]
key = ["id"]
[[file.table]]
table = "opportunity"
id = "id"
person = "person"
status = "'won'"
closed = "closed"
amount = "amount"
currency = "currency"

[[file]]
name = "touches"
match = ["touches*"]
key = ["id"]
[[file.table]]
table = "touchpoint"
id = "id"
person = "person"
kind = "'visit'"
is_response = "'true'"
occurred = "at"
[file.table.traffic]
channel = "channel"
source = "source"

[[file]]
name = "rates"
match = ["rates*"]
key = ["day"]
[[file.table]]
table = "fx_rate"
day = "day"
base = "'USD'"
quote = "'EUR'"
rate = "rate"
"""
FILES = {
    "contacts": "id,email\n1,ana@beta.ro\n2,bob@ours.ro\n",
    "deals": "id,person,closed,amount,currency\nd1,1,2026-02-10,100.00,EUR\nd2,2,2026-02-20,60.00,USD\n",
    "touches": (
        "id,person,at,channel,source\n"
        "t1,1,2026-02-01 09:00:00,email,\nt2,1,2026-02-05 09:00:00,direct_traffic,\nt3,2,2026-02-19 09:00:00,,gazette\n"
    ),
    "rates": "day,rate\n2026-02-10,0.5\n",
}


@pytest.fixture
def home(punte, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    said = punte("import", folder, "--map", tmp_path / "mapping.toml", home=tmp_path / "home")
    assert said.code == 0, said.err
    return tmp_path / "home"


def written(tmp_path, text):
    path = tmp_path / "decided.toml"
    path.write_text(text, encoding="utf-8")
    return path


def credits(punte, home, model, *words):
    said = punte("loop", "--model", model, *words, "--format", "csv", home=home)
    assert said.code == 0, said.err
    found = {row["channel"]: row[f"credit_{model}"] for row in said.rows}
    return {channel: credit for channel, credit in found.items() if credit not in ("", "0.00")}


def test_direct_channels_count_at_once_and_what_was_in_force_before_still_answers_for_then(punte, home, tmp_path):
    assert credits(punte, home, "last_non_direct") == credits(punte, home, "last") == {"direct_traffic": "100.00"}
    said = punte("settings", "set", written(tmp_path, 'direct_channels = ["direct_traffic"]\n'), home=home)
    assert (said.code, said.err) == (0, "")
    assert "Recorded as settings/default 1, in force from" in said.out
    assert credits(punte, home, "last_non_direct") == {"email": "100.00"}
    assert credits(punte, home, "last") == {"direct_traffic": "100.00"}
    assert credits(punte, home, "last_non_direct", "--as-of", "2026-03-01") == {"direct_traffic": "100.00"}


def test_a_version_may_be_in_force_from_an_earlier_day_and_all_versions_are_listed(punte, home, tmp_path):
    first = written(tmp_path, 'direct_channels = ["direct_traffic"]\n')
    punte("settings", "set", first, home=home)
    assert "Nothing new: settings/default 1 says the same" in punte("settings", "set", first, home=home).out
    said = punte("settings", "set", first, "--from", "2026-01-01", "--note", "as it always was", home=home)
    assert "Recorded as settings/default 2, in force from 2025-12-31 22:00 UTC on." in said.out
    assert credits(punte, home, "last_non_direct", "--as-of", "2026-03-01") == {"email": "100.00"}
    rows = punte("settings", "versions", "--format", "csv", home=home).rows
    assert [(row["version"], row["by"], row["note"], row["is_in_force"]) for row in rows] == [
        ("1", "command line", "", "false"),
        ("2", "command line", "as it always was", "true"),
    ]


def test_what_is_shown_can_be_set_and_an_earlier_version_is_shown_again(punte, home, tmp_path):
    shipped = punte("settings", "show", home=home)
    assert (shipped.err.strip(), "half_life_days = 7" in shipped.out) == ("settings/shipped", True)
    said = punte("settings", "set", written(tmp_path, shipped.out), home=home)
    assert "no touch has the channel 'Direct'. Did you mean 'direct_traffic'?" in said.err
    punte("settings", "set", written(tmp_path, "look_back_days = 5\n"), home=home)
    assert punte("settings", "show", home=home).out == "look_back_days = 5\n"
    assert punte("settings", "show", "--version", "1", home=home).out == shipped.out
    missing = punte("settings", "show", "--version", "3", home=home)
    assert (missing.code, missing.err.split()) == (1, "There is no version 3 of the settings. There are 1, 2.".split())


def test_the_age_of_a_rate_counts_from_the_next_build_on_and_is_said_to(punte, home, tmp_path):
    said = punte("settings", "set", written(tmp_path, "[build]\noldest_rate_days = 14\n"), home=home)
    assert "oldest_rate_days: counts once the tables are made again. Run: punte build" in said.out
    assert sum(map(float, credits(punte, home, "last").values())) == 100
    assert punte("build", home=home).code == 0
    assert sum(map(float, credits(punte, home, "last").values())) == 130


def test_channel_rules_are_tried_and_then_put_in_force(punte, home, tmp_path):
    rules = written(tmp_path, '[[rules]]\nchannel = "Press"\n[[rules.when]]\nsource = "gazette"\n')
    tried = punte("channels", "check", rules, "--format", "csv", home=home).rows
    assert {row["channel"]: (row["n_touches"], row["n_then"]) for row in tried} == {
        "email": ("1", "1"),
        "direct_traffic": ("1", "1"),
        "Unassigned": ("1", "0"),
        "Press": ("0", "1"),
    }
    assert "channel_rules/default 1" in punte("channels", "set", rules, home=home).out
    rows = punte("loop", "--format", "csv", home=home).rows
    assert {row["channel"]: row["n_touches"] for row in rows if row["channel"] == "Press"} == {"Press": "1"}
    assert punte("channels", "show", home=home).out == rules.read_text()


@pytest.mark.parametrize(
    ("words", "text", "says"),
    [
        ("settings set", "half_life_days = 7\nlookback = 3\n", "Line 2: There is no setting lookback."),
        ("channels set", '[[rules]]\nchanel = "A"\n', "Line 2: Rule 1 may not say chanel."),
        ("channels check", '[[rules]]\nchannel = "A"\n', "Line 1: The rule for 'A' says nothing about when it holds."),
        ("settings set", None, "cannot be read"),
    ],
)
def test_a_mistake_is_refused_with_its_line_and_nothing_is_recorded(punte, home, tmp_path, words, text, says):
    file = tmp_path / "absent.toml" if text is None else written(tmp_path, text)
    said = punte(*words.split(), file, home=home)
    assert (said.code, says in " ".join(said.err.split()), "Traceback" in said.err) == (1, True, False), said.err
    assert punte(words.split()[0], "versions", "--format", "csv", home=home).rows == []
