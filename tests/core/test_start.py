"""How punte starts for a home, and what it refuses to start with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from punte.core.choices.actions import record_choice
from punte.core.choices.queries import choice_in_force, history
from punte.core.databases import OneHomeOnly
from punte.core.keys import make_keys
from punte.core.sqlite import has_wal_reset_fix
from punte.core.start import prepare, set_up
from punte.errors import NoHome
from tests.core.processes import answer_of, environment, run_python

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.slow
def test_a_prepared_home_starts_without_loading_the_analytics_libraries(tmp_path: Path) -> None:
    loaded = answer_of(
        """
import json, sys
from pathlib import Path
from punte.core.start import prepare
prepare(Path.cwd())
import punte.web.wsgi, punte.web.urls
from punte.core.jobs.worker import register_jobs
register_jobs()
print(json.dumps(sorted({"ibis", "duckdb", "pandas", "pyarrow", "numpy", "scipy", "sqlglot"} & set(sys.modules))))
""",
        tmp_path,
    )
    assert loaded == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["choices.lock", "choices.sqlite3", "keys"]


def test_the_process_has_one_own_home_and_asking_again_changes_nothing() -> None:
    assert [set_up(settings.PUNTE_HOME), set_up(Path(str(settings.PUNTE_HOME)))] == ["default", "default"]


def test_a_folder_that_is_no_home_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoHome, match="it has no key 'django'"):
        set_up(tmp_path)


def test_a_second_home_has_choices_of_its_own(tmp_path: Path, further_homes: None) -> None:
    if settings.PUNTE_DATABASE_URL:
        pytest.skip("a database server holds one home")
    using = prepare(tmp_path)

    record_choice(kind="calendar", name="office", body='zone = "UTC"', by="command line", at=AT, using=using)

    assert choice_in_force("calendar", "office", AT, AT, using=using).version == 1
    assert choice_in_force("calendar", "office", AT, AT) is None


def test_a_home_made_anew_in_the_same_place_is_prepared_anew(tmp_path: Path, further_homes: None) -> None:
    if settings.PUNTE_DATABASE_URL:
        pytest.skip("a database server holds one home")
    for _ in range(2):
        using = prepare(tmp_path / "home")
        record_choice(kind="calendar", name="office", body='zone = "UTC"', by="command line", at=AT, using=using)
        assert prepare(tmp_path / "home") == using
        assert [version.version for version in history("calendar", "office", using)] == [1]
        connections[using].close()
        shutil.rmtree(tmp_path / "home")


@pytest.mark.slow
def test_processes_that_prepare_a_home_at_the_same_moment_do_not_disturb_each_other(tmp_path: Path) -> None:
    code = "from pathlib import Path\nfrom punte.core.start import prepare\nprepare(Path.cwd())"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=environment(tmp_path), cwd=tmp_path, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert ([process.returncode for process in processes], errors) == ([0, 0, 0], ["", "", ""])


def test_a_second_home_beside_a_database_server_is_refused(tmp_path: Path, further_homes: None) -> None:
    if not settings.PUNTE_DATABASE_URL:
        pytest.skip("without a database server there may be several homes")
    make_keys(tmp_path)
    with pytest.raises(OneHomeOnly):
        set_up(tmp_path)


@pytest.mark.slow
def test_punte_refuses_to_start_with_the_systems_sqlite_where_that_is_unsound(tmp_path: Path) -> None:
    make_keys(tmp_path)
    system = answer_of("import json, sqlite3; print(json.dumps(sqlite3.sqlite_version_info))", tmp_path)
    if has_wal_reset_fix(tuple(system)):
        pytest.skip("this system's SQLite is sound")
    done = run_python(
        # whoever imports the back end first gets the system's SQLite
        "import django.db.backends.sqlite3.base\n"
        "from pathlib import Path\n"
        "from punte.core.start import set_up\n"
        "set_up(Path.cwd())",
        tmp_path,
    )
    assert done.returncode == 1
    assert "punte.core.start.CannotStart: SQLite " in done.stderr
    assert "can corrupt a database with several writers" in done.stderr


@pytest.mark.slow
def test_a_star_for_a_host_is_refused(tmp_path: Path) -> None:
    make_keys(tmp_path)
    code = "from pathlib import Path\nfrom punte.core.start import set_up\nset_up(Path.cwd())"
    done = run_python(code, tmp_path, PUNTE_HOSTS="punte.example.ro,*")
    assert done.returncode == 1
    assert "CannotStart: PUNTE_HOSTS holds a star" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("names", [{"PUNTE_HTTPS": "yes"}, {"PUNTE_DATABASE_URL": "mysql://x/y"}])
def test_a_misspelt_setting_is_refused_and_not_guessed(tmp_path: Path, names: dict[str, str]) -> None:
    make_keys(tmp_path)
    code = "from pathlib import Path\nfrom punte.core.start import set_up\nset_up(Path.cwd())"
    done = run_python(code, tmp_path, **names)
    assert done.returncode == 1
    assert f"ImproperlyConfigured: {next(iter(names))} is " in done.stderr


@pytest.mark.slow
def test_djangos_own_check_for_deployment_finds_nothing_under_https(tmp_path: Path) -> None:
    make_keys(tmp_path)
    done = run_python(
        "from django.core.management import execute_from_command_line as run\n"
        "run(['django', 'check', '--deploy', '--fail-level', 'WARNING'])",
        tmp_path,
        PUNTE_HTTPS="1",
        PUNTE_HOSTS="punte.example.ro",
        DJANGO_SETTINGS_MODULE="punte.web.settings",
    )
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (3 silenced).\n"), done.stderr


@pytest.mark.django_db
def test_no_migration_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("makemigrations", check_changes=True, dry_run=True)
    assert capsys.readouterr().out == "No changes detected\n"
