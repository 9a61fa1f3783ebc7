"""Studies that are written down: experiments/NNN_name/experiment.yaml.

    question        one line
    fixed           keys of the whole study
    levers          what is ours to choose: key: [values], or {low, high, scale: log}
    uncertainties   what is the world's: the same
    study           the study's own settings, without "study."

`experiment=NAME` becomes the command line that the file describes; what is typed beside it replaces
what the file says. The folder's README holds the command and the finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.door.axes import LEVER, UNCERTAINTY, Swept
from sim.door.explain import shown
from sim.door.overrides import screen_arguments
from sim.door.screen import read_text, screen_file
from sim.errors import UserError, unknown
from sim.paths import experiments_dir
from sim.plain_yaml import load
from sim.settings import NAME

SECTIONS = ("question", "fixed", "levers", "uncertainties", "study")
ROLES = {"levers": LEVER, "uncertainties": UNCERTAINTY}


def expanded(words: Sequence[str]) -> tuple[list[str], bool]:
    """The command line with experiment=NAME written out, and whether there was one."""
    named = [one.partition("=")[2] for one in words if one.partition("=")[0] == "experiment"]
    rest = [one for one in words if one.partition("=")[0] != "experiment"]
    if not named:
        return rest, False
    if len(named) > 1:
        raise UserError("'experiment' is given twice. Run one experiment at a time.")
    typed = {one.partition("=")[0] for one in rest}
    written = words_of(named[0], read_experiment(named[0]))
    screen_arguments(written)
    return [one for one in written if one.partition("=")[0] not in typed] + rest, True


def names() -> dict[str, Path]:
    """{name: folder} of the experiments there are."""
    home = experiments_dir()
    folders = sorted(home.iterdir()) if home else []
    return {one.name: one for one in folders if (one / "experiment.yaml").is_file()}


def read_experiment(name: str) -> dict[str, Any]:
    """The checked content of an experiment's file."""
    known = names()
    if not NAME.fullmatch(name) or name not in known:
        raise unknown("The experiment", name[:80], known)
    path = known[name] / "experiment.yaml"
    told = f"experiments/{name}/experiment.yaml"
    screen_file(path, told)
    tree = load(read_text(path, told))
    if not isinstance(tree, dict) or not tree.get("question"):
        raise UserError(f"'{told}' asks nothing: give it a one-line 'question'.")
    for section, content in tree.items():
        if section not in SECTIONS:
            raise unknown(f"'{told}': the section", str(section), SECTIONS)
        if section != "question" and not isinstance(content, dict):
            raise UserError(f"'{told}': {section} holds keys with values.")
    for section, role in ROLES.items():
        for key in tree.get(section, {}):
            if Swept(key=str(key), text="").role != role:
                other = next(one for one, its in ROLES.items() if its != role)
                raise UserError(
                    f"'{told}': '{key}' is no {role}: put it under '{other}'. Levers are scenario, "
                    "posture, tone, investment and policy.*; all else is the world's."
                )
    return tree


def words_of(name: str, tree: Mapping[str, Any]) -> list[str]:
    """The command line that an experiment stands for."""
    words = [f"question='{tree['question']}'", f"study.name={name}"]
    words += [f"{key}={_text(value)}" for key, value in tree.get("fixed", {}).items()]
    for section in ROLES:
        words += [f"{key}={_axis(key, value)}" for key, value in tree.get(section, {}).items()]
    words += [f"study.{key}={_text(value)}" for key, value in tree.get("study", {}).items()]
    return words


def _axis(key: str, value: Any) -> str:
    """Values as Hydra writes them: a,b,c or interval(low,high)."""
    if isinstance(value, list):
        return ",".join(_text(one) for one in value)
    if isinstance(value, dict) and {"low", "high"} <= value.keys() <= {"low", "high", "scale"}:
        told = f"interval({_text(value['low'])},{_text(value['high'])})"
        return f"tag(log,{told})" if value.get("scale") == "log" else told
    raise UserError(
        f"'{key}' in the experiment is no axis: write [a, b] or {{low: 0, high: 1, scale: log}}."
    )


def _text(value: Any) -> str:
    """A value as it would be typed."""
    if isinstance(value, str) and not value.replace("_", "").replace("-", "").isalnum():
        return f"'{value}'"
    return shown(value)
