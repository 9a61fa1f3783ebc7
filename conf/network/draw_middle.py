"""Draws the second network once: a fictitious ministry of middle size, and its publics.

    python conf/network/draw_middle.py            writes middle.csv and middle_markets.csv anew
    python conf/network/draw_middle.py FOLDER     writes them into FOLDER instead

Nothing in it is measured and no country in it exists: the ministry is that of Ruritania, publics
and languages carry letters and numbers, and every row is labelled fictitious. It shows that nothing
is built for one ministry. Figures come from the same published distributions as those of the
default network, keyed by name:

- followers of missions: quantiles (one per stratum) of a lognormal, median 700, log-sd 1.5 (C1),
  cut so that 4 of the 54 stand above 5,000 and 2 of these above 10,000 (C2: 5-12 % and 2-5 %);
- posts per day: quantiles of a lognormal with median 0.7, log-sd 1.4 (C15), leaning on followers;
- hours, tones, images, video, local language: the rules for gaps of the network's own options.
"""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import yaml

from sim.declared import split
from sim.world import impute
from sim.world.account_table import COLUMNS
from sim.world.impute import Imputation

HERE = Path(__file__).resolve().parent
HOME, HOME_LANGUAGE = "Ruritania", "Ruritanian"
# region: (number of publics, hours from UTC of the first and of the last)
PUBLICS = {"Europe": (16, 0, 3), "Americas": (8, -8, -3), "Asia": (9, 5, 9), "Africa": (8, 0, 3),
           "Middle East": (4, 2, 4), "Eurasia": (3, 3, 6)}  # fmt: skip
N_MISSIONS, N_MULTILATERAL, N_WITHOUT_ACCOUNT = 56, 4, 2
N_ABOVE_5K, N_ABOVE_10K = 2, 2  # between 5,000 and 10,000; above
N_RIVALS, N_RIVAL_MISSIONS, N_ALLIES, N_MEDIA = 3, 4, 1, 8
SHARE_ENGLISH = 0.2  # publics whose main language is the common one
DRAWN = "fictitious: drawn once by draw_middle.py"
LABEL = "fictitious"
SEED = "middle"
Line = dict[str, Any]


def default_script() -> ModuleType:
    """The script of the default network, whose drawing rules are used again."""
    spec = importlib.util.spec_from_file_location("draw_default", HERE / "draw_default.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DEFAULT = default_script()


def publics() -> list[Line]:
    """Home, then publics by region: weights lognormal, one language for about two publics."""
    lines = [market(HOME, "XR", "Europe", HOME_LANGUAGE, 1, "0.9")]
    for region, (n, west, east) in PUBLICS.items():
        names = [f"{region}, fictitious public {i:02d}" for i in range(1, n + 1)]
        keys = [f"{SEED} {name}" for name in names]
        sizes = 0.6 * np.exp(1.15 * impute.keyed_normals(keys, "weight"))
        weights = sorted(np.clip(sizes, 0.05, 8.0))
        common = impute.keyed_uniforms(keys, "common language") < SHARE_ENGLISH
        clocks = west + np.floor(impute.keyed_uniforms(keys, "clock") * (east - west + 1))
        for i, (name, weight) in enumerate(zip(names, weights[::-1], strict=True)):
            language = "English" if common[i] else f"{region} language {'ABCDEFGH'[i // 2]}"
            code = f"{DEFAULT.CODES[region]}X{i + 1}"
            lines.append(market(name, code, region, language, int(clocks[i]),
                                DEFAULT.rounded(float(weight))))  # fmt: skip
    return lines


def market(name: str, code: str, region: str, language: str, clock: int, weight: str) -> Line:
    """One line of middle_markets.csv."""
    return {"name": name, "code": code, "region": region, "language": language,
            "utc_offset_h": clock, "weight": weight, "weight_kind": "inferred"}  # fmt: skip


def missions(abroad: list[Line], rule: Imputation) -> list[Line]:
    """One mission a public, the others where publics are larger; a few have no account."""
    n = N_MISSIONS
    weights = np.array([float(one["weight"]) for one in abroad])
    steps = np.cumsum(np.sqrt(weights)) / np.sqrt(weights).sum()
    extra = DEFAULT.strata([f"{SEED} place {i}" for i in range(n - len(abroad))], "place")
    rows = sorted([*range(len(abroad)), *np.searchsorted(steps, extra).tolist()])
    slots = [f"{SEED} slot {i}" for i in range(n)]
    lonely = np.argsort(impute.keyed_uniforms(slots, "without account")).tolist()
    multilateral = set(lonely[:N_MULTILATERAL])
    without = set(lonely[N_MULTILATERAL : N_MULTILATERAL + N_WITHOUT_ACCOUNT])
    counted = [i for i in range(n) if i not in without]
    sizes = followers([slots[i] for i in counted], np.log(weights[[rows[i] for i in counted]]))
    figures = dict(zip(counted, sizes, strict=True))
    lines = []
    for i, row in enumerate(rows):
        kind = "multilateral" if i in multilateral else "mission"
        called = "multilateral mission" if kind == "multilateral" else "mission"
        line = account(f"{HOME}, {called} {i + 1:02d}", kind, abroad[row], figures.get(i))
        lines.append(line)
    DEFAULT.fill(lines, rule)
    return lines


def followers(names: list[str], log_weights: np.ndarray) -> list[float]:
    """Followers of the missions with an account, leaning on the size of their publics."""
    median, log_sd = DEFAULT.MEDIAN, DEFAULT.LOG_SD
    below_5k, below_10k, below_40k = (
        DEFAULT.share_below(limit, median, log_sd) for limit in (5_000, 10_000, 40_000)
    )
    n_large = N_ABOVE_5K + N_ABOVE_10K
    ordinary, larger, largest = (
        DEFAULT.strata(part, "followers")
        for part in (names[n_large:], names[:N_ABOVE_5K], names[N_ABOVE_5K:n_large])
    )
    parts = [ordinary * below_5k, below_5k + larger * (below_10k - below_5k),
             below_10k + largest * (below_40k - below_10k)]  # fmt: skip
    values = DEFAULT.lognormal_quantiles(np.concatenate(parts), median, log_sd)
    limits = np.repeat([[1, 4_999], [5_100, 9_999], [11_000, 40_000]],
                       [len(one) for one in parts], axis=0)  # fmt: skip
    values = np.clip(values, limits[:, 0], limits[:, 1])
    order = DEFAULT.leaning_order(log_weights, names, "rank by followers", DEFAULT.RANK_ON_MARKET)
    return [float(value) for value in values[order]]


def account(name: str, kind: str, place: Line, n_followers: float | None) -> Line:
    """One line of middle.csv; what else stands in it follows."""
    here = n_followers is not None
    return {"name": name, "kind": kind, "market": place["name"], "language": place["language"],
            "platforms": "twitter" if here else "none", "as_of": "2016", "source": DRAWN,
            "followers": DEFAULT.rounded(n_followers) if here else "",
            "measured": LABEL}  # fmt: skip


def at_home(home: Line, rule: Imputation) -> list[Line]:
    """Headquarters and two officials' personal accounts."""
    lines = [account(f"{HOME}, headquarters", "headquarters", home, 24_000.0),
             account(f"{HOME}, official A, personal account", "official", home, 3_100.0),
             account(f"{HOME}, official B, personal account", "official", home, 800.0)]  # fmt: skip
    for line, pace in zip(lines, ("7.0", "1.5", "0.6"), strict=True):
        line["posts_per_day"] = pace
    DEFAULT.by_rule(lines, rule)
    return lines


def others(abroad: list[Line], rule: Imputation) -> list[Line]:
    """Three rival ministries, an ally, news media: rounded lognormals as in the default network."""
    def drawn(kind: str, names: list[str], places: list[Line]) -> list[Line]:
        lines: list[Line] = DEFAULT.background(kind, names, places, rule)
        return [{**line, "source": DRAWN, "measured": LABEL} for line in lines]

    letters = "KLM"[:N_RIVALS]
    heads = [f"Fictitious rival {letter}, headquarters" for letter in letters]
    seats = DEFAULT.placed(heads, abroad, 1.5)
    lines = drawn("rival headquarters", heads, seats)
    for letter, seat in zip(letters, seats, strict=True):
        names = [f"Fictitious rival {letter}, mission {i}" for i in range(1, N_RIVAL_MISSIONS + 1)]
        free = [one for one in abroad if one is not seat]
        lines += drawn("rival mission", names, DEFAULT.placed(names, free, 0.8))
    allies = [f"Fictitious ally {'NOP'[i]}, headquarters" for i in range(N_ALLIES)]
    lines += drawn("ally", allies, DEFAULT.placed(
        allies, [one for one in abroad if one not in seats], 1.5))  # fmt: skip
    media = [f"Fictitious news medium {i:02d}" for i in range(1, N_MEDIA + 1)]
    return lines + drawn("media", media, DEFAULT.placed(media, abroad, 1.0))


def draw(rule: Imputation) -> tuple[list[Line], list[Line]]:
    """All lines of middle_markets.csv and of middle.csv."""
    markets = publics()
    home, abroad = markets[0], markets[1:]
    return markets, [*at_home(home, rule), *missions(abroad, rule), *others(abroad, rule)]


def write(path: Path, columns: tuple[str, ...], lines: list[Line]) -> None:
    """Write a table with the same bytes everywhere."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def main(folder: Path) -> None:
    """Draw both tables into a folder."""
    tree = yaml.safe_load((HERE / "middle.yaml").read_text(encoding="utf-8"))
    rule = Imputation(**split(tree)[0]["imputation"])
    markets, accounts = draw(rule)
    write(folder / "middle_markets.csv", DEFAULT.MARKET_COLUMNS, markets)
    write(folder / "middle.csv", COLUMNS, accounts)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
