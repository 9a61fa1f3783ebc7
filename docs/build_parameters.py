"""Writes docs/parameters.md: every number of conf/, with its unit, range, prior, kind and source.

    python docs/build_parameters.py            from the folder of the checkout, demarche installed

One table a section. The option of a group that is used by default is listed in full, the others
only where they differ from it. tests/docs checks that the file is up to date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from sim.declared import Declaration, declare, is_declaration
from sim.paths import conf_dir

POLICY = ("posture", "tone", "language", "investment")
PAGE = Path(__file__).resolve().parent / "parameters.md"
HEAD = "| Key | Value | Unit | Plausible range | Prior | Kind | Source | Meaning |"
RULE = "|---|---|---|---|---|---|---|---|"
INTRODUCTION = """\
# Parameters

Written by `docs/build_parameters.py` from `conf/`; do not edit by hand. The equations in which
these numbers stand are in [model.md](model.md).

- **Value** is used with `parameters=central`. With `parameters=prior` (the default) every key that
  has a prior is drawn anew for each parameter draw, unless the user has set it.
- **Plausible range** is read as two standard deviations either side of the median, on the scale of
  the prior: logarithm for lognormal, log-odds for logit, the number itself for normal. Each side
  has a width of its own, so that both ends hold (`sim/declared.py`). A uniform prior covers the
  range evenly and takes no notice of the value. Hard limits, where there are any, clip a draw. With
  `parameters=posterior` those that `task=calibrate` varied come from its sample instead
  ([trust.md](trust.md)).
- **Kind**: *measured* (a published count), *fitted* (set so that published patterns come out; by
  hand so far, no calibration has been run), *inferred* (worked out from evidence of another kind),
  *assumed* (judgement), *setting* (a choice of the user, not a claim about the world).
- `task=explain key=...` prints the same on the command line, with the hard limits.

## Source codes

| Code | What it stands for |
|---|---|
| S0 | Shakirov on Russian digital diplomacy in 2016 |
| S1 | an expert discussion at the Russian International Affairs Council, 2018 |
| S2 | The Moscow Times, 2012, with AFP's ranking of ministries |
| S3 | Gabuev and Kovachich, "Tweet mates" |
| S4 | ANTARA on an interview in Kommersant, 2012 |
| C1, C2 | spread and upper tail of the followers of missions |
| C3, C4, C5, C6 | posts without a re-share; re-shares per post; inequality over posts |
| C7 | likes per re-share |
| C8, C9 | frequency of posts with 100 re-shares; tail exponent of re-shares |
| C10, C11 | re-shares made directly from the root; re-shares within an hour and a day |
| C12, C13 | half-life of impressions; followers reached by one post |
| C14 | followers against re-shares |
| C15 | posts per day of an account |
| C16 | image and video against text |
| C17 | share of activity by the most active tenth of users |
| C18 | growth of followers in a month |
| 3-evidence prior | the project's table of prior ranges, from the literature and judgement |
| 2-model trial, 2-model sketch | numerical trials made before the first version was written |
| judgement | nobody has measured it; the range is wide on purpose |

C patterns come from public data of embassy accounts of 2022 and from published cascade studies;
[model.md](model.md#patterns) lists them.
"""


def tree_of(path: Path) -> tuple[str, dict[str, Any]]:
    """The package under which a file's keys stand, and the file's content."""
    text = path.read_text(encoding="utf-8")
    first = text.partition("\n")[0]
    package = first.removeprefix("# @package ").strip() if "@package" in first else path.parent.name
    return package, yaml.safe_load(text) or {}


def declared(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Declaration]]:
    """(dotted key, declaration) in the order of the file."""
    for name, node in tree.items():
        key = f"{prefix}{name}"
        if is_declaration(node):
            yield key, declare(key, node)
        elif isinstance(node, Mapping):
            yield from declared(node, f"{key}.")


def catalogue_of(path: Path) -> dict[str, Declaration]:
    """Every declaration of one option of a group, by the key a user would set."""
    package, tree = tree_of(path)
    return dict(declared(tree, f"{package}."))


def cell(value: Any) -> str:
    """A value as text that does not break a table."""
    if value is None:
        return "none"
    if isinstance(value, (list, tuple)):
        return ", ".join(cell(item) for item in value)
    shown = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    if isinstance(value, float):
        shown = f"{value:g}"
    return shown.replace("|", "\\|").replace("\n", " ")


def line(key: str, one: Declaration) -> str:
    """One row of a table."""
    spread = "" if one.range is None else f"{cell(one.range[0])} to {cell(one.range[1])}"
    cells = (f"`{key}`", cell(one.value), cell(one.unit), spread, one.prior or "", one.kind,
             cell(one.source), cell(one.about))  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def table(rows: Mapping[str, Declaration]) -> list[str]:
    """A table of declarations."""
    return [HEAD, RULE, *(line(key, one) for key, one in rows.items()), ""]


def defaults_of(conf: Path) -> dict[str, str]:
    """{group: option used by default}, in the order in which they are composed."""
    tree = yaml.safe_load((conf / "config.yaml").read_text(encoding="utf-8"))
    chosen: dict[str, str] = {}
    for entry in tree["defaults"]:
        if isinstance(entry, Mapping):
            chosen.update({str(group): str(option) for group, option in entry.items()})
    return chosen


def group_section(conf: Path, group: str, default: str) -> list[str]:
    """A group: its default option in full, and what the others change."""
    first = catalogue_of(conf / group / f"{default}.yaml")
    names = sorted(path.stem for path in (conf / group).glob("*.yaml"))
    others = [name for name in names if name != default]
    told = f"Default: `{group}={default}`." + (
        f" Others: {', '.join(f'`{group}={name}`' for name in others)}." if others else ""
    )
    lines = [f"## {group}", "", told, "", *(table(first) if first else [])]
    for name in others:
        rows = catalogue_of(conf / group / f"{name}.yaml")
        changed = {key: one for key, one in rows.items() if first.get(key) != one}
        gone = [key for key in first if key not in rows]
        lines += [f"### {group}={name}", ""]
        if gone and rows:
            lines += ["Without: " + ", ".join(f"`{key}`" for key in gone) + ".", ""]
        lines += table(changed) if changed else ["No numbers of its own.", ""]
    return lines


def scenario_section(conf: Path) -> list[str]:
    """The named scenarios: which policy options each one is."""
    lines = ["## scenario", "", "A scenario names policy options and asks a question.", ""]
    lines += ["| Scenario | Posture | Tone | Language | Investment | Beside these | Question |",
              "|---" * 7 + "|"]
    for path in sorted((conf / "scenario").glob("*.yaml")):
        _, tree = tree_of(path)
        chosen = {str(key).removeprefix("override /"): name
                  for entry in tree["defaults"] for key, name in entry.items()}  # fmt: skip
        options = (chosen.pop(group, "table") for group in POLICY)
        told = [f"`{group}={name}`" for group, name in chosen.items()]
        columns = [*options, ", ".join(told), cell(tree["question"])]
        lines.append(f"| `{path.stem}` | {' | '.join(columns)} |")
    return [*lines, ""]


def page() -> str:
    """The whole of parameters.md."""
    conf = conf_dir()
    root = yaml.safe_load((conf / "config.yaml").read_text(encoding="utf-8"))
    lines = [INTRODUCTION, "## Root settings", "", *table(dict(declared(root, "")))]
    for group, option in defaults_of(conf).items():
        if group == "scenario":
            lines += scenario_section(conf)
        else:
            lines += group_section(conf, group, option)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"{PAGE.name}: {PAGE.read_text(encoding='utf-8').count(chr(10))} lines")
