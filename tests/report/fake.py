"""Results that look real and are not: summaries and tables for the tests of the reports."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.measures import MEASURES
from sim.report.context import Context
from sim.study.ranks import summarise_ranks
from sim.study.tables import COLUMNS

BASE = {  # measure: (level under the base arm, relative effect, noise between worlds)
    "hours": (38_400.0, 0.0, 0.0), "posts": (15_210.0, -0.118, 0.02),
    "impressions": (12_400_000.0, 0.06, 0.08), "unique_reach": (1_030_000.0, 0.024, 0.05),
    "target_reach": (398_000.0, 0.031, 0.06), "frequent_reach": (152_000.0, 0.082, 0.07),
    "share_of_voice": (0.123, 0.011, 0.04), "reach_per_hour": (10.4, 0.031, 0.06),
    "shares": (27_300.0, 0.19, 0.35), "hostile_shares": (1_900.0, 0.14, 0.25),
    "likes": (96_000.0, 0.16, 0.3), "followers_gained": (4_120.0, 0.22, 0.2),
    "first_frame_share": (0.084, -0.15, 0.05), "backlash": (0.42, 0.07, 0.1),
    "favourability_shift": (0.0021, 0.25, 0.6), "polarisation": (0.0009, 0.01, 0.7),
}  # fmt: skip
KINDS = ("headquarters", "mission", "multilateral", "official", "rival", "ally", "media")
GIVEN = ("Headquarters", "NATO", "United Kingdom", "United States", "Japan", "United Nations")
REGIONS = ("Europe", "Africa", "Asia", "Latin America", "Middle East")


@dataclass(frozen=True, kw_only=True)
class Fake:
    summary: dict[str, Any]
    daily: dict[str, np.ndarray]
    runs: dict[str, np.ndarray]
    accounts: dict[str, np.ndarray]
    ranks: dict[str, np.ndarray]
    context: Context


def fake(*, worlds: int = 32, days: int = 90, scenario: str = "proactive", size: float = 1.0,
         same: bool = False, n_measures: int | None = None, long_names: bool = False,
         seed: int = 7) -> Fake:  # fmt: skip
    """A whole fake result; `same` makes both arms equal, "silent" empties the tested one."""
    rng = np.random.default_rng(seed)
    values = draw_values(rng, worlds, scenario, size, same)
    summary = summary_of(values, worlds, days, scenario, n_measures)
    ranks = ranks_of(worlds, scenario, long_names)
    summary["ranks"] = summarise_ranks(ranks, scenario)
    return Fake(
        summary=summary, ranks=ranks, daily=daily_of(rng, values, days, scenario),
        runs=runs_of(values, scenario),
        accounts=accounts_of(rng, worlds, scenario, size, same, long_names),
        context=context_of(worlds, days),
    )  # fmt: skip


def draw_values(
    rng: np.random.Generator, worlds: int, scenario: str, size: float, same: bool
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """(base, tested) per world of every measure."""
    values = {}
    for name, (level, effect, noise) in BASE.items():
        scaled = size if level > 100 and name != "hours" and name != "posts" else 1.0
        base = level * scaled * np.exp(0.3 * rng.standard_normal(worlds) * (noise > 0))
        ratio = 1 + effect + noise * rng.standard_normal(worlds)
        tested = base if same else base * ratio
        if scenario == "silent":
            tested = np.zeros(worlds)
        values[name] = (base, tested)
    return values


def block(values: np.ndarray, worlds: int) -> dict[str, float | None]:
    mean, half = float(values.mean()), 2 * float(values.std()) / max(1, worlds) ** 0.5
    return {"mean": mean, **ends(mean, half, worlds, "lo", "hi")}


def ends(mean: float, half: float, worlds: int, lo: str, hi: str) -> dict[str, float | None]:
    return {lo: mean - half, hi: mean + half} if worlds > 1 else {lo: None, hi: None}


def entry_of(pair: tuple[np.ndarray, np.ndarray], measure: Any, worlds: int) -> dict[str, Any]:
    base, tested = pair
    gap = tested - base
    mean, spread = float(gap.mean()), float(gap.std()) / worlds**0.5
    level = float(base.mean())
    sign = -1 if measure.better == "lower" else 1
    entry: dict[str, Any] = {
        "stage": measure.stage, "label": measure.label, "unit": measure.unit,
        "better": measure.better, "scenario": block(tested, worlds),
        "against": block(base, worlds),
        "difference": {
            "mean": mean, **ends(mean, 3 * spread, worlds, "lo", "hi"),
            "relative": mean / level if level > 0 else None,
            **ends(mean, 1.6 * spread, worlds, "mc_lo", "mc_hi"),
        },
        "p_better": float((sign * gap > 0).mean()) if worlds > 1 else None,
        "wins": int((sign * gap > 0).sum()), "verdict": None,
    }  # fmt: skip
    if worlds > 1:
        entry["luck"] = {"share": 0.2, "lo": 0.1, "hi": 0.4}
    entry["verdict"] = verdict_of(entry, sign, worlds) if measure.better != "none" else None
    return entry


def verdict_of(entry: dict[str, Any], sign: int, worlds: int) -> str | None:
    gap, level = entry["difference"], entry["against"]["mean"]
    if worlds <= 1:
        return None
    low, high = sorted((sign * gap["lo"] / level, sign * gap["hi"] / level))
    if low >= -0.02 and high <= 0.02:
        return "equivalent"
    if low > 0 and sign * gap["mean"] / level > 0.02:
        return "better"
    return "worse" if high < 0 and sign * gap["mean"] / level < -0.02 else "too close to call"


def summary_of(
    values: dict[str, Any], worlds: int, days: int, scenario: str, n_measures: int | None
) -> dict[str, Any]:
    measures = {
        one.name: entry_of(values[one.name], one, worlds) for one in MEASURES if one.name in values
    }
    if worlds > 1:
        drop_interval(measures["likes"])
        measures["favourability_shift"]["note"] = "Transient part after 90 days included"
    names = list(measures)
    for extra in range(max(0, (n_measures or len(names)) - len(names))):
        source = names[extra % len(names)]
        measures[f"{source}_{extra}"] = {
            **measures[source],
            "label": f"{measures[source]['label']}, abroad, own citizens apart",
        }
    kept = dict(list(measures.items())[: n_measures or len(measures)])
    return {
        "scenario": scenario, "against": "status_quo", "worlds": worlds,
        "draws": max(1, worlds // 2), "days": days, "objective": "target_reach", "measures": kept,
    }  # fmt: skip


def drop_interval(entry: dict[str, Any]) -> None:
    """What the study does where an interval cannot be honest."""
    for end in ("lo", "hi", "mc_lo", "mc_hi"):
        entry["difference"][end] = None
    entry["verdict"], entry["p_better"] = None, None
    entry["why_no_interval"] = "one world holds more than half of the total"


def columns(rows: list[tuple[Any, ...]], names: tuple[str, ...]) -> dict[str, np.ndarray]:
    by_column = zip(*rows, strict=True)
    return {name: np.array(column) for name, column in zip(names, by_column, strict=True)}


def daily_of(
    rng: np.random.Generator, values: dict[str, Any], days: int, scenario: str
) -> dict[str, np.ndarray]:
    """Cumulative reach, which slows as the same people are met again."""
    rows: list[tuple[Any, ...]] = []
    shape = 1 - np.exp(-np.linspace(0.05, 2.5, days))
    for arm, column in (("status_quo", 0), (scenario, 1)):
        for name in ("target_reach", "unique_reach"):
            for world, last in enumerate(values[name][column]):
                steps = np.random.default_rng(world).gamma(2.0, 1.0, days)
                path = shape * np.cumsum(steps) / np.cumsum(steps)[-1] / shape[-1]
                path = np.maximum.accumulate(0.5 * path + 0.5 * shape / shape[-1]) * last
                rows += [(arm, world, day, name, float(path[day])) for day in range(days)]
    return columns(rows, ("scenario", "world", "day", "measure", "value"))


def runs_of(values: dict[str, Any], scenario: str) -> dict[str, np.ndarray]:
    rows = [
        (arm, world, name, "all", float(value))
        for arm, column in (("status_quo", 0), (scenario, 1))
        for name, pair in values.items()
        for world, value in enumerate(pair[column])
    ]
    return columns(rows, ("scenario", "world", "measure", "group", "value"))


def account_names(n: int, long_names: bool) -> list[str]:
    names = list(GIVEN) + [
        f"Mission {number:03d}, {REGIONS[number % 5]}, mid-size" for number in range(n - len(GIVEN))
    ]
    if long_names:
        names = [f"{name}, permanent delegation to an organisation of long name" for name in names]
    return names


def accounts_of(rng: np.random.Generator, worlds: int, scenario: str, size: float, same: bool,
                long_names: bool) -> dict[str, np.ndarray]:  # fmt: skip
    n = 60
    names = account_names(n, long_names)
    kinds = ["headquarters", "multilateral"] + ["mission"] * (n - 3) + ["rival"]
    level = size * 60_000 * np.exp(-0.09 * np.arange(n)) * np.exp(0.2 * rng.standard_normal(n))
    gain = np.exp(0.15 * rng.standard_normal(n))
    rows: list[tuple[Any, ...]] = []
    for arm in ("status_quo", scenario):
        effect = np.ones(n) if same or arm == "status_quo" else gain * (arm != "silent")
        for world in range(worlds):
            noise = np.exp(0.2 * np.random.default_rng([world, 1]).standard_normal(n))
            own = np.exp(0.1 * np.random.default_rng([world, 2]).standard_normal(n))
            own = np.ones(n) if same or arm == "status_quo" else own
            reach = level * effect * noise * own
            rows += [
                (arm, world, names[i], kinds[i], i < len(GIVEN), 3_000, 3_100, 120, 20, 60.0, 150.0,
                 8 * reach[i], reach[i], 100.0, 5.0, 300.0)
                for i in range(n)
            ]  # fmt: skip
    return columns(rows, (
        "scenario", "world", "account", "kind", "measured", "followers_start", "followers_end",
        "joined", "left", "posts", "hours", "impressions", "unique_reach", "shares",
        "hostile_shares", "likes",
    ))  # fmt: skip


def ranks_of(worlds: int, scenario: str, long_names: bool) -> dict[str, np.ndarray]:
    """Five ministries and sixty missions: the measured giant, a real one of published rank only."""
    n, rows = 60, []
    names = account_names(n, long_names)
    labels = ["measured", "measured", "rank measured, value inferred"] + ["inferred"] * (n - 3)
    for arm in dict.fromkeys(("status_quo", scenario)):
        for world in range(worlds):
            luck = np.random.default_rng([world, 3])
            posts = 0 if arm == "silent" else 20
            for k, owner in enumerate(("The ministry", *(f"Rival ministry {c}" for c in "ABCD"))):
                side = "rival" if k else "ours"
                rows.append((arm, world, "ministry", owner, "ministry", owner, side, "inferred",
                             9_000 - k, posts, 500, 400 + k, 30 * posts * (k + 1), 0, 0, 0))
            for i in range(n):
                shares = int(posts * np.exp(luck.normal(-0.01 * i, 1.0)) * (i > 0))
                rows.append((arm, world, "account", names[i], "mission", "The ministry", "ours",
                             labels[i], 652_000 // (i + 1), posts * (i < n - 1), 900 - i, 700 - i,
                             shares, 0, 0, 0))  # fmt: skip
    return columns(rows, tuple(COLUMNS["ranks"]))


def context_of(worlds: int, days: int) -> Context:
    return Context(
        question="Would planning ahead reach more of the public abroad than answering the news?",
        scenario_sentence="proactive posture, the table's tone mix, 2,980 hours a week (78 FTE)",
        against_sentence="mixed posture (20 % proactive), the table's tone mix, 2,980 hours a week "
        "(78 FTE)",
        network="243 posts abroad, published figures where they exist", network_date="2016",
        audience="2.64 M people, one to one", platform="one Twitter-like platform",
        platform_era="2012-22", start=dt.date(2016, 3, 1), days=days, seed=1,
        folder="results/proactive/20260726T101112-a1b2c3/",
        fairness="Both arms spend the same hours per account and week within 2 % (fair=hours)",
        imputed=("hours imputed for 231 of 243 accounts", "tone mix imputed for 238 of 243"),
        assumed=tuple(f"opinion.effect_{number}" for number in range(18)),
        provisional=1 < worlds < 16,
    )  # fmt: skip
