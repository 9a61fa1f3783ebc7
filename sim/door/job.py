"""The main job, from checked arms to a printed answer and a results folder.

    1 build both scenarios and read their tables     (refuses here, before anything is written)
    2 size the job                                   5 tune both sides if asked, run the worlds
    3 open the results folder                        6 compare the arms
    4 write config.yaml and provenance.json          7 tables, figures, the answer
"""

from __future__ import annotations

import threading
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sim.door.arms import Comparison
from sim.door.build import scenario_of
from sim.door.context import context_of
from sim.door.facts import Facts, facts_of
from sim.door.progress import progress, say
from sim.door.record import config_text, finish_record, record
from sim.door.sizes import Size, duration, refuse_overlong, refuse_oversized, size_of
from sim.door.steelman import Tuned, steelman, tuning_seconds
from sim.door.trust_shown import trust_of
from sim.door.worlds import run_task, tasks_of
from sim.engine import compiling
from sim.errors import counted
from sim.kernels import use_cache
from sim.provenance import utc_now
from sim.report.context import Context
from sim.settings import Settings
from sim.study import compare, ensemble, ranks, store
from sim.study.ensemble import Failure
from sim.study.files import undisturbed
from sim.study.tables import read_table

AT_THE_END = "sim.report.figures"  # takes a second to import, in which worlds already run
LOOP = SimpleNamespace(__name__="advance")  # by name: importing engine/compiled.py takes 20 ms


def run_job(comparison: Comparison, rank: bool = False) -> int:
    """Run the comparison and print its answer, or, asked to rank, its leagues; the exit code."""
    from sim.report.answer import print_answer
    from sim.report.ranks import print_ranking

    scenario, other = scenario_of(comparison.scenario), scenario_of(comparison.against)
    facts = facts_of(scenario, other)
    for one in (scenario, other):
        facts.weekly_hours(one.policy)  # refuses hours that the network has nowhere to move to
    size, tuning = size_of(scenario, comparison.scenario.fixed), 0.0
    if scenario.settings.steelman:  # refuses a comparison in which there is nothing to tune
        tuning = tuning_seconds(comparison, size.workers)
    refuse_oversized(size)
    refuse_overlong(size.seconds + tuning, size.workers)
    folder = open_folder(comparison, size)
    announce(comparison, size)
    count = Count(folder, size)
    try:
        tuned = None
        if scenario.settings.steelman:
            comparison, tuned = steelman(comparison, size)
            keep_tuned(comparison, size, folder, tuned)
        worlds = run_worlds(comparison, size, count)
        summary, context, table = finish(comparison, facts, size, folder, worlds, tuned)
    except BaseException as error:
        with undisturbed():
            count.break_off(error)
        raise
    count.close("done")
    if rank:
        print_ranking(table, summary, context)
    else:
        print_answer(summary, context)
    return 0


class Count:
    """status.json while the worlds are worked on, and the worlds kept so far."""

    def __init__(self, folder: Path, size: Size) -> None:
        self.folder, self.size, self.done = folder, size, 0
        self.kept: list[Any] = []
        self.close("running")

    @property
    def failures(self) -> list[Failure]:
        return [one for one in self.kept if isinstance(one, Failure)]

    def one_more(self) -> None:
        """Another world has come through, or failed."""
        self.done += 1
        store.write_status(self.folder, state="running", worlds=self.size.worlds, done=self.done)

    def close(self, state: str, reason: str | None = None) -> None:
        """The last word."""
        if state != "running":
            finish_record(self.folder)
        store.write_status(
            self.folder, state=state, worlds=self.size.worlds, reason=reason,
            done=len(self.kept) - len(self.failures), failures=self.failures,
        )  # fmt: skip

    def break_off(self, error: BaseException) -> None:
        """The last word when it did not come to an end; the error carries what is left of it."""
        error.add_note(self.remains())
        if isinstance(error, KeyboardInterrupt):
            self.close("interrupted", reason="Ctrl-C, or a request to end")
        else:
            self.close("failed", reason=f"{type(error).__name__}: {error}")

    def remains(self) -> str:
        """Where the tables of the finished worlds are, and how many they hold."""
        tables = sorted(one.name for one in self.folder.glob("*.parquet"))
        n_whole = len(self.kept) - len(self.failures)
        if not tables or not n_whole:
            return f"No world was finished: {self.folder} holds its configuration only."
        return (
            f"{self.folder} keeps {', '.join(tables)} with "
            f"{counted(n_whole, 'finished world')} of {self.size.worlds}."
        )


def announce(comparison: Comparison, size: Size, what: str = "paired world") -> None:
    """What is about to happen, on stderr."""
    for note in comparison.scenario.notes:
        say(f"Note: {note}")
    say(
        f"{counted(size.worlds, what)} ({counted(size.draws, 'parameter draw')} x "
        f"{size.replicates}) in {counted(size.workers, 'process', 'processes')}, "
        f"about {duration(size.seconds)}."
    )
    announce_compiling(comparison.scenario.settings)


def announce_compiling(settings: Settings) -> None:
    """That the first worlds wait for a compiler, on stderr, if they do."""
    if settings.engine == "compiled" and not is_compiled():
        say("Compiling the engine (once on this machine, about 15 seconds).")


def is_compiled() -> bool:
    """Whether the cache holds the loop over hours, which is compiled when all it calls has been."""
    folder = use_cache()
    if compiling.common_folder() is not None:
        return compiling.is_compiled(LOOP)
    return folder is not None and any(folder.rglob("*.nbi"))  # no marks (Windows): any kernel


def open_folder(comparison: Comparison, size: Size) -> Path:
    """A results folder of its own, with what is needed to run this again."""
    settings = comparison.scenario.settings
    folder: Path = store.new_folder(Path(settings.results), comparison.scenario.name)
    store.write_text(folder / "config.yaml", config_text(comparison, size))
    store.write_json(folder / "provenance.json", record(comparison, size, utc_now()))
    return folder


def keep_tuned(comparison: Comparison, size: Size, folder: Path, tuned: Tuned) -> None:
    """The arms as they were tuned take the place of those asked for; every trial is kept."""
    store.write_text(folder / "config.yaml", config_text(comparison, size))
    store.write_json(folder / "provenance.json", record(comparison, size, utc_now()))
    store.write_json(folder / "steelman.json", tuned.as_dict())


def run_worlds(comparison: Comparison, size: Size, count: Count) -> list[Any]:
    """[tested, against] of every world, or its Failure; the tables are written as worlds come."""
    tasks = tasks_of(comparison, size.draws, size.replicates)
    ready: dict[int, Any] = {}
    for_the_end = threading.Thread(target=import_module, args=(AT_THE_END,), daemon=True)
    with progress(len(tasks)) as advance:

        def one_more() -> None:
            count.one_more()
            advance()

        def on_way(part: float) -> None:
            advance.under_way(part)
            if part > 0.0 and not for_the_end.ident:  # once all processes have their libraries
                for_the_end.start()

        worlds = ensemble.stream(
            run_task, tasks, workers=size.workers, on_done=one_more, on_way=on_way,
            ready=ready,
        )
        store.collect(
            count.folder, worlds, settings=comparison.scenario.settings, ready=ready,
            kept=count.kept,
        )  # fmt: skip
    for one in count.failures:
        say(f"Failed, the others go on: {one}.")
    ensemble.refuse_nothing(count.kept)
    return count.kept


def finish(
    comparison: Comparison, facts: Facts, size: Size, folder: Path, worlds: list[Any],
    tuned: Tuned | None = None,
) -> tuple[dict[str, Any], Context, Any]:  # fmt: skip
    """Compare, write the summary and the figures; returns what the printed answer takes."""
    from sim.report.figures import save_figures

    settings, study = comparison.scenario.settings, comparison.scenario.study
    summary: dict[str, Any] = compare.summarise(
        worlds, settings=settings, study=study, draws=size.draws, replicates=size.replicates
    )
    tables = {name: read_table(folder / f"{name}.parquet")
              for name in ("daily", "accounts", "ranks")}  # fmt: skip
    summary["ranks"] = ranks.summarise_ranks(tables["ranks"], settings.scenario)
    store.write_summary(folder, summary)
    lines = ranks.rank_rows(tables["ranks"], (settings.scenario, settings.against))
    store.write_csv(folder / "ranks.csv", ranks.HEADER, lines)
    said = () if tuned is None else tuned.sentences()
    context = replace(context_of(comparison, facts, size, str(folder)), tuned=said,
                      trust=trust_of(comparison.scenario))  # fmt: skip
    save_figures(
        folder / "figures", summary, tables["daily"], tables["accounts"], context, tables["ranks"]
    )
    return summary, context, tables["ranks"]
