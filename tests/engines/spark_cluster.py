"""A real Spark standalone cluster on loopback, started from the pip package: a master and two workers of one core."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from punte.engines import open_engine
from punte.engines.spark_engine import SparkEngine

N_WORKERS = 2
PATIENCE_SECONDS = 120


@dataclass
class Daemon:
    """One process of the cluster; what it says goes to a log, and a line of it can be waited for."""

    process: subprocess.Popen[str]
    log: Path
    awaited: re.Pattern[str]
    found: str = ""
    ready: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.log.open("w", encoding="utf-8") as log:
            for line in self.process.stdout:
                log.write(line)
                log.flush()
                if match := self.awaited.search(line):
                    self.found = match.group(1)
                    self.ready.set()

    def wait(self) -> str:
        if not self.ready.wait(PATIENCE_SECONDS):
            pytest.fail(f"Spark did not start within {PATIENCE_SECONDS} s:\n{self.log.read_text(encoding='utf-8')}")
        return self.found

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def need_spark() -> None:
    """Skip the test where Java or Spark is missing."""
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        pytest.skip("Java is not installed (Debian: apt-get install openjdk-17-jre-headless)")
    pytest.importorskip("pyspark")


@cache
def spark_engine() -> SparkEngine:
    """The engine on the cluster; started once per run of the tests, stopped at its end."""
    need_spark()
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    engine = open_engine("spark", spark_master=start_cluster())
    assert isinstance(engine, SparkEngine)
    atexit.register(engine.close)
    return engine


def start_cluster() -> str:
    """Start the daemons and give the master's address, once both workers are known to it."""
    folder = Path(tempfile.mkdtemp(prefix="punte-spark-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    master = start(folder, "master", r"Starting Spark master at (spark://\S+)", "--port", "0")
    address = master.wait()
    for number in range(N_WORKERS):
        worker = start(
            folder, f"worker{number}", r"Successfully registered with master (\S+)", "-c", "1", "-m", "1200m", address
        )
        worker.wait()
    return address


def start(folder: Path, role: str, awaited: str, *options: str) -> Daemon:
    import pyspark

    home = Path(pyspark.__file__).parent
    kind = "master.Master" if role == "master" else "worker.Worker"
    command = [
        home / "bin" / "spark-class",
        f"org.apache.spark.deploy.{kind}",
        "--host",
        "127.0.0.1",
        "--webui-port",
        "0",
    ]
    process = subprocess.Popen(
        [*map(str, command), *options],
        env=environment(home, folder),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    daemon = Daemon(process, folder / f"{role}.log", re.compile(awaited))
    atexit.register(daemon.stop)
    return daemon


def environment(home: Path, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_NO_DAEMONIZE": "1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_WORKER_DIR": str(folder / "work"),
    }
