"""A study from checked arms to one collated result, never losing a run.

    1 size it, refuse what cannot fit        4 do the runs that are not on the disk, by world
    2 open or reopen its folder, lock it     5 with a precision: look at widths, go on or stop
    3 compare its plan with the one begun    6 collate, summarise, draw, answer
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from sim.door.axes import LEVER, told_axes
from sim.door.build import drawn_parameters, scenario_of
from sim.door.context import context_of
from sim.door.facts import Facts, facts_of
from sim.door.job import announce_compiling
from sim.door.progress import progress, say
from sim.door.sizes import Size, machine_memory
from sim.door.study_arms import Study
from sim.door.study_deal import dealt
from sim.door.study_plan import plan_of
from sim.door.study_size import StudySize, refuse_long, refuse_unfit, study_size, told_size
from sim.door.study_worlds import (
    StudyTask,
    keep_lost,
    run_elsewhere,
    run_study_task,
    take_in,
    tasks_of,
)
from sim.door.trust_shown import trust_of
from sim.errors import UserError, counted
from sim.provenance import canonical, provenance, utc_now
from sim.settings import Local
from sim.study import cluster, ensemble
from sim.study.collate import Collated, collate, write_table
from sim.study.ensemble import Failure
from sim.study.files import read_json, write_csv, write_json, write_yaml
from sim.study.plan import Plan, runs_of
from sim.study.records import is_done, locked, open_plan, study_folder
from sim.study.stopping import look_of, narrow_enough
from sim.study.summary import Judge, Rules, half_widths, rows_of, summarise_study

GOES_ON = "The same command goes on where it was."


def check_study(study: Study) -> int:
    """task=check: what would run, how long it takes and what it needs."""
    facts_everywhere(study)
    size, plan = study_size(study), plan_of(study)
    refuse_unfit(size, Path(study.lead.scenario.settings.results))
    print("The study is valid.")
    rows = [("question", plan.question), ("axes", told_axes(study.axes, _samples(study))),
            ("control", plan.control_label), ("size", told_size(study, size)),
            ("name", plan.name)]  # fmt: skip
    for name, told in [*rows, *(("note", note) for note in study.notes)]:
        print(f"  {name:<10}{told}")
    return 0


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What a kind of study adds to its summary, draws and prints, beside what every study does."""

    extend: Callable[[dict[str, Any], Collated, Rules, Path], None]
    draw: Callable[[Path, dict[str, Any], Any], Any]
    tell: Callable[[dict[str, Any], Any], None]


def usual_ending() -> Ending:
    """Points and their verdicts alone."""
    from sim.report.study_answer import print_study
    from sim.report.study_figures import save_study_figures

    return Ending(extend=lambda *_: None, draw=save_study_figures, tell=print_study)


def run_study(study: Study, ending: Ending | None = None) -> int:
    """Run what is not on the disk yet, judge all of it; returns the exit code."""
    ending = ending or usual_ending()
    facts = facts_everywhere(study)
    size, plan = study_size(study), plan_of(study)
    settings = study.lead.scenario.settings
    refuse_unfit(size, Path(settings.results))
    refuse_long(size, Path(settings.results), plan.name)
    for note in study.notes:
        say(f"Note: {note}")
    folder = study_folder(Path(settings.results), plan.name)
    with locked(folder):
        for key in open_plan(folder, plan, study.lead.scenario.study.changed):
            say(f"Note: runs from before a change are kept: {key}.")
        count = Count(folder, plan, size)
        try:
            summary, context = finish(study, facts, plan, size, folder, count, ending)
        except BaseException as error:
            error.add_note(count.break_off(error))
            raise
        count.close("done")
    ending.tell(summary, context)
    return 0


class Count:
    """status.json and provenance.json of a study while it runs."""

    def __init__(self, folder: Path, plan: Plan, size: StudySize) -> None:
        self.folder, self.plan, self.size = folder, plan, size
        self.design, self.look = size.schedule[0], ""
        self.started = utc_now()
        path = folder / "provenance.json"
        self.sessions = (read_json(path)["sessions"] if path.is_file() else 0) + 1
        self.close("running")

    def close(self, state: str, reason: str | None = None) -> None:
        """Where the study stands, and who computed."""
        done, failed, runs = self.numbers()
        write_json(self.folder / "status.json", {
            "state": state, "runs": runs, "done": done, "failed": failed, "updated": utc_now(),
            "reason": reason,
        })  # fmt: skip
        found = provenance(self.plan.decisive, seed=self.plan.seed, started=self.started,
                           finished=None if state == "running" else utc_now())  # fmt: skip
        found |= {"sessions": self.sessions, "memory_bytes": machine_memory()}
        write_json(self.folder / "provenance.json", found)

    def numbers(self) -> tuple[int, int, int]:
        """Runs that came through, runs that failed, runs of the design looked at so far."""
        keys = list(runs_of(self.plan, *self.design))
        done = sum(is_done(self.folder, one) for one in keys)
        there = sum(1 for _ in (self.folder / "runs").glob("*/*.json"))
        return done, max(0, min(there, len(keys)) - done), len(keys)

    def break_off(self, error: BaseException) -> str:
        """The last word when it did not come to an end; what is left of it, in words."""
        with suppress(UserError):  # a full disk takes no last word either
            if isinstance(error, KeyboardInterrupt):
                self.close("interrupted", "Ctrl-C, or a request to end")
            else:
                self.close("failed", f"{type(error).__name__}: {error}")
        done, _, runs = self.numbers()
        return f"{self.folder} keeps {counted(done, 'finished run')} of {runs:,}. {GOES_ON}"


def finish(
    study: Study, facts: Facts, plan: Plan, size: StudySize, folder: Path, count: Count,
    ending: Ending,
) -> tuple[dict[str, Any], Any]:
    """Run look by look, then write the one result; returns what the printed answer takes."""
    rules = rules_of(study)
    say(f"Study '{plan.name}': {told_size(study, size)}")
    announce_compiling(study.lead.scenario.settings)
    write_yaml(folder / "config.yaml", config_of(study, plan, size))
    found, stopped = look_by_look(study, plan, size, folder, rules, count)
    write_table(folder / "study.parquet", found)
    summary = summarise_study(found, replace(rules, look=count.look), stopped)
    ending.extend(summary, found, rules, folder)
    write_json(folder / "summary.json", summary)
    write_csv(folder / "summary.csv", *rows_of(summary))
    last = Size(draws=found.draws, replicates=found.replicates, workers=size.workers,
                seconds=0.0, n_bytes=size.n_bytes)  # fmt: skip
    context = context_of(study.lead, facts, last, str(folder))
    varied = {one.key for one in study.axes}
    asked = tuple(one for one in context.asked if one.partition("=")[0] not in varied)
    worlds = tuple(one.key for one in study.axes if one.role != LEVER)
    context = replace(context, asked=asked, trust=trust_of(study.lead.scenario, worlds))
    ending.draw(folder / "figures", summary, context)
    return summary, context


def look_by_look(
    study: Study, plan: Plan, size: StudySize, folder: Path, rules: Rules, count: Count
) -> tuple[Collated, str]:
    """All runs of the design, or, with a precision, of as many looks as it takes."""
    precision = rules.study.precision
    for place, (draws, replicates) in enumerate(size.schedule):
        count.design = (draws, replicates)
        count.look = look_of(place, len(size.schedule)) if precision is not None else ""
        do_runs(study, size, folder, draws, replicates)
        found = collate(folder, plan, draws, replicates)
        if precision is None:
            return found, "all worlds asked for were run"
        judge = Judge(found, replace(rules, look=count.look))
        widths = half_widths(judge, rules.settings.objective)
        known = [one for one in widths if one is not None]
        widest = f"{max(known):.3g}" if len(known) == len(widths) else "not known"
        say(f"Look at {draws * replicates} worlds: the widest half-width over the control is "
            f"{widest}, wanted {precision:g}.")  # fmt: skip
        if narrow_enough(widths, precision):
            return found, f"every half-width is at most {precision:g} of the control's value"
    return found, f"study.most_worlds={rules.study.most_worlds} was reached"


def do_runs(study: Study, size: StudySize, folder: Path, draws: int, replicates: int) -> None:
    """The runs of a design that are not on the disk, all circumstances in one pool."""
    tasks = dealt(tasks_of(study.circumstances, folder, draws, replicates), size.workers,
                  size.seconds_per_run)  # fmt: skip
    total = draws * replicates * size.arms
    left = sum(len(one.arms) for one in tasks)
    if not tasks:
        return
    if left < total:
        say(f"{counted(total - left, 'finished run')} of {total:,} found: going on.")
    with (progress(total, what="runs", done=total - left) as advance,
          closing(worlds_of(study, size, tasks, advance.under_way)) as worlds):  # fmt: skip
        for index, result in worlds:
            settle(tasks[index], result)
            advance(len(tasks[index].arms))


def worlds_of(study: Study, size: StudySize, tasks: list[StudyTask], on_way: ensemble.OnWay
              ) -> Generator[tuple[int, Any], None, None]:  # fmt: skip
    """(index, result or Failure) of every task, in this machine's processes or on a cluster."""
    where = study.lead.scenario.executor
    if isinstance(where, Local):
        yield from ensemble.stream(run_study_task, tasks, workers=size.workers, on_way=on_way)
        return
    for index, result in cluster.stream(run_elsewhere, tasks, where):
        if not isinstance(result, Failure):
            result = ensemble.attempt(partial(take_in, tasks[index]), result, index)
        yield index, result


def settle(task: StudyTask, result: Any) -> None:
    """Keep the message of a task that broke as a whole; its finished runs are on the disk."""
    if isinstance(result, Failure):
        keep_lost(task, result.message, result.detail)
    failed = [arm for arm in task.arms if not is_done(task.folder, task.key(arm))]
    if failed:
        say(f"Failed, the others go on: {', '.join(failed)} in {task.circumstance.id}, draw "
            f"{task.draw}, replicate {task.replicate}, seed {task.seed}.")  # fmt: skip


def rules_of(study: Study) -> Rules:
    """How the study is judged."""
    controls = {one.id: one.control for one in study.circumstances}
    lead = study.lead.scenario
    return Rules(settings=lead.settings, study=lead.study,
                 drawn=lambda world, draw: drawn_parameters(controls[world], draw))  # fmt: skip


def facts_everywhere(study: Study) -> Facts:
    """Build every arm and read every table, so that nothing is refused half-way."""
    known: dict[str, Facts] = {}
    for one in study.circumstances:
        control = scenario_of(one.control)
        arms = [scenario_of(one.arm(point)) for point in one.points]
        keys = ("network", "platform", "platforms", "calendar", "start", "warmup_days", "days")
        name = canonical({key: one.control.values[key] for key in keys})
        if name not in known:
            known[name] = facts_of(control, *arms)
    return next(iter(known.values()))


def config_of(study: Study, plan: Plan, size: StudySize) -> dict[str, Any]:
    """config.yaml: the first circumstance in full; what the points change stands in plan.json."""
    first = study.circumstances[0]
    return {
        "control": dict(first.control.values), "warmup": dict(first.baseline.values["policy"]),
        "fixed": sorted(first.control.fixed), "axes": [one.as_dict() for one in plan.axes],
        "schedule": [list(one) for one in size.schedule],
    }  # fmt: skip


def _samples(study: Study) -> int:
    return study.lead.scenario.study.samples
