"""Draws the default network once: the inferred rows of default.csv and markets.csv.

    python conf/network/draw_default.py            writes both files anew, byte for byte the same
    python conf/network/draw_default.py FOLDER     writes them into FOLDER instead

Measured rows are written below as facts with their source. Everything else is drawn, keyed by name,
so that the draw has one outcome on every machine; drawn figures are rounded to two digits.

- Followers of ordinary missions: quantiles (one per stratum) of a lognormal with median 700 and
  log-sd 1.5 (C1), cut so that exactly nine stand between 5,000 and 10,000 and all others below
  5,000 (S0); the order in which missions get them leans on the size of their public (rank 0.5).
- The four named missions above 10,000 whose order alone is published: quantiles of the same
  distribution between 10,000 and the 46,600 of the one above them.
- Posts per day: quantiles of a lognormal with median 0.7 and log-sd 1.4 (C15), leaning on followers
  (rank 0.3). Hours, tones, images, video, local language: the rules for gaps in default.yaml.
- Publics without a country's name: weights lognormal (median 0.6 million, log-sd 1.15); language
  and clock those of some country of the region, larger ones more often. One mission stands in
  each, the others where publics are larger.
- Rival and allied ministries and news media: rounded lognormals, see BACKGROUND; the posts per day
  of media are those on the ministry's topics, not all they publish.

- Presences on other platforms, each a row of its own after all others, inferred: which numbered
  missions, rivals, allies and media are there, and with how many followers, see ELSEWHERE. Missions
  stay below 150 on Instagram (S0). Telegram and VK are drawn where a public's language makes them
  likely, Weibo before Chinese-speaking publics only.

A named real mission carries no drawn figure but the followers said above: its activity, tones and
shares stay empty, and are filled by the rule for gaps when the table is read, as in a user's table.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sim.declared import split
from sim.world import impute
from sim.world.account_table import COLUMNS, SHARE_COLUMNS, TONE_COLUMNS
from sim.world.impute import Imputation
from sim.world.markets import REGIONS

HERE = Path(__file__).resolve().parent
MARKET_COLUMNS = ("name", "code", "region", "language", "utc_offset_h", "weight", "weight_kind")
N_POSTS_ABROAD, N_WITHOUT_ACCOUNT, N_MULTILATERAL = 243, 12, 12
N_MARKETS = {"Europe": 30, "Americas": 26, "Asia": 20, "Africa": 36, "Middle East": 12,
             "Eurasia": 9, "Oceania": 5}  # fmt: skip
CODES = dict(zip(REGIONS, ("EU", "AM", "AS", "AF", "ME", "EA", "OC"), strict=True))
MEDIAN, LOG_SD = 700.0, 1.5
N_ABOVE_5K = 9
RANK_ON_MARKET, RANK_ON_FOLLOWERS = 0.5, 0.3
SIZES = ((250, "small"), (1_500, "mid-size"), (10**9, "large"))
HOME = "Russia"
NAMED_MARKETS = ("United Kingdom", "Japan", "United States", "Turkey", "Belgium")
# kind: (median followers, log-sd, lowest, highest, median posts a day, log-sd, lowest, highest)
BACKGROUND = {
    "rival headquarters": (25_000, 0.6, 10_000, 100_000, 6.0, 0.4, 2.0, 12.0),
    "rival mission": (2_500, 1.0, 100, 20_000, 1.8, 0.8, 0.1, 10.0),
    "ally": (30_000, 0.4, 15_000, 60_000, 5.0, 0.3, 2.0, 10.0),
    "media": (30_000, 0.6, 20_000, 200_000, 2.2, 0.4, 1.0, 6.0),
}
N_RIVALS, N_RIVAL_MISSIONS, N_ALLIES, N_MEDIA = 8, 12, 3, 30
# platform: {kind: (share of accounts there, median followers, log-sd, highest)}
ELSEWHERE = {
    "facebook": {"mission": (0.55, 900, 1.4, 60_000), "rival": (0.7, 4_000, 1.5, 300_000),
                 "ally": (1.0, 30_000, 0.6, 100_000), "media": (0.9, 60_000, 1.0, 500_000)},
    "instagram": {"mission": (0.15, 60, 0.6, 149), "rival": (0.25, 500, 1.5, 40_000),
                  "media": (0.3, 10_000, 1.2, 100_000)},
    "youtube": {"mission": (0.10, 80, 1.2, 5_000), "rival": (0.2, 300, 1.3, 10_000),
                "media": (0.7, 15_000, 1.2, 200_000)},
    "telegram": {"mission": (0.6, 200, 1.0, 2_299), "rival": (0.3, 200, 1.0, 2_299),
                 "media": (0.5, 5_000, 1.2, 60_000)},
    "vk": {"mission": (0.6, 250, 1.2, 10_000), "rival": (0.2, 250, 1.2, 5_000),
           "media": (0.4, 5_000, 1.2, 60_000)},
    "weibo": {"mission": (1.0, 3_000, 1.0, 60_000), "rival": (0.7, 3_000, 1.2, 200_000),
              "media": (0.5, 20_000, 1.2, 200_000)},
}  # fmt: skip
# platforms that are drawn before publics of these languages, or regions, only
WHERE = {
    "telegram": ("Persian", "Russian", "Uzbek", "Kazakh", "Eurasia"),
    "vk": ("Russian", "Ukrainian", "Kazakh", "Eurasia"),
    "weibo": ("Chinese",),
}
DRAWN = "inferred: drawn once by draw_default.py"
RANKED = "S0: above 10,000, rank among missions; value drawn by draw_default.py"
Line = dict[str, Any]


def rounded(value: float, digits: int = 2) -> str:
    """A drawn figure with two significant digits, rounded down so that limits hold."""
    if value <= 0:
        return "0"
    step = 10.0 ** (math.floor(math.log10(value) + 1e-9) - digits + 1)
    number = math.floor(value / step + 1e-6) * step
    return f"{number:.0f}" if step >= 1 else f"{number:.{-round(math.log10(step))}f}"


def strata(names: Sequence[str], what: str) -> np.ndarray:
    """One uniform per stratum of (0, 1), in rising order, jittered by the names' draws."""
    return np.asarray((np.arange(len(names)) + impute.keyed_uniforms(names, what)) / len(names))


def lognormal_quantiles(u: np.ndarray, median: float, log_sd: float) -> np.ndarray:
    """Quantiles of a lognormal."""
    from scipy.special import ndtri

    return np.asarray(median * np.exp(log_sd * ndtri(u)))


def share_below(value: float, median: float, log_sd: float) -> float:
    """Distribution function of a lognormal."""
    return 0.5 * math.erfc(-math.log(value / median) / (log_sd * math.sqrt(2)))


def leaning_order(scores: np.ndarray, names: Sequence[str], what: str, rank: float) -> np.ndarray:
    """An order of the names, from low to high, that leans on scores with the given correlation."""
    standard = (scores - scores.mean()) / scores.std()
    mixed = rank * standard + math.sqrt(1 - rank**2) * impute.keyed_normals(names, what)
    return np.argsort(np.argsort(mixed, kind="stable"), kind="stable")


def neutral_markets(real: list[Line]) -> list[Line]:
    """Publics without a country's name: the largest of a region is its 01."""
    lines = []
    for region, n in N_MARKETS.items():
        labels = [f"{region} public {i}" for i in range(n)]
        normals = impute.keyed_normals(labels, "weight")
        weights = sorted(np.clip(0.6 * np.exp(1.15 * normals), 0.05, 12), reverse=True)
        donors = [
            one
            for one in real
            if one["region"] == region and one["name"] not in (*NAMED_MARKETS, HOME)
        ]
        shares = np.cumsum([math.sqrt(float(one["weight"])) for one in donors])
        picks = impute.keyed_uniforms(labels, "language and clock") * shares[-1]
        for i, (weight, pick) in enumerate(zip(weights, picks, strict=True), start=1):
            donor = donors[int(np.searchsorted(shares, pick))]
            lines.append(
                {
                    "name": f"{region} {i:02d}",
                    "code": f"{CODES[region]}{i:02d}",
                    "region": region,
                    "language": donor["language"],
                    "utc_offset_h": donor["utc_offset_h"],
                    "weight": rounded(weight),
                    "weight_kind": "inferred",
                }
            )
    return lines  # fmt: skip


def posts_abroad(markets: list[Line], rule: Imputation) -> list[Line]:
    """The drawn missions: one a public, the rest where publics are larger; some have no account."""
    n_named = len(MEASURED_MISSIONS) + len(RANKED_MISSIONS)
    n_multilateral = N_MULTILATERAL - 2
    n = N_POSTS_ABROAD - n_named
    places = [market["name"] for market in markets]
    weights = np.array([float(market["weight"]) for market in markets])
    steps = np.cumsum(np.sqrt(weights)) / np.sqrt(weights).sum()
    extra = strata([f"place {i}" for i in range(n - len(places))], "place")
    rows = sorted([*range(len(places)), *np.searchsorted(steps, extra).tolist()])
    slots = [f"slot {i}" for i in range(n)]
    lonely = np.argsort(impute.keyed_uniforms(slots, "without account"))
    multilateral = set(lonely[:n_multilateral].tolist())
    without = set(lonely[n_multilateral : n_multilateral + N_WITHOUT_ACCOUNT].tolist())
    counted = [i for i in range(n) if i not in without]
    figures = dict(zip(counted, followers(counted, slots, np.log(weights[rows])), strict=True))
    lines, seen = [], {"mission": 0, "multilateral": 0}
    for i, row in enumerate(rows):
        kind = "multilateral" if i in multilateral else "mission"
        seen[kind] += 1
        size = "no account" if i in without else size_of(figures[i])
        called = f"{kind.capitalize()} mission" if kind == "multilateral" else "Mission"
        lines.append(
            {
                "name": f"{called} {seen[kind]:03d}, {markets[row]['region']}, {size}",
                "kind": kind,
                "market": places[row],
                "language": markets[row]["language"],
                "platforms": "none" if i in without else "twitter",
                "as_of": "2016",
                "followers": "" if i in without else rounded(figures[i]),
                "source": DRAWN + " (S0, C1, C2, C15)",
                "measured": "inferred",
            }
        )
    fill(lines, rule)
    return lines  # fmt: skip


def followers(counted: list[int], slots: list[str], log_weights: np.ndarray) -> list[float]:
    """Followers of the drawn missions with an account, leaning on the size of their publics."""
    names = [slots[i] for i in counted]
    below_5k, below_10k = (share_below(limit, MEDIAN, LOG_SD) for limit in (5_000, 10_000))
    ordinary = strata(names[N_ABOVE_5K:], "followers") * below_5k
    larger = below_5k + strata(names[:N_ABOVE_5K], "followers") * (below_10k - below_5k)
    values = lognormal_quantiles(np.concatenate([ordinary, larger]), MEDIAN, LOG_SD)
    values[:-N_ABOVE_5K] = np.minimum(values[:-N_ABOVE_5K], 4_999)
    values[-N_ABOVE_5K:] = np.clip(values[-N_ABOVE_5K:], 5_100, 9_999)
    order = leaning_order(log_weights[counted], names, "rank by followers", RANK_ON_MARKET)
    return [float(value) for value in values[order]]


def size_of(n_followers: float) -> str:
    """The word for a mission's size in its name."""
    return next(word for limit, word in SIZES if n_followers < limit)


def fill(lines: list[Line], rule: Imputation) -> None:
    """Activity of drawn missions by strata, and all other columns by the rule for gaps."""
    here = [line for line in lines if line["platforms"] == "twitter"]
    names = [line["name"] for line in here]
    logs = np.log([float(line["followers"]) for line in here])
    rates = lognormal_quantiles(strata(names, "activity"), rule.posts_per_day_median,
                                rule.posts_per_day_log_sd)  # fmt: skip
    rates = np.minimum(rates, rule.posts_per_day_max)
    order = leaning_order(logs, names, "rank by activity", RANK_ON_FOLLOWERS)
    for line, rate in zip(here, rates[order], strict=True):
        line["posts_per_day"] = f"{max(rate, 0.01):.2f}"
    by_rule(here, rule)


def by_rule(lines: list[Line], rule: Imputation) -> None:
    """Hours, tones and shares of lines whose posts per day stand, by the rule for gaps."""
    names = [line["name"] for line in lines]
    prices, mixes = impute.hours_per_post(names, rule), impute.tone_mixes(names, rule)
    for line, price, mix in zip(lines, prices, mixes, strict=True):
        line["hours_per_week"] = f"{max(7 * float(line['posts_per_day']) * price, 0.1):.1f}"
        hundredths = [round(100 * share) for share in mix[1:]]
        line.update(
            zip(
                TONE_COLUMNS,
                [f"{share / 100:.2f}" for share in (100 - sum(hundredths), *hundredths)],
                strict=True,
            )
        )
    for column in SHARE_COLUMNS:
        spread = getattr(rule, column.removesuffix("share") + "log_odds_sd")
        values = impute.shares(names, column, getattr(rule, column), spread)
        for line, value in zip(lines, values, strict=True):
            line[column] = f"{value:.2f}"  # fmt: skip


def ranked_missions() -> list[Line]:
    """The four above 10,000 whose order is published and whose figures are not."""
    names = [name for name, *_ in RANKED_MISSIONS]
    low, high = (share_below(limit, MEDIAN, LOG_SD) for limit in (10_000, 46_600))
    u = low + strata(names, "followers") * (high - low)
    values = np.maximum(lognormal_quantiles(u, MEDIAN, LOG_SD)[::-1], 11_000)
    return [{"name": name, "kind": kind, "market": market, "language": language,
             "platforms": "twitter", "followers": rounded(value), "as_of": "2016",
             "source": RANKED, "measured": "rank measured, value inferred"}
            for (name, kind, market, language), value in zip(RANKED_MISSIONS, values, strict=True)
            ]  # fmt: skip


def background(kind: str, names: list[str], places: list[Line], rule: Imputation) -> list[Line]:
    """Rivals, allies or media: names, where they stand, and figures from BACKGROUND."""
    median, log_sd, low, high, pace, pace_sd, slowest, fastest = BACKGROUND[kind]
    sizes = np.clip(median * np.exp(log_sd * impute.keyed_normals(names, "followers")), low, high)
    paces = np.clip(pace * np.exp(pace_sd * impute.keyed_normals(names, "pace")), slowest, fastest)
    lines = [
        {"name": name, "kind": kind.split()[0], "market": place["name"],
         "language": place["language"], "platforms": "twitter", "followers": rounded(size),
         "as_of": "2016", "posts_per_day": f"{rate:.1f}", "source": DRAWN, "measured": "inferred"}
        for name, place, size, rate in zip(names, places, sizes, paces, strict=True)
    ]  # fmt: skip
    by_rule(lines, rule)
    return lines


def placed(names: list[str], candidates: list[Line], power: float) -> list[Line]:
    """A place for each name: keyed, in proportion to a power of the weight, none twice."""
    left, chosen = list(candidates), []
    for name in names:
        weights = np.array([float(market["weight"]) for market in left]) ** power
        u = impute.keyed_uniforms([f"{name} {market['name']}" for market in left], "place")
        chosen.append(left.pop(int(np.argmin(-np.log(u) / weights))))
    return chosen


def others(real: list[Line], neutral: list[Line], rule: Imputation) -> list[Line]:
    """Rival ministries with their missions, allied ministries, news media."""
    named = [one for one in real if one["name"] in (*NAMED_MARKETS[:4], HOME)]
    letters = "ABCDEFGHIJ"
    heads = [f"Rival ministry {letters[i]}, headquarters" for i in range(N_RIVALS)]
    seats = placed(heads, neutral, 1.5)
    lines = background("rival headquarters", heads, seats, rule)
    for letter, seat in zip(letters, seats, strict=False):
        names = [
            f"Rival ministry {letter}, mission {i:02d}" for i in range(1, N_RIVAL_MISSIONS + 1)
        ]
        abroad = [one for one in (*named, *neutral) if one is not seat]
        lines += background("rival mission", names, placed(names, abroad, 0.8), rule)
    allies = [f"Allied ministry {letters[i]}, headquarters" for i in range(N_ALLIES)]
    free = [one for one in neutral if one not in seats]
    lines += background("ally", allies, placed(allies, free, 1.5), rule)
    labels = [f"medium {i}" for i in range(1, N_MEDIA + 1)]
    seats = placed(labels, [*named, *neutral], 1.0)
    seats.sort(key=lambda one: (REGIONS.index(one["region"]), one["name"]))
    names = [f"News medium {i:02d}, {seat['region']}" for i, seat in enumerate(seats, start=1)]
    return lines + background("media", names, seats, rule)


MEASURED_MISSIONS: list[Line] = [
    {"name": "Mission to NATO", "kind": "multilateral", "market": "Belgium", "language": "English",
     "platforms": "twitter", "followers": "652000", "source": "S0"},
    {"name": "Embassy in the United Kingdom", "kind": "mission", "market": "United Kingdom",
     "language": "English", "platforms": "twitter", "followers": "46600", "source": "S0"},
    {"name": "Embassy in China", "kind": "mission", "market": "China", "language": "Chinese",
     "platforms": "weibo", "source": "S0: absent from Twitter, on Weibo, tenth among embassies"},
    {"name": "Embassy in Kuwait", "kind": "mission", "market": "Kuwait", "language": "Arabic",
     "platforms": "instagram", "followers": "1200",
     "source": "S0: Instagram; its figure on Twitter is not in our documents"},
]  # fmt: skip
RANKED_MISSIONS = [
    ("Embassy in Japan", "mission", "Japan", "Japanese"),
    ("Embassy in the United States", "mission", "United States", "English"),
    ("Mission to the United Nations", "multilateral", "United States", "English"),
    ("Embassy in Turkey", "mission", "Turkey", "Turkish"),
]
HEADQUARTERS: list[Line] = [
    {
        "platforms": "twitter",
        "followers": "80000",
        "posts_per_day": "12.0",
        "measured": "inferred",
        "source": "inferred: order of magnitude; its figure on Twitter is not in our documents",
    },
    {"platforms": "instagram", "followers": "38100", "measured": "measured", "source": "S0"},
    {"platforms": "telegram", "followers": "2300", "measured": "measured", "source": "S0"},
    *({"platforms": name, "followers": followers, "measured": "inferred",
       "source": f"inferred: order of magnitude; its figure on {name} is not in our documents"}
      for name, followers in (("facebook", "90000"), ("youtube", "15000"), ("vk", "30000"))),
]
OFFICIALS: list[Line] = [
    {"name": f"Official {letter}, personal account", "followers": count, "posts_per_day": pace}
    for letter, count, pace in (("A", "1400", "2.0"), ("B", "700", "1.0"), ("C", "400", "1.0"))
]


def at_home(rule: Imputation) -> list[Line]:
    """Headquarters on its platforms, and officials' personal accounts."""
    home = {"market": HOME, "language": "Russian"}
    head = [{"name": "Headquarters", "kind": "headquarters", "as_of": "2016", **home, **line}
            for line in HEADQUARTERS]  # fmt: skip
    officials = [
        {"kind": "official", "platforms": "twitter", "as_of": "2012", "measured": "inferred",
         "source": "S2: 2,500 followers together; the split is inferred", **home, **line}
        for line in OFFICIALS
    ]  # fmt: skip
    by_rule([head[0], *officials], rule)
    return head + officials


def elsewhere(lines: list[Line], markets: list[Line]) -> list[Line]:
    """Rows of numbered accounts on other platforms; whose name is a real mission's has none."""
    regions = {market["name"]: market["region"] for market in markets}
    found = []
    for platform, kinds in ELSEWHERE.items():
        where = WHERE.get(platform)
        for line in lines:
            kind = "mission" if line["kind"] == "multilateral" else line["kind"]
            if kind not in kinds or not is_neutral(line) or line["platforms"] != "twitter":
                continue
            if where and not {line["language"], regions[line["market"]]} & set(where):
                continue
            share, median, log_sd, highest = kinds[kind]
            if impute.keyed_uniforms([line["name"]], f"is on {platform}")[0] >= share:
                continue
            z = float(impute.keyed_normals([line["name"]], f"followers on {platform}")[0])
            value = min(max(median * math.exp(log_sd * z), 10.0), highest)
            found.append({name: line[name] for name in ("name", "kind", "market", "language")} | {
                "platforms": platform, "followers": rounded(value), "as_of": "2016",
                "source": DRAWN, "measured": "inferred"})  # fmt: skip
    return found


def is_neutral(line: Line) -> bool:
    """Whether a row's name names no real mission."""
    named = [one["name"] for one in MEASURED_MISSIONS] + [one[0] for one in RANKED_MISSIONS]
    return line["name"] not in named and line["kind"] not in ("headquarters", "official")


def draw(real: list[Line], rule: Imputation) -> tuple[list[Line], list[Line]]:
    """All lines of markets.csv and of default.csv."""
    neutral = neutral_markets(real)
    measured = [{"as_of": "2016", "measured": "measured", **line} for line in MEASURED_MISSIONS]
    missions = [*measured[:2], *ranked_missions(), *measured[2:], *posts_abroad(neutral, rule)]
    lines = [*at_home(rule), *missions, *others(real, neutral, rule)]
    return [*real, *neutral], [*lines, *elsewhere(lines, [*real, *neutral])]


def read_real(path: Path) -> list[Line]:
    """The countries of markets.csv: rows whose code has two letters and no digit."""
    with path.open(encoding="utf-8", newline="") as file:
        return [line for line in csv.DictReader(file) if line["code"].isalpha()]


def write(path: Path, columns: Sequence[str], lines: list[Line]) -> None:
    """Write a table with the same bytes everywhere."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def main(folder: Path) -> None:
    """Draw both tables into a folder."""
    tree = yaml.safe_load((HERE / "default.yaml").read_text(encoding="utf-8"))
    rule = Imputation(**split(tree)[0]["imputation"])
    markets, accounts = draw(read_real(HERE / "markets.csv"), rule)
    write(folder / "markets.csv", MARKET_COLUMNS, markets)
    write(folder / "default.csv", COLUMNS, accounts)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
