"""The imports of a home: which there are, taking one back, bringing it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from punte.home.build import CANNOT_BE_BUILT_ON, BuildSettings, build_loads, silent
from punte.home.folder import Home, naive_utc
from punte.home.reports import BuildReport
from punte.home.staging import Progress
from punte.records.raw import Load
from punte.sources.files.mapping import Mapping


def history(home: Home) -> list[Load]:
    """Every import of every file, those taken back or held included, in the order in which they came."""
    return home.raw.loads()


def take_back(
    home: Home,
    load_id: str,
    mappings: Sequence[Mapping],
    *,
    by: str,
    at: datetime,
    reason: str = "",
    settings: BuildSettings = BuildSettings(),
    progress: Progress = silent,
) -> BuildReport:
    """Let an import count no more, and publish the tables as they are without it.

    Its rows stay in raw and it can be brought again. Raises UnknownLoad, and what ``build`` raises; then the import
    counts as before.
    """
    return _decided(home, load_id, ("taken_back", "brought_again"), mappings, by, at, reason, settings, progress)


def bring_again(
    home: Home,
    load_id: str,
    mappings: Sequence[Mapping],
    *,
    by: str,
    at: datetime,
    reason: str = "",
    settings: BuildSettings = BuildSettings(),
    progress: Progress = silent,
) -> BuildReport:
    """Let an import count again that was taken back or held, and publish.

    Raises UnknownLoad, and what ``build`` raises; then the import counts no more, as before.
    """
    return _decided(home, load_id, ("brought_again", "taken_back"), mappings, by, at, reason, settings, progress)


def _decided(
    home: Home,
    load_id: str,
    actions: tuple[str, str],
    mappings: Sequence[Mapping],
    by: str,
    at: datetime,
    reason: str,
    settings: BuildSettings,
    progress: Progress,
) -> BuildReport:
    """Decide, build, and take the decision back where the tables cannot be built with it."""
    moment = naive_utc(at)
    with home.writing(actions[0]) as lake:
        store = home.raw
        store.decide(load_id, actions[0], by=by, at=moment, reason=reason)
        loads = [load for load in store.loads() if load.counts]
        try:
            return build_loads(home, lake, loads, mappings, at=moment, settings=settings, progress=progress)[0]
        except CANNOT_BE_BUILT_ON as error:
            store.decide(load_id, actions[1], by="punte", at=moment, reason=str(error))
            raise
