"""task=backcast: the first half of an imported past predicts the second, against the past repeated.

Where accounts.csv stands in the folder the simulator predicts too: a network whose activity and
media are those of the first half alone, run under the status quo with parameters drawn from their
priors; of these draws the quarter is kept whose posts are nearest to the first half's (mean of
log(1 + count) and share of zeros over all posts, each over its spread between draws): a rejection
sampler (Pritchard et al. 1999). Followers are those of the table, whatever its date.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.declared import with_values
from sim.door.arms import Arm, Comparison
from sim.door.build import scenario_of
from sim.door.job import announce
from sim.door.overrides import Request
from sim.door.own_data import refuse_policy
from sim.door.progress import progress, say
from sim.door.record import config_text, record
from sim.door.sizes import refuse_overlong, refuse_oversized, size_of
from sim.door.validate import sized
from sim.door.words import audience_words
from sim.door.worlds import WorldTask, tasks_of
from sim.errors import UserError, counted
from sim.exports.backcast import MEASURES, Prediction, Score, backcast, halves_of
from sim.exports.histories import History, cut, read_histories
from sim.provenance import utc_now
from sim.study import ensemble, store
from sim.study.ensemble import Failure
from sim.world.account_table import ALIASES, OPTIONAL, REQUIRED
from sim.world.table_checks import read_table

NAME = "backcast"
KEPT = 0.25  # of the draws
COLUMNS = {"retweets": "shares", "likes": "likes", "impressions": "impressions"}
SHORTEST = 14.0  # days of a past that has two halves worth the name
MEDIA = {"image_share": "has_image", "video_share": "has_video"}

Simulated = dict[str, dict[str, np.ndarray]]  # {measure: {account: counts}}


def run_backcast(request: Request, arm: Arm) -> int:
    """Predict, score, write, print; returns the exit code."""
    from sim.report.own_data import print_backcast

    refuse_policy(request)
    if not request.folder:
        raise UserError("task=backcast needs a folder: task=backcast data=results/import/...")
    data = Path(request.folder).expanduser()
    histories = read_histories(data)
    main = [one for one in histories if one.platform == histories[0].platform]
    if main[0].n_days < SHORTEST:
        raise UserError(
            f"'{data}' spans {main[0].n_days:.0f} days: a backcast needs {SHORTEST:.0f} or more."
        )
    folder = store.new_folder(Path(arm.settings.results), NAME)
    models: dict[str, dict[str, Prediction]] = {}
    remarks = ["The naive prediction repeats each account's own first half."]
    if (data / "accounts.csv").is_file() and main[0].platform == "twitter":
        models, told = simulated(arm, data, folder, main)
        remarks.append(told)
    else:
        remarks.append("The simulator was not asked: it needs an accounts.csv in the folder.")
    scores = backcast(main, models)
    if not scores:
        raise UserError(f"'{data}': fewer than two accounts posted five times in the first half.")
    card = card_of(folder, data, main, scores, remarks)
    store.write_json(folder / "backcast.json", card)
    print_backcast(card, scores)
    return 0


def card_of(
    folder: Path, data: Path, histories: Sequence[History], scores: Mapping[str, Sequence[Score]],
    remarks: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """What is written, as plain values."""
    first = next(iter(scores.values()))[0]
    return {
        "folder": str(folder), "data": str(data), "remarks": list(remarks),
        "setting": (
            f"{counted(len(histories), 'account')} on {histories[0].platform}, "
            f"{histories[0].n_days:.0f} days from {histories[0].start.isoformat()}; judged over "
            f"{counted(first.n_accounts, 'account')} with five posts or more in the first half, "
            f"{counted(first.n_posts, 'post')} of the second. Scores are of log(1 + count), less "
            "is better."
        ),
        "scores": {measure: [one.as_dict() for one in own] for measure, own in scores.items()},
    }  # fmt: skip


def simulated(
    arm: Arm, data: Path, folder: Path, histories: Sequence[History]
) -> tuple[dict[str, dict[str, Prediction]], str]:
    """{measure: {"model": prediction}} of the simulator, and what to know beside it."""
    table = folder / "accounts_first_half.csv"
    store.write_csv(table, *first_half_table(data / "accounts.csv", histories))
    half = int(histories[0].n_days // 2)
    own = sized(replace(arm, values=with_values(arm.values, {"network.table": str(table)})))
    days = min(own.settings.days, max(half, 7))
    own = replace(own, name=NAME, values=with_values(own.values, {"days": days}))
    comparison = Comparison(scenario=own, against=own, baseline=own)
    scenario = scenario_of(own)
    size = size_of(scenario, own.fixed, n_arms=1)
    refuse_oversized(size)
    refuse_overlong(size.seconds, size.workers)
    store.write_text(folder / "config.yaml", config_text(comparison, size))
    store.write_json(folder / "provenance.json", record(comparison, size, utc_now()))
    announce(comparison, size, "world")
    tasks = tasks_of(comparison, size.draws, size.replicates)
    with progress(len(tasks)) as advance:
        worlds = [found for _, found in ensemble.stream(
            posts_task, tasks, workers=size.workers, on_done=advance,
            on_way=advance.under_way)]  # fmt: skip
    for one in (one for one in worlds if isinstance(one, Failure)):
        say(f"Failed, the others go on: {one}.")
    ensemble.refuse_nothing(worlds)
    whole = [one for one in worlds if not isinstance(one, Failure)]
    kept = nearest_worlds(whole, histories)
    names = {one.account for one in histories}
    models: dict[str, dict[str, Prediction]] = {
        measure: {"model": {name: pooled([whole[k][measure].get(name) for k in kept])
                            for name in names
                            if any(name in whole[k][measure] for k in kept)}}
        for measure in MEASURES
    }  # fmt: skip
    return models, (
        f"The model: {counted(len(whole), 'world')} of {days} days under the status quo, of which "
        f"the {len(kept)} nearest to the first half predict. Audience: {audience_words(scenario)}; "
        "counts compare only where followers are modelled one to one."
    )


def first_half_table(path: Path, histories: Sequence[History]) -> tuple[list[str], list[list[str]]]:
    """The table of accounts with activity and media as the first half alone shows them."""
    table = read_table(path, REQUIRED, OPTIONAL, ALIASES)
    first = {one.account: cut(one, 0.0, math.floor(one.n_days / 2)) for one in histories}
    rows = []
    for row in table.rows:
        cells = dict(row.cells)
        if cells["name"] in first:
            one = first[cells["name"]]
            cells["posts_per_day"] = f"{max(one.n_posts, 0.5) / one.n_days:.4g}"
            for column, flag in MEDIA.items():
                known = one.counts.get(flag, np.zeros(0))
                has = len(known) > 0 and not np.isnan(known).any()
                cells[column] = f"{known.mean():.4g}" if has else cells.get(column, "")
        rows.append([cells.get(column, "") for column in table.columns])
    return list(table.columns), rows


def posts_task(task: WorldTask) -> Simulated:
    """One world of the status quo: the counts of every account's originals."""
    from sim.door.build import drawn_parameters
    from sim.simulate import simulate_world

    arm = task.comparison.scenario
    scenario = scenario_of(arm, drawn_parameters(arm, task.draw))
    (run,) = simulate_world([scenario], scenario, task.draw, task.replicate)
    accounts = run.posts["account"].astype(str)
    return {
        measure: {name: run.posts[column][accounts == name].astype(float)
                  for name in sorted(set(accounts.tolist()))}
        for measure, column in COLUMNS.items()
    }  # fmt: skip


def nearest_worlds(worlds: Sequence[Simulated], histories: Sequence[History]) -> list[int]:
    """The quarter of the worlds whose posts look most like those of the first half."""
    halves = {measure: halves_of(histories, measure) for measure in MEASURES}
    gaps = np.zeros(len(worlds))
    for measure, own in halves.items():
        known = [first for first, _ in own.values() if len(first)]
        if not known:
            continue
        wanted = pattern(np.concatenate(known))
        found = np.array([pattern(np.log1p(pooled(list(one[measure].get(name) for name in own),
                                                  False))) for one in worlds])  # fmt: skip
        spread = np.maximum(found.std(axis=0), 1e-6)
        gaps += (((found - wanted) / spread) ** 2).sum(axis=1)
    n = max(1, math.ceil(KEPT * len(worlds)))
    return sorted(np.argsort(gaps, kind="stable")[:n].tolist())


def pattern(logs: np.ndarray) -> np.ndarray:
    """Mean of log(1 + count), and the share of zeros."""
    return np.array([logs.mean(), (logs == 0).mean()]) if len(logs) else np.zeros(2)


def pooled(parts: Sequence[np.ndarray | None], logged: bool = True) -> np.ndarray:
    """Counts put together, as logarithms if asked."""
    known = [one for one in parts if one is not None]
    whole = np.concatenate(known) if known else np.zeros(0)
    return np.log1p(whole) if logged else whole
