"""The main job, from checked arms to a printed answer and a results folder.

    1 build both scenarios and read their tables     (refuses here, before anything is written)
    2 size the job                                   5 run the worlds in parallel
    3 open the results folder                        6 compare the arms
    4 write config.yaml and provenance.json          7 tables, figures, the answer
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.door.arms import Comparison
from sim.door.build import scenario_of
from sim.door.context import context_of
from sim.door.facts import Facts, facts_of
from sim.door.progress import progress, say
from sim.door.record import config_text, record
from sim.door.sizes import Size, duration, refuse_oversized, size_of
from sim.door.worlds import run_task, tasks_of
from sim.kernels import use_cache
from sim.provenance import utc_now
from sim.study import compare, ensemble, store
from sim.study.ensemble import Failure
from sim.study.tables import read_table


def run_job(comparison: Comparison) -> int:
    """Run the comparison; returns the exit code."""
    scenario = scenario_of(comparison.scenario)
    scenario_of(comparison.against)
    facts = facts_of(scenario)
    size = size_of(scenario, comparison.scenario.fixed)
    refuse_oversized(size)
    announce(comparison, size)
    folder = open_folder(comparison, size)
    count = Count(folder, size)
    try:
        finish(comparison, facts, size, folder, run_worlds(comparison, size, count))
    except BaseException as error:
        count.close("failed", reason=f"{type(error).__name__}: {error}")
        raise
    count.close("done")
    return 0


class Count:
    """status.json while the worlds are worked on."""

    def __init__(self, folder: Path, size: Size) -> None:
        self.folder, self.size, self.done = folder, size, 0
        self.failures: list[Failure] = []
        self.close("running")

    def one_more(self) -> None:
        """Another world has come through, or failed."""
        self.done += 1
        store.write_status(self.folder, state="running", worlds=self.size.worlds, done=self.done)

    def close(self, state: str, reason: str | None = None) -> None:
        """The last word."""
        store.write_status(
            self.folder, state=state, worlds=self.size.worlds, reason=reason,
            done=self.done - len(self.failures), failures=self.failures,
        )  # fmt: skip


def announce(comparison: Comparison, size: Size) -> None:
    """What is about to happen, on stderr."""
    for note in comparison.scenario.notes:
        say(f"Note: {note}")
    say(
        f"{size.worlds} paired worlds ({size.draws} parameter draws x {size.replicates}) in "
        f"{size.workers} process{'es' if size.workers > 1 else ''}, about {duration(size.seconds)}."
    )
    if not is_compiled():
        say("Compiling the engine (once on this machine, about half a minute).")


def is_compiled() -> bool:
    """Whether compiled kernels of this state of the source are in the cache."""
    folder = use_cache()
    return folder is not None and any(folder.rglob("*.nbi"))


def open_folder(comparison: Comparison, size: Size) -> Path:
    """A results folder of its own, with what is needed to run this again."""
    settings = comparison.scenario.settings
    folder: Path = store.new_folder(Path(settings.results), comparison.scenario.name)
    store.write_text(folder / "config.yaml", config_text(comparison, size))
    store.write_json(folder / "provenance.json", record(comparison, size, utc_now()))
    return folder


def run_worlds(comparison: Comparison, size: Size, count: Count) -> list[Any]:
    """[tested, against] of every world, or its Failure; the tables are written as worlds come."""
    tasks = tasks_of(comparison, size.draws, size.replicates)
    with progress(len(tasks)) as advance:

        def one_more() -> None:
            count.one_more()
            advance()

        worlds = ensemble.stream(run_task, tasks, workers=size.workers, on_done=one_more)
        kept = store.collect(count.folder, worlds, settings=comparison.scenario.settings)
    count.failures = [one for one in kept if isinstance(one, Failure)]
    ensemble.refuse_nothing(kept)
    return kept


def finish(
    comparison: Comparison, facts: Facts, size: Size, folder: Path, worlds: list[Any]
) -> None:
    """Compare, write the summary and the figures, print the answer."""
    from sim.report.answer import print_answer
    from sim.report.figures import save_figures

    settings, study = comparison.scenario.settings, comparison.scenario.study
    summary: dict[str, Any] = compare.summarise(
        worlds, settings=settings, study=study, draws=size.draws, replicates=size.replicates
    )
    store.write_summary(folder, summary)
    tables = {name: read_table(folder / f"{name}.parquet") for name in ("daily", "accounts")}
    context = context_of(comparison, facts, size, str(folder))
    save_figures(folder / "figures", summary, tables["daily"], tables["accounts"], context)
    print_answer(summary, context)
