"""Every command does what its help says; a mistake ends with a sentence and a remedy, and never with a traceback."""

import json

import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.slow

LOOP_COLUMNS = (
    "channel n_touches n_persons n_leads n_mql n_sal n_sql n_opportunities n_won won_share median_days_to_won revenue "
    "currency cost roi cac cost_per_lead credit_last roi_last cac_last n_open n_too_recent n_amount_unknown "
    "n_cost_unknown is_unattributed is_overlapping"
).split()


def test_help_names_every_command(punte):
    said = punte("--help")
    commands = (
        "init map import imports take-back build loop funnel time-in-stage flow trace "
        "coverage metrics settings channels demo add-colleague serve doctor"
    ).split()
    assert [name for name in commands if f" {name} " not in said.out] == []


def test_demo_prints_its_story(punte, demo_home):
    again = punte("demo", "--persons", "800", home=demo_home)
    assert "what a right closed loop says" in again.out
    assert "Nothing new" in again.out


def test_the_first_colleague_is_the_admin_and_the_next_a_member(punte, tmp_path):
    home = tmp_path / "home"
    punte("init", "--zone", "Europe/Bucharest", home=home)
    password = ("--password", "over-a-small-river")
    said = [punte("add-colleague", f"{name}@firma.ro", *password, home=home).out for name in ("ana", "radu")]
    assert [text.splitlines()[0] for text in said] == [
        "ana can sign in as ana@firma.ro (admin, both).",
        "radu can sign in as radu@firma.ro (member, both).",
    ]


def test_a_second_account_of_the_same_address_is_refused_with_a_remedy(punte, tmp_path):
    home = tmp_path / "home"
    punte("init", home=home)
    words = ("add-colleague", "ana@firma.ro", "--password", "over-a-small-river")
    first, second = punte(*words, home=home), punte(*words, home=home)
    assert (first.code, second.code) == (0, 1)
    assert second.err.split() == (
        "There is an account with the e-mail ana@firma.ro. Take another address, or change that account.".split()
    )


def test_csv_prints_only_the_table_with_stable_names(punte, demo_home):
    said = punte("loop", "--by", "channel", "--model", "last", "--format", "csv", home=demo_home)
    assert said.code == 0
    assert list(said.rows[0]) == LOOP_COLUMNS
    assert said.err == ""


def test_json_and_parquet_hold_the_same_rows_as_csv(punte, demo_home, tmp_path):
    words = ("loop", "--by", "campaign", "--model", "linear")
    rows = punte(*words, "--format", "csv", home=demo_home).rows
    as_json = json.loads(punte(*words, "--format", "json", home=demo_home).out)
    assert [row["campaign"] or None for row in rows] == [row["campaign"] for row in as_json]
    assert [float(row["revenue"]) for row in rows] == [row["revenue"] for row in as_json]


def test_every_model_is_there_and_sums_to_the_won_value(punte, demo_home):
    rows = punte("loop", "--by", "source", "--model", "all", "--format", "csv", home=demo_home).rows
    credits = [name for name in rows[0] if name.startswith("credit_")]
    won = round(sum(float(row["revenue"]) for row in rows), 2)
    sums = {name: round(sum(float(row[name]) for row in rows), 2) for name in credits}
    assert sums == dict.fromkeys(credits, won)
    assert len(credits) == 9


def test_a_window_leaves_out_the_other_days(punte, demo_home):
    words = ("loop", "--by", "", "--format", "csv")
    (all_days,) = punte(*words, home=demo_home).rows
    (before,) = punte(*words, "--until", "2026-03-01", home=demo_home).rows
    (after,) = punte(*words, "--since", "2026-03-01", home=demo_home).rows
    assert int(before["n_won"]) + int(after["n_won"]) == int(all_days["n_won"])
    assert 0 < int(before["n_won"]) < int(all_days["n_won"])


def test_as_of_an_earlier_day_knows_nothing_of_later_ones(punte, demo_home):
    (then,) = punte("loop", "--by", "", "--as-of", "2026-02-28", "--format", "csv", home=demo_home).rows
    (until,) = punte("loop", "--by", "", "--until", "2026-03-01", "--format", "csv", home=demo_home).rows
    assert (then["n_leads"], then["n_won"]) == (until["n_leads"], until["n_won"])


def test_the_table_for_people_fits_a_narrow_screen(punte, demo_home):
    said = punte("loop", "--by", "campaign", "--model", "last,first", home=demo_home, columns=80)
    assert max(len(line.rstrip()) for line in said.out.splitlines()) <= 80
    assert "More in a wider window" in said.out


def test_the_funnel_counts_what_the_loop_counts(punte, demo_home):
    stages = {row["stage"]: row for row in punte("funnel", "--format", "csv", home=demo_home).rows}
    (row,) = punte("loop", "--by", "", "--window", "cohort", "--format", "csv", home=demo_home).rows
    assert stages["mql"]["n_reached"] == row["n_mql"]


def test_cohorts_of_the_funnel_sum_to_all_of_it_and_begin_where_they_are_told_to(punte, demo_home):
    by_month = punte("funnel", "--cohort", "month", "--begins", "mql", "--format", "csv", home=demo_home).rows
    (all_of_them,) = [
        row
        for row in punte("funnel", "--begins", "mql", "--format", "csv", home=demo_home).rows
        if row["stage"] == "mql"
    ]
    reached = [int(row["n_reached"]) for row in by_month if row["stage"] == "mql"]
    assert (sum(reached), len(reached) > 6) == (int(all_of_them["n_reached"]), True)
    assert {row["stage"] for row in by_month} == {"mql", "sal", "sql", "opportunity", "won"}
    assert {row["cohort_on"][-3:] for row in by_month} == {"-01"}


def test_the_days_in_a_stage_come_whole_and_sum_to_those_who_went_on(punte, demo_home):
    rows = punte("time-in-stage", "--format", "csv", home=demo_home).rows
    assert list(rows[0]) == ["place", "stage", "days", "n", "n_so_far", "share_so_far", "is_unattributed"]
    went_on = {row["stage"]: row["n_went_on"] for row in punte("funnel", "--format", "csv", home=demo_home).rows}
    sums = {stage: str(sum(int(row["n"]) for row in rows if row["stage"] == stage)) for stage in ("lead", "mql")}
    assert sums == {stage: went_on[stage] for stage in sums}
    said = punte("time-in-stage", home=demo_home)
    assert ("days (median)" in said.out, "still in it" in said.out, "--format csv" in said.out) == (True, True, True)


def test_the_flow_has_the_leads_and_the_revenue_of_the_loop(punte, demo_home):
    rows = punte("flow", "--by", "channel", "--format", "csv", home=demo_home).rows
    assert list(rows[0]) == ["channel", "stage", "outcome", "n_leads", "n_deals", "revenue", "is_unattributed"]
    (whole,) = punte("loop", "--by", "", "--format", "csv", home=demo_home).rows
    assert sum(int(row["n_deals"]) for row in rows) == int(whole["n_won"])
    assert round(sum(float(row["revenue"]) for row in rows), 2) == float(whole["revenue"])


def test_a_deal_is_traced_to_its_rows(punte, demo_home):
    said = punte("trace", "deal", "deal-0000001", "--format", "csv", home=demo_home)
    assert said.code == 0, said.err
    kinds = {row["kind"] for row in said.rows}
    assert {"touch", "stage"} <= kinds


def test_coverage_says_what_is_missing(punte, demo_home):
    said = punte("coverage", "--format", "csv", home=demo_home)
    assert said.code == 0, said.err
    assert {"source", "table", "subject", "reason", "n", "n_of"} <= set(said.rows[0])


def test_metrics_are_listed(punte):
    said = punte("metrics", "--format", "csv")
    assert said.code == 0, said.err
    assert len(said.rows) > 10


def test_doctor_finds_a_healthy_home_healthy(punte, demo_home):
    said = punte("doctor", home=demo_home)
    assert (said.code, "✗" in said.out) == (0, False), said.out


def test_a_damaged_file_is_named_by_the_doctor(punte, demo_home, tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(demo_home, copy)
    victim = max((copy / "lake" / "files").iterdir(), key=lambda path: path.stat().st_size)
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(bytes(content))
    said = punte("doctor", home=copy)
    assert said.code == 1
    assert victim.name in said.out + said.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("loop", "--by", "chanel"), "There is no dimension 'chanel'."),
        (("loop", "--model", "lats"), "'lats'"),
        (("loop", "--window", "x"), "There is no window 'x'."),
        (("trace", "deal", "no-such-deal"), "no-such-deal"),
        (("import", "no-such-file.csv"), "no-such-file.csv"),
        (("take-back", "no-such-import"), "no-such-import"),
    ],
)
def test_a_mistake_ends_with_a_sentence_and_a_remedy(punte, demo_home, words, sentence):
    said = punte(*words, home=demo_home)
    assert said.code == 1
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert len(said.err.strip().splitlines()) >= 2


def test_a_folder_without_a_home_is_named_with_the_way_to_make_one(punte, tmp_path):
    said = punte("loop", home=tmp_path / "none")
    assert said.code == 1
    assert "punte init" in said.err


def test_an_import_can_be_taken_back_and_brought_again(punte, tmp_path):
    home, file = tmp_path / "home", tmp_path / "deals.csv"
    file.write_text("id,stage,closed,amount\nd1,won,2026-01-05,100.00\nd2,won,2026-01-06,50.50\n", encoding="utf-8")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        'version = 1\nsource = "crm"\nzone = "UTC"\ncurrency = "EUR"\n\n'
        '[[file]]\nname = "deals"\nmatch = ["deals*"]\n\n'
        '[[file.table]]\ntable = "opportunity"\nid = "id"\nstatus = "stage"\nclosed = "closed"\namount = "amount"\n',
        encoding="utf-8",
    )
    assert punte("import", file, "--map", mapping, home=home).code == 0
    assert won(punte, home) == ("2", "150.50")
    (load,) = punte("imports", "--format", "csv", home=home).rows
    assert punte("take-back", load["import"], home=home).code == 0
    assert punte("loop", "--by", "", "--format", "csv", home=home).rows == []
    assert punte("import", file, home=home).code == 0
    assert won(punte, home) == ("2", "150.50")


def won(punte, home):
    (row,) = punte("loop", "--by", "", "--format", "csv", home=home).rows
    return row["n_won"], row["revenue"]


def test_a_dry_run_keeps_nothing(punte, demo_home):
    file = demo_home / "exports" / "crm_deals.csv"
    before = sorted((demo_home / "raw").rglob("*"))
    said = punte("import", file, "--dry-run", home=demo_home)
    assert said.code == 0, said.err
    assert "dry run" in said.out
    assert sorted((demo_home / "raw").rglob("*")) == before


def test_parquet_is_written_to_a_file(punte, demo_home, tmp_path):
    import subprocess
    import sys

    target = tmp_path / "figures.parquet"
    with target.open("wb") as out:
        words = ["--home", str(demo_home), "loop", "--by", "channel", "--format", "parquet"]
        done = subprocess.run([sys.executable, "-m", "punte.cli.main", *words], stdout=out, check=False, timeout=120)
    assert done.returncode == 0
    assert pq.read_table(target).column_names[0] == "channel"


@pytest.mark.parametrize(("models", "n"), [("last,last", 1), ("all,last", 9)])
def test_a_model_that_is_named_twice_stands_once(punte, demo_home, models: str, n: int):
    said = punte("-q", "loop", "--by", "channel", "--model", models, "--format", "csv", home=demo_home)
    assert (said.code, sum(name.startswith("credit_") for name in said.rows[0])) == (0, n)
