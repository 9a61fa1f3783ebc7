"""task=calibrate data=FOLDER: what a user's own imported past says of the parameters.

    1 read the tables that task=import wrote, or refuse them naming file, row and column
    2 each account's rates and shares, fitted together (sim/exports/refit.py)
    3 results/refit/...: accounts.csv, which network.table= takes, estimates.csv, refit.json
    4 a parameter of the world that the data measure by themselves and better than the prior does,
      as a value to set; all others by the reason why they stay as they are

    following.churn_per_month = unfollows over followers / (1 - share_dormant)

since followers who are never there do not leave either; the doubt about their share is added.

Nothing is run and nothing in conf/ changes. What was written is read back before it is reported.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.declared import get, with_values
from sim.door.arms import Arm
from sim.door.build import scenario_of
from sim.door.context import asked_of
from sim.door.facts import facts_of
from sim.door.overrides import Request
from sim.door.own_data import hours_per_post, refuse_policy
from sim.errors import UserError
from sim.exports import estimate
from sim.exports.estimate import Estimate, Z
from sim.exports.histories import History, read_histories
from sim.exports.refit import Usual, churn, likes_per_share, media_shares, together
from sim.study import store
from sim.study.joint import KEY
from sim.study.posterior import CALIBRATED
from sim.world.account_table import ALIASES, OPTIONAL, REQUIRED, read_accounts
from sim.world.markets import load_markets
from sim.world.table_checks import read_table

NAME = "refit"  # of the folder of results
FITTED = ("posts_per_day", "exposure")  # lognormal over accounts
COLUMNS = ("posts_per_day", "image_share", "video_share")  # of the table, that the posts tell
WORLD = {"likes_per_share": "sharing.likes_per_share",
         "churn_per_month": "following.churn_per_month"}  # fmt: skip
DORMANT = "following.share_dormant"
NOT_ITSELF = "a pattern (C7), not the parameter: below"
FOUR_SD = 4.0  # a declared range is two standard deviations either side
PLAIN = re.compile(r"[\w./:-]+")  # a path that needs no quotes
LEFT = {  # parameters that no export informs by itself, and why
    "visibility.* and people.visits_*": "views per follower are told, and visits, the feed, "
    "selection and dormant followers make them together: one number does not fix four",
    "following.share_dormant": "for the same reason; a platform's audit of an account goes into "
    "its dormant_share",
    "sharing.likes_per_share": "the ratio is measured, and is pattern C7; in the model's own posts "
    "it lies a tenth to a quarter below the parameter, since one person likes a post once and "
    "hostile re-shares bring no likes",
    "sharing.p0 and core.*": "no export tells re-shares by the loyal core from those by other "
    "viewers, and better posts have more views and more re-shares at once",
    "work.quality_log_sd": "the spread between posts mixes quality with who happened to see them "
    "and with cascades",
    "following.mean_age_years": "some weeks of joining say little of years",
    "work.* and hours": "no export knows hours: hours_per_week is worked out from the price list",
    "opinion.*": "no export knows what people think",
}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A parameter of the world that the data measure. ratio: their sd over the prior's."""

    key: str
    found: Estimate
    prior: tuple[float, float]  # the range that was thought plausible
    ratio: float | None
    why_not: str = ""

    @property
    def word(self) -> str:
        """As it would be typed."""
        return f"{self.key}={self.found.value:.4g}"


def run_refit(request: Request, arm: Arm) -> int:
    """Read, fit, write, report; returns the exit code."""
    from sim.report.refit import print_refit

    refuse_policy(request)
    refuse_contradictions(arm)
    data = Path(request.folder).expanduser()
    network = arm.values["network"]
    path = data / "accounts.csv"
    histories = read_histories(data)
    if not path.is_file():
        raise UserError(
            f"data='{data}' holds no accounts.csv: fill in followers, market and as_of in its "
            "accounts_to_complete.csv, put it beside the exports as accounts.csv, and import again."
        )
    markets = load_markets(network["markets"], network["home"])
    read_accounts(path, markets)
    main = [one for one in histories if one.platform == histories[0].platform]
    found, usual = fitted(main, arm)
    offers = offers_of(main, found, arm)
    header, rows, changed = table_of(path, main[0].platform, found)
    folder = store.new_folder(Path(arm.settings.results), NAME)
    store.write_csv(folder / "accounts.csv", header, rows)
    store.write_csv(folder / "estimates.csv", estimate.HEADER, estimate.rows(found))
    read_accounts(folder / "accounts.csv", markets)
    command = command_of(folder, main[0].platform, offers, arm)
    report = report_of(data, folder, main, usual, offers, changed, command)
    report["network"] = read_back(folder / "accounts.csv", main[0].platform, arm)
    store.write_json(folder / "refit.json", report)
    print_refit(report, found)
    return 0


def refuse_contradictions(arm: Arm) -> None:
    """What cannot be asked together with data=."""
    if arm.study.install:
        raise UserError("'study.install=true' installs a calibration against published patterns, "
                        "and data= refits accounts of your own: leave one out.")  # fmt: skip
    if "network.table" in arm.fixed:
        raise UserError("'network.table' is what task=calibrate data=FOLDER writes, from FOLDER's "
                        "own accounts.csv: leave it out.")  # fmt: skip


def fitted(histories: Sequence[History], arm: Arm) -> tuple[list[Estimate], list[Usual]]:
    """Every parameter of every account, those of FITTED drawn towards what is usual."""
    price = hours_per_post(arm.values["network"]["imputation"], arm.catalogue)
    single = [*estimate.estimates(histories, price), *media_shares(histories)]
    found: list[Estimate] = []
    usual: list[Usual] = []
    for name in dict.fromkeys(one.name for one in single):
        if name not in FITTED:
            found += [one for one in single if one.name == name]
            continue
        drawn, typical = together(single, name)
        found += sorted(drawn, key=lambda one: one.account)
        usual += [] if typical is None else [typical]
    return found, usual


def offers_of(
    histories: Sequence[History], found: Sequence[Estimate], arm: Arm
) -> list[Offer]:
    """What the data measure of the world, and whether it is a parameter by itself."""
    likes = offer_of(WORLD["likes_per_share"], likes_per_share(histories), arm)
    leaving = among_present(churn(found, histories[0].platform), arm)
    return [replace(likes, why_not=likes.why_not if likes.found.value is None else NOT_ITSELF),
            offer_of(WORLD["churn_per_month"], leaving, arm)]  # fmt: skip


def among_present(found: Estimate, arm: Arm) -> Estimate:
    """Leaving over those followers who are ever there: dormant ones stay."""
    if found.value is None or found.log_sd is None:
        return found
    share = float(get(arm.values, DORMANT))
    if share >= 1:
        return replace(found, value=None, how=f"{DORMANT}=1 leaves nobody who could leave")
    low, high = arm.catalogue[DORMANT].range or (share, share)
    doubt = 0.0 if DORMANT in arm.fixed else math.log((1 - low) / (1 - high)) / FOUR_SD
    value, sd = found.value / (1 - share), math.hypot(found.log_sd, doubt)
    return replace(found, value=value, log_sd=sd, lo=value * math.exp(-Z * sd),
                   hi=value * math.exp(Z * sd))  # fmt: skip


def offer_of(key: str, found: Estimate, arm: Arm) -> Offer:
    """Whether a value is worth setting: known better than its prior, and allowed."""
    declared = arm.catalogue[key]
    assert declared.range is not None
    low, high = declared.range
    if found.value is None or found.log_sd is None:
        return Offer(key=key, found=found, prior=(low, high), ratio=None, why_not=found.how)
    ratio = found.log_sd / (math.log(high / low) / FOUR_SD)
    why = ""
    if key in arm.fixed:
        why = "set by you"
    elif declared.outside(found.value):
        why = f"outside what is allowed: {declared.allowed()}"
    elif ratio >= CALIBRATED:
        why = "the data say hardly more than the prior"
    return Offer(key=key, found=found, prior=(low, high), ratio=ratio, why_not=why)


def table_of(
    path: Path, platform: str, found: Sequence[Estimate]
) -> tuple[list[str], list[list[str]], list[dict[str, str]]]:
    """(header, rows, cells that changed): the user's table with what the posts tell."""
    table = read_table(path, REQUIRED, OPTIONAL, ALIASES)
    told = {(one.account, one.name): one.value for one in found
            if one.name in COLUMNS and one.value is not None}  # fmt: skip
    header = [*table.columns, *(one for one in COLUMNS if one not in table.columns)]
    rows, changed = [], []
    for row in table.rows:
        cells, name = dict(row.cells), row.get("name")
        first = row.get("platform").replace("|", ";").split(";")[0].strip().lower()
        for column in COLUMNS:
            if first == platform and (name, column) in told:
                new = f"{told[name, column]:.4g}"
                before = cells.get(column, "")
                if before != new:
                    changed.append({"account": name, "column": column, "before": before,
                                    "now": new})  # fmt: skip
                cells[column] = new
        rows.append([cells.get(column, "") for column in header])
    return header, rows, changed


def command_of(folder: Path, platform: str, offers: Sequence[Offer], arm: Arm) -> str:
    """The next command, ready to paste."""
    table = str(folder / "accounts.csv")
    quoted = table if PLAIN.fullmatch(table) else f"\"'{table}'\""
    words = ["python -m sim scenario=proactive", f"network.table={quoted}"]
    if platform != arm.values["platform"]["name"]:
        words.append(f"platform={platform}")
    words += [f"{KEY}={arm.settings.posterior}"] if KEY in arm.fixed else []
    return " ".join([*words, *asked_of(arm), *(one.word for one in offers if not one.why_not)])


def read_back(table: Path, platform: str, arm: Arm) -> str:
    """The network as a run would see it; refused here if it could not be used."""
    if platform != arm.values["platform"]["name"]:
        return ""
    values = with_values(arm.values, {"network.table": str(table)})
    return facts_of(scenario_of(replace(arm, values=values))).network


def report_of(
    data: Path, folder: Path, histories: Sequence[History], usual: Sequence[Usual],
    offers: Sequence[Offer], changed: Sequence[Mapping[str, str]], command: str,
) -> dict[str, Any]:  # fmt: skip
    """What is written, as plain values."""
    return {
        "data": str(data), "folder": str(folder), "platform": histories[0].platform,
        "accounts": len(histories), "posts": sum(one.n_posts for one in histories),
        "days": histories[0].n_days, "start": histories[0].start.isoformat(), "command": command,
        "usual": [{"parameter": one.name, "median": one.median, "log_sd": one.log_sd,
                   "error": one.error, "accounts": one.n} for one in usual],
        "world": [{
            "key": one.key, "value": one.found.value, "low": one.found.lo, "high": one.found.hi,
            "log_sd": one.found.log_sd, "prior": list(one.prior), "ratio": one.ratio,
            "accounts": one.found.n, "set": not one.why_not, "why_not": one.why_not,
        } for one in offers],
        "not_informed": dict(LEFT), "changed": list(changed),
    }  # fmt: skip
