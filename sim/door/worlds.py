"""One world of a comparison as a task that any process can do: all arms, parameters drawn."""

from __future__ import annotations

from dataclasses import dataclass

from sim.door.arms import Comparison
from sim.door.build import drawn_parameters, scenario_of
from sim.run import Run


@dataclass(frozen=True, kw_only=True)
class WorldTask:
    """World (draw, replicate) of a comparison; plain data, so that it travels to any process."""

    comparison: Comparison
    draw: int
    replicate: int

    @property
    def seed(self) -> int:
        """The root of this world's luck, for a bug report."""
        return int(self.comparison.scenario.values["seed"])

    @property
    def like(self) -> int:
        """Worlds of one parameter draw take about as long."""
        return self.draw


def tasks_of(comparison: Comparison, draws: int, replicates: int) -> list[WorldTask]:
    """Every world of a comparison, replicates inside draws."""
    return [
        WorldTask(comparison=comparison, draw=draw, replicate=replicate)
        for draw in range(draws)
        for replicate in range(replicates)
    ]


def run_task(task: WorldTask) -> list[Run]:
    """[the tested arm's run, the other's] in one world."""
    from sim.simulate import simulate_world

    drawn = [
        scenario_of(arm, drawn_parameters(arm, task.draw)) for arm in task.comparison
    ]  # world keys have one value in all arms: draws are keyed by their names
    tested, against, baseline = drawn
    if tested == against:  # a scenario with itself: no difference, and half the work
        run, = simulate_world([tested], baseline, task.draw, task.replicate)
        return [run, run]
    return list(simulate_world([tested, against], baseline, task.draw, task.replicate))
