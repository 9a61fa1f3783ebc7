"""task=curve: what the hours bring, for every tone and posture, before a small and a larger public.

    python -m sim task=curve posture=reactive,proactive tone=formal,witty audience=small

is a study whose levers are crossed with levels of hours and whose circumstances are two sizes of
public. What is not given is filled in: postures and tones, the levels (LEVELS times the table's
hours), and the two publics, the one asked for and one FOLD times as large, or, where that is large
already, one FOLD times smaller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.declared import with_values
from sim.door.axes import LEVER, Swept
from sim.door.build import drawn_parameters
from sim.door.overrides import Asked
from sim.door.study_arms import Study
from sim.door.study_job import Ending, check_study, run_study
from sim.errors import UserError
from sim.measures import BY_NAME
from sim.paths import conf_dir
from sim.plain_yaml import load
from sim.study.collate import Collated
from sim.study.curves import PEOPLE, CurveRules, curves_of
from sim.study.files import write_csv
from sim.study.response import FEWEST_LEVELS
from sim.study.summary import Rules

LEVELS = ("0.125", "0.25", "0.5", "1", "2", "4", "8")
FACTOR, HOURS = "policy.investment.factor", "policy.investment.hours_per_week"
FTE = "policy.investment.fte"
INVESTED = (FACTOR, HOURS, FTE)
CHOSEN = {HOURS: "hours", FTE: "fte"}  # the option of investment that has the key
FOLD, LARGE = 4, 1_000_000
POLICIES = {"posture": ("reactive", "proactive"), "tone": ("formal", "witty")}


def axes_of_curve(
    asked: Sequence[Asked], axes: Sequence[Swept]
) -> tuple[list[Asked], list[Swept]]:
    """The command line of a curve, what was left open filled in."""
    asked, axes = list(asked), list(axes)
    given = {one.key for one in asked} | {one.key for one in axes}
    invested = [one for one in axes if one.key in INVESTED]
    if "investment" in {one.key for one in axes} or len(invested) > 1:
        raise UserError(
            "A response curve has one axis of hours. Give one of "
            f"{', '.join(INVESTED)} several values, such as {FACTOR}=0.5,1,2,4."
        )
    if invested and (invested[0].interval or len(invested[0].values) < FEWEST_LEVELS):
        raise UserError(
            f"'{invested[0].key}={invested[0].text}': a response curve needs a list of "
            f"{FEWEST_LEVELS} levels of hours or more, such as {','.join(LEVELS)}."
        )
    if not invested:
        axes.append(listed(FACTOR, LEVELS))
    key = invested[0].key if invested else FACTOR
    if key in CHOSEN and "investment" not in given:
        asked.append(Asked(key="investment", value=CHOSEN[key], text=CHOSEN[key]))
    if not given & {"posture", "tone", "scenario"}:
        axes = [*(listed(name, values) for name, values in POLICIES.items()), *axes]
    if PEOPLE not in given and "audience" not in {one.key for one in axes}:
        n_people = people_of(asked)
        sizes = (n_people // FOLD, n_people) if n_people > LARGE else (n_people, FOLD * n_people)
        axes.append(listed(PEOPLE, tuple(str(one) for one in sizes)))
    return asked, axes


def people_of(asked: Sequence[Asked]) -> int:
    """The size of the public asked for."""
    option = next((one.text for one in asked if one.key == "audience"), "readers")
    path = conf_dir() / "audience" / f"{option}.yaml"
    if not path.is_file():
        return LARGE  # an option that does not exist, refused a little later with what there is
    return int(load(path.read_text(encoding="utf-8"))["n_people"]["value"])


def listed(key: str, texts: Sequence[str]) -> Swept:
    """An axis as if it had been typed."""
    values = tuple(Asked(key=key, value=_read(one), text=one) for one in texts)
    return Swept(key=key, text=",".join(texts), values=values)


def _read(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def run_curve(study: Study, check: bool) -> int:
    """Run the study behind the curves, fit and draw them."""
    objective = BY_NAME[study.lead.scenario.settings.objective]
    if not objective.heavy_tailed or objective.is_rate:
        totals = [one.name for one in BY_NAME.values() if one.heavy_tailed and not one.is_rate
                  and one.better == "higher" and not one.needs]  # fmt: skip
        raise UserError(
            f"'objective={objective.name}' is no total: a response curve is drawn of "
            f"{', '.join(totals)}."
        )
    if check:
        return check_study(study)
    return run_study(study, _ending(study))


def _ending(study: Study) -> Ending:
    from sim.report.curve_answer import print_curves
    from sim.report.figure_curve import save_curve_figures

    (invested,) = [one.key for one in study.axes if one.key in INVESTED and one.role == LEVER]
    rules = CurveRules(
        invested=invested, prices=_prices(study),
        same={one.id: one.same for one in study.circumstances},
        people={one.id: int(one.control.values["audience"]["n_people"])
                for one in study.circumstances},
    )  # fmt: skip

    def extend(summary: dict[str, Any], found: Collated, judged: Rules, folder: Path) -> None:
        summary["curves"] = curves_of(found, judged, rules)
        if not summary["curves"]:
            raise UserError(f"No policy has {FEWEST_LEVELS} levels of hours that came through.")
        write_csv(folder / "curves.csv", *curve_rows(summary))

    return Ending(extend=extend, draw=save_curve_figures, tell=print_curves)


def _prices(study: Study) -> Any:
    """What hours buy, in a draw of a circumstance."""
    controls = {one.id: one.control for one in study.circumstances}

    def prices(world: str, draw: int) -> Mapping[str, float]:
        arm = controls[world]
        section: Mapping[str, float] = with_values(arm.values, drawn_parameters(arm, draw))["work"]
        return section

    return prices


def curve_rows(summary: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """curves.csv: a row a curve and level."""
    spans = ("typical", "next_hour", "cost", "beyond")
    header = ["curve", "people", "circumstance", "hours_per_week", "point",
              *(f"{name}{end}" for name in spans for end in ("", "_lo", "_hi"))]  # fmt: skip
    rows = [
        [one["label"], one["people"], one["circumstance"], hours, one["points"][place],
         *(one[name][place][end] for name in spans for end in ("mean", "lo", "hi"))]
        for one in summary["curves"] for place, hours in enumerate(one["hours_per_week"])
    ]  # fmt: skip
    return header, rows
