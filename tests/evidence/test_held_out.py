"""Facts held out cannot be reached by anything that could set a parameter, and this can fail."""

from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import sim
from sim.errors import UserError
from sim.evidence import validated
from sim.held_out import Criterion, Fact, load_held_out
from sim.paths import conf_dir

ROOT = Path(sim.__file__).parent
SECRET = "sim.held_out"
ABOVE = ("sim.report", "sim.door", "sim.__main__", "sim.app", SECRET)  # may report the facts


def module_of(path: Path, root: Path) -> str:
    parts = [root.name, *path.relative_to(root).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, names: set[str]) -> set[str]:
    """Modules of the package that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found & names


def graph_of(root: Path) -> dict[str, set[str]]:
    """{module: what it imports} of a package."""
    files = {module_of(path, root): path for path in root.rglob("*.py")}
    return {name: imports_of(path, set(files)) for name, path in files.items()}


def reached(graph: dict[str, set[str]], start: str) -> set[str]:
    """Everything that a module imports, directly or through others."""
    found, waiting = set(), [start]
    while waiting:
        for name in graph[waiting.pop()] - found:
            found.add(name)
            waiting.append(name)
    return found


def words_of(path: Path) -> list[str]:
    """Texts in a file's code, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value) for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and node.body
        and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    return [
        node.value for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]  # fmt: skip


GRAPH = graph_of(ROOT)
BELOW = sorted(name for name in GRAPH if not name.startswith(ABOVE))


def test_the_graph_is_that_of_the_house() -> None:
    assert "sim.study.tables" in BELOW and "sim.observables.registry" in BELOW
    assert "sim.vocabulary" in reached(GRAPH, "sim.simulate")  # through others


@pytest.mark.parametrize("module", BELOW)
def test_nothing_at_or_below_a_study_reaches_the_facts_held_out(module: str) -> None:
    assert SECRET not in reached(GRAPH, module)


@pytest.mark.parametrize("module", BELOW)
def test_nothing_at_or_below_a_study_reaches_their_experiments(module: str) -> None:
    """What they show is not to be had without running them, and only the door runs them."""
    if not module.startswith("sim.trust"):
        assert not {one for one in reached(GRAPH, module) if one.startswith("sim.trust")}


def test_calibration_reaches_neither_the_experiments_nor_what_they_showed() -> None:
    used = reached(GRAPH, "sim.door.calibrate") | {"sim.door.calibrate"}
    shown = {"sim.door.trust_card", "sim.door.trust_shown", "sim.door.trust_runs"}
    assert not used & shown
    assert not {one for one in used if one.startswith("sim.trust")}


def test_only_one_file_names_the_facts() -> None:
    naming = {
        module_of(path, ROOT) for path in ROOT.rglob("*.py")
        if any("held_out" in word for word in words_of(path))
    }  # fmt: skip
    assert naming == {SECRET}


def test_a_planted_calibrator_that_peeks_is_found(tmp_path: Path) -> None:
    house = tmp_path / "sim"
    (house / "study").mkdir(parents=True)
    (house / "study" / "calibrate.py").write_text("from sim.study import helpers\n")
    (house / "study" / "helpers.py").write_text("def f():\n    from sim.held_out import load\n")
    (house / "held_out.py").write_text("")
    assert SECRET in reached(graph_of(house), "sim.study.calibrate")


AUDITED = """
    import importlib, pkgutil, sys
    opened = []
    def hook(event, arguments):
        if event == "open" and str(arguments[0]).endswith(("held_out.yaml", "trust_card.json")):
            opened.append(arguments[0])
    sys.addaudithook(hook)
    import sim.study, sim.observables
    for package in (sim.study, sim.observables):
        for one in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            importlib.import_module(one.name)
    from sim.compose import compose
    from sim.door.screen import groups, screen
    from sim.evidence import load_priors, load_sources, load_targets
    from sim.paths import conf_dir
    load_targets(), load_priors(), load_sources(), compose(audience="small")
    screen(conf_dir()), groups(conf_dir())
    print(len(opened))
    from sim.held_out import load_held_out
    load_held_out()
    print(len(opened))
"""


def test_nothing_a_calibrator_uses_opens_the_file() -> None:
    """An audit hook sees every file that the process opens; it sees the one reader, too."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(AUDITED)], capture_output=True, text=True,
        timeout=120, cwd=ROOT.parent, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["0", "1"], done.stdout


# --- the facts ----------------------------------------------------------------------------------


def test_there_are_seven_facts_and_two_count_as_one() -> None:
    facts = load_held_out()
    assert list(facts) == [f"D{k}" for k in range(1, 8)]
    assert {code: one.counts_with for code, one in facts.items() if one.counts_with} == {"D3": "D2"}
    assert [code for code, one in facts.items() if one.signs_free] == ["D6", "D7"]


def test_criteria_by_hand() -> None:
    giant, star, growth = (load_held_out()[code].criteria[0] for code in ("D1", "D2", "D3"))
    assert giant.holds(42 / 652_000) and giant.holds(1e-4) and not giant.holds(1.1e-4)
    assert star.holds(1_000.1) and not star.holds(1_000.0)
    assert growth.holds(1.5) and growth.holds(2.2) and not growth.holds(2.3)


@pytest.mark.parametrize(
    "change", [{"low": None}, {"low": 3.0, "high": 2.0}, {"words": ""}, {"verdict": "passed"}]
)
def test_criteria_that_say_nothing_are_refused(change: dict[str, object]) -> None:
    good = {"name": "n", "unit": "x", "words": "w", "low": 1.0}
    assert validated("f", "D9", good, Criterion).low == 1.0
    with pytest.raises(UserError, match="'f', D9"):
        validated("f", "D9", good | change, Criterion)


def test_no_prior_excludes_the_other_sign_where_a_fact_is_about_signs() -> None:
    from sim.evidence import load_priors

    for name in ("sharp_on_opinion", "tones_on_opinion"):
        low, high = load_priors()[name].range
        assert low == -high < 0, name
    assert isinstance(load_held_out()["D6"], Fact)


CALIBRATED = """
    import sys
    from pathlib import Path
    opened = []
    def hook(event, arguments):
        if event == "open" and str(arguments[0]).endswith(("held_out.yaml", "trust_card.json")):
            opened.append(arguments[0])
    sys.addaudithook(hook)
    from sim.__main__ import main
    from sim.door import calibrate
    from sim.observables.observed import Observed
    from sim.observables.registry import KEYS
    from sim.study import calibration
    def run(task):
        found = {key: Observed(value=0.1 + task.parameters["sharing.p0"]) for key in KEYS}
        calibration.keep(task.folder, task.number, task.parameters, found)
    calibrate.calibration_run = run
    words = ["task=calibrate", "audience=small", "workers=1", "study.calibration_runs=40"]
    code = main([*words, f"results={sys.argv[1]}"])
    print("\\n", code, len(opened))
"""


def test_a_whole_calibration_does_not_open_the_facts(tmp_path: Path) -> None:
    """From the command line to the report, with a stand-in for the runs alone."""
    pytest.importorskip("sklearn")
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CALIBRATED), str(tmp_path)], capture_output=True,
        text=True, timeout=300, cwd=ROOT.parent, check=True,
    )  # fmt: skip
    assert done.stdout.split()[-2:] == ["0", "0"], done.stdout + done.stderr
    assert list(tmp_path.glob("calibration/status_quo/posterior.csv"))


FIGURES_HELD_OUT = ("22,000", "652,000", "46,600", "23,000", "quadrupled", "S1 gives", "doubled")


def test_numbers_judged_with_held_out_facts_in_view_are_told() -> None:
    """Files that calibration opens are watched above; a figure that a person typed is not."""
    told = (ROOT.parent / "docs" / "evidence.md").read_text(encoding="utf-8")
    found = set()
    for file in sorted(conf_dir().rglob("*.yaml")):
        if file.parent.name == "evidence":
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            source = line.partition("source:")[2].partition("about:")[0]
            if any(figure in source for figure in FIGURES_HELD_OUT):
                found.add((file.parent.name, line.partition(":")[0].strip()))
    keys = {f"`{group}.{key}`" for group, key in found}
    assert keys == {
        "`pickup.threshold`", "`pickup.p`", "`following.follows_per_share`",
        "`circumstance.quality`", "`circumstance.size`",
    }  # fmt: skip
    assert all(key in told for key in keys)
