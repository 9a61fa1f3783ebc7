"""task=robust: does the verdict survive other forms of the model?

    python -m sim task=robust scenario=proactive

is a study of one policy whose circumstances are all combinations of kinds: of opinion, of feeds, of
how attention passes. The first value of an axis is the reference; what is not given is filled in
with the usual kind first. Further alternatives of the world may be added as lists, such as
news=bursts,steady or rivals=default,loud.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.door.axes import LEVER, Swept
from sim.door.curve import listed
from sim.door.overrides import Asked
from sim.door.study_arms import Study
from sim.door.study_job import Ending, check_study, run_study
from sim.errors import UserError
from sim.paths import conf_dir
from sim.plain_yaml import load
from sim.study.collate import Collated
from sim.study.robust import robust_of
from sim.study.summary import Rules

KINDS = {  # the usual one first
    "opinion": ("assimilation_contrast", "none", "bounded_confidence", "degroot"),
    "feed": ("platform", "chronological", "ranked"),
    "decay": ("exponential", "power"),
}


def axes_of_robust(
    asked: Sequence[Asked], axes: Sequence[Swept]
) -> tuple[list[Asked], list[Swept]]:
    """The command line, the kinds that were left open filled in."""
    for one in axes:
        if one.role == LEVER:
            raise UserError(
                f"'{one.key}={one.text}': task=robust asks of one policy whether its verdict "
                f"survives: give {one.key} one value, or use -m."
            )
        if one.interval is not None:
            raise UserError(
                f"'{one.key}={one.text}': task=robust crosses kinds: list them, such as "
                "news=bursts,steady. Ranges are for task=map."
            )
    given = {one.key for one in asked} | {one.key for one in axes}
    open_kinds = [listed(name, _different(name, asked)) for name in KINDS if name not in given]
    found = [*axes, *open_kinds]
    if not any(len(one.values) > 1 for one in found):
        raise UserError(
            "Nothing to cross: every kind is fixed. Leave one of "
            f"{', '.join(KINDS)} open, or give it several values."
        )
    return list(asked), found


def _different(name: str, asked: Sequence[Asked]) -> tuple[str, ...]:
    """The kinds of a family that differ in this world: where the one platform shows the newest
    first, that kind of feed is the platform's own."""
    if name != "feed" or any(one.key == "platforms" and one.text != "one" for one in asked):
        return KINDS[name]
    option = next((one.text for one in asked if one.key == "platform"), "twitter")
    path = conf_dir() / "platform" / f"{option}.yaml"
    if not path.is_file():
        return KINDS[name]  # an option that does not exist, refused a little later
    own = load(path.read_text(encoding="utf-8"))["feed"]["kind"]
    if own == "broadcast":
        return KINDS[name][:1]  # a channel has no feed
    return tuple(one for one in KINDS[name] if one != own or own == "ranked")


def run_robust(study: Study, check: bool) -> int:
    """Run the study behind the question."""
    return check_study(study) if check else run_study(study, _ending(study))


def _ending(study: Study) -> Ending:
    from sim.report.robust_answer import print_robust
    from sim.report.study_figures import save_study_figures

    reference = {one.key: one.values[0].value for one in study.axes}

    def extend(summary: dict[str, Any], found: Collated, judged: Rules, folder: Path) -> None:
        summary["robust"] = robust_of(summary, reference)

    return Ending(extend=extend, draw=save_study_figures, tell=print_robust)
