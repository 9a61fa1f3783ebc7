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
from sim.door.record import config_text, provenance
from sim.door.sizes import Size, duration, refuse_oversized, size_of
from sim.door.worlds import run_task, tasks_of
from sim.run import Run


def run_job(comparison: Comparison) -> int:
    """Run the comparison; returns the exit code."""
    scenario = scenario_of(comparison.scenario)
    scenario_of(comparison.against)
    facts = facts_of(scenario)
    size = size_of(scenario, comparison.scenario.fixed)
    refuse_oversized(size)
    announce(comparison, size)
    folder = open_folder(comparison, size)
    try:
        runs = run_worlds(comparison, size)
        finish(comparison, facts, size, folder, runs)
    except BaseException as error:
        close(folder, "failed", size, reason=f"{type(error).__name__}: {error}")
        raise
    close(folder, "done", size)
    return 0


def announce(comparison: Comparison, size: Size) -> None:
    """What is about to happen, on stderr."""
    for note in comparison.scenario.notes:
        say(f"Note: {note}")
    say(
        f"{size.worlds} paired worlds ({size.draws} parameter draws x {size.replicates}) in "
        f"{size.workers} process{'es' if size.workers > 1 else ''}, about "
        f"{duration(size.seconds)} once compiled."
    )


def open_folder(comparison: Comparison, size: Size) -> Path:
    """A results folder of its own, with what is needed to run this again."""
    from sim.study import store  # type: ignore[attr-defined,unused-ignore]

    settings = comparison.scenario.settings
    folder: Path = store.new_folder(Path(settings.results), comparison.scenario.name)
    store.write_text(folder / "config.yaml", config_text(comparison, size))
    store.write_json(folder / "provenance.json", provenance(comparison, size))
    store.write_status(folder, state="running", worlds=size.worlds, done=0)
    return folder


def run_worlds(comparison: Comparison, size: Size) -> list[list[Run]]:
    """[tested, against] of every world, in the order of the worlds whatever finished first."""
    from sim.study import ensemble  # type: ignore[attr-defined,unused-ignore]

    tasks = tasks_of(comparison, size.draws, size.replicates)
    with progress(len(tasks)) as advance:
        runs: list[list[Run]] = ensemble.run_tasks(
            run_task, tasks, workers=size.workers, on_done=advance
        )
    return runs


def finish(
    comparison: Comparison, facts: Facts, size: Size, folder: Path, runs: list[list[Run]]
) -> None:
    """Compare, write tables and figures, print the answer."""
    from sim.report.answer import print_answer
    from sim.report.figures import save_figures
    from sim.study import compare, store  # type: ignore[attr-defined,unused-ignore]

    settings, study = comparison.scenario.settings, comparison.scenario.study
    summary: dict[str, Any] = compare.summarise(
        runs, settings=settings, study=study, draws=size.draws, replicates=size.replicates
    )
    tables = store.write_tables(folder, runs, settings=settings)
    store.write_summary(folder, summary)
    context = context_of(comparison, facts, size, str(folder))
    save_figures(folder / "figures", summary, tables["daily"], tables["accounts"], context)
    print_answer(summary, context)


def close(folder: Path, state: str, size: Size, reason: str | None = None) -> None:
    """The last word of status.json."""
    from sim.study import store  # type: ignore[attr-defined,unused-ignore]

    done = size.worlds if state == "done" else None
    store.write_status(folder, state=state, worlds=size.worlds, done=done, reason=reason)
