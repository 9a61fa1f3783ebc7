"""Every number in conf/ answers "says who?"; the check that finds the others can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sim.declared import declare, split, undeclared
from sim.door.screen import SCENARIO_GROUPS, groups, screen, world_groups
from sim.errors import UserError
from sim.paths import conf_dir

FILES = sorted(path for path in conf_dir().rglob("*.yaml") if path.parent.name != "evidence")
GOOD = {
    "value": 0.1, "unit": "share", "range": [0, 0.3], "source": "S0", "kind": "assumed",
    "about": "A share.",
}  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(conf_dir()).as_posix())
def test_every_number_is_declared(path: Path) -> None:
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    tree.pop("defaults", None)
    if path.parent.name == "scenario":
        tree.pop("policy", None)  # {value: ...} over what is declared elsewhere
    assert undeclared(tree) == []


@pytest.mark.parametrize("lacking", ["unit", "range", "source", "kind", "about"])
def test_a_planted_number_that_lacks_something_is_found(lacking: str, tmp_path: Path) -> None:
    planted = {"deep": {"section": {"p": {k: v for k, v in GOOD.items() if k != lacking}}}}
    path = tmp_path / "planted.yaml"
    path.write_text(yaml.safe_dump(planted), encoding="utf-8")
    problems = undeclared(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert len(problems) == 1
    assert "deep.section.p" in problems[0]


@pytest.mark.parametrize("bare", [3, 0.5, [1, 2], {"x": [{"y": 1}]}])
def test_a_planted_bare_number_is_found(bare: object) -> None:
    assert undeclared({"good": GOOD, "p": bare})
    with pytest.raises(UserError, match="bare number"):
        split({"p": bare})


def test_settings_may_lack_a_range_and_nothing_else_may() -> None:
    setting = {k: v for k, v in GOOD.items() if k != "range"} | {"kind": "setting"}
    assert declare("days", setting).range is None
    assert undeclared({"days": setting}) == []


@pytest.mark.parametrize(
    "change",
    [
        {"prior": "lognormal", "range": [0, 1]},
        {"prior": "logit", "range": [0, 1]},
        {"prior": "normal", "range": [1, 1]},
        {"prior": "gamma"},
        {"prior": "normal", "value": [0.1, 0.2]},
        {"range": [0.3, 0]},
        {"kind": "guess"},
        {"value": float("nan")},
        {"about": " "},
        {"colour": "red"},
    ],
)
def test_incoherent_declarations_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(UserError, match="'p' is not well declared"):
        declare("p", GOOD | change)


def test_every_group_stands_in_the_defaults() -> None:
    known = {*world_groups(conf_dir()), *SCENARIO_GROUPS, "scenario"}
    assert set(groups(conf_dir())) == known


def test_every_scenario_has_a_question() -> None:
    for path in (conf_dir() / "scenario").glob("*.yaml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8"))["question"].endswith("?"), path


def test_the_files_pass_their_own_screen() -> None:
    screen(conf_dir())
