"""task=import: exports of a user's own accounts become tables that everything else can use.

    1 read every file of the folder, or refuse it naming file, row and column; nothing is written
    2 a folder results/import/...: posts.csv, days.csv, accounts.csv, estimates.csv, imported.json
    3 measure what was written as any export is measured: which of C1-C18 the data can support

What was written is read back before it is reported: a table that could not be used is a failure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sim.declared import Declaration
from sim.door.arms import Arm
from sim.door.overrides import BASELINE, Request
from sim.errors import UserError
from sim.exports import estimate, histories, write
from sim.exports.cells import Clock
from sim.exports.folder import Collected, collect, span_days
from sim.observables.export import read_export
from sim.observables.observed import Observed
from sim.observables.registry import KEYS
from sim.observables.resample import observables
from sim.study import store
from sim.world.account_table import read_accounts
from sim.world.markets import load_markets

NAME = "import"
WORDS: Mapping[str, bool | None] = {"auto": None, "day": True, "month": False}
FOUR_SD = 4.0  # a declared range is two standard deviations either side


def run_import(request: Request, arm: Arm) -> int:
    """Read, write, report; returns the exit code."""
    from sim.report.own_data import print_import

    refuse_policy(request)
    if not request.folder:
        raise UserError("task=import needs a folder: task=import from=my_exports")
    options = arm.reading
    clock = Clock(zone=zone_of(options["timezone"]), now=dt.datetime.now(dt.UTC),
                  day_first=WORDS[options["day_first"]])  # fmt: skip
    found = collect(
        Path(request.folder).expanduser(), clock, keep_text=options["keep_text"],
        trust_ids=options["trust_ids"], platform=options["platform"],
    )  # fmt: skip
    network = arm.values["network"]
    if found.accounts_file:
        read_accounts(found.accounts_file, load_markets(network["markets"], network["home"]))
    tables = tables_of(found, options["keep_text"])
    folder = store.new_folder(Path(arm.settings.results), NAME)
    for name, (header, rows) in tables.items():
        store.write_csv(folder / name, header, rows)
    report = report_of(found, folder, tables, options)
    price = hours_per_post(network["imputation"], arm.catalogue)
    found_by = estimate.estimates(histories.read_histories(folder), price)
    store.write_csv(folder / "estimates.csv", estimate.HEADER, estimate.rows(found_by))
    report["supports"] = {key: one.as_dict() for key, one in supported(folder).items()}
    store.write_json(folder / "imported.json", report)
    print_import(report, found_by)
    return 0


def refuse_policy(request: Request) -> None:
    """Reading files compares nothing."""
    if request.scenario != BASELINE or request.policy_groups or request.policy_values:
        raise UserError(
            f"task={request.task} compares no policies: leave out scenario, posture, tone, "
            "investment and policy.*."
        )


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UserError(
            f"import.timezone='{name}' is no time zone: write one such as UTC or Europe/Berlin."
        ) from None


def tables_of(found: Collected, keep_text: bool) -> dict[str, tuple[write.Header, write.Rows]]:
    """{file: (header, rows)} of everything that is written."""
    known = write.accounts_known(found.accounts_file)
    tables = {}
    for place, platform in enumerate(found.platforms):
        name = "posts.csv" if place == 0 else f"posts_{platform}.csv"
        tables[name] = write.posts_table(found, platform, known, keep_text)
    if found.days:
        tables["days.csv"] = write.days_table(found)
    whole = "accounts.csv" if known else "accounts_to_complete.csv"
    tables[whole] = write.accounts_table(found, known)
    return tables


def report_of(
    found: Collected, folder: Path, tables: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[str, Any]:
    """What became of every file and column, as plain values."""
    files = [
        {
            "file": str(one.file), "export": one.export.title, "rows": one.n_rows,
            "mapped": dict(one.mapped), "ignored": dict(one.ignored),
            "missing": list(one.missing), "remarks": list(one.remarks),
        }
        for one in found.files
    ]  # fmt: skip
    return {
        "folder": str(folder), "from": str(found.folder), "platform": found.platforms[0],
        "platforms": found.platforms, "options": dict(options), "posts": len(found.posts),
        "accounts": len({(one.account, one.platform) for one in found.posts}),
        "replies": sum(bool(one.flags.get("is_reply")) for one in found.posts),
        "days": span_days(found.posts), "complete": found.accounts_file is not None,
        "written": list(tables), "not_read": list(found.not_read), "files": files,
    }  # fmt: skip


def hours_per_post(imputation: Mapping[str, Any], catalogue: Mapping[str, Declaration]
                   ) -> estimate.HoursPerPost:  # fmt: skip
    """The price list's hours of an original: doubt about the price, and spread between accounts."""
    import math

    low, high = catalogue["network.imputation.hours_per_post"].range or (1.0, 1.0)
    doubt = math.log(high / low) / FOUR_SD
    return estimate.HoursPerPost(
        value=imputation["hours_per_post"], log_sd=math.hypot(doubt, imputation["hours_log_sd"])
    )


def supported(folder: Path) -> dict[str, Observed]:
    """C1-C18 of the posts as they were written, and why some cannot be had."""
    found = observables(read_export(folder / "posts.csv"))
    return {key: found[key] for key in KEYS}
