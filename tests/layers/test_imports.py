"""What import-linter cannot say: who may know Hydra and matplotlib, and what nobody may use."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sim

ROOT = Path(sim.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
MAY_KNOW = {  # module: the only places that may import it
    "hydra": ("__main__.py",),
    "omegaconf": ("__main__.py",),
    "matplotlib": ("report/",),
    "mesa": ("model.py", "model/", "strategy/"),
}
NEVER = ("pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "random")
NEVER_CALLED = ("eval", "exec", "instantiate", "__import__", "compile")
KEYED_ONLY = ("engine/", "mechanisms/", "world/", "strategy/", "loading/", "streams.py", "law.py")
CLOCKS = ("time", "now", "today", "perf_counter", "monotonic", "default_rng", "RandomState")
MAX_LINES, MAX_FUNCTION = 400, 80


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.AST) -> set[str]:
    """Top-level names of every module imported anywhere in a file, lazily or not."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def called(tree: ast.AST) -> set[str]:
    """Names of everything called: f(...) and x.f(...) both give f."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                found.add(node.func.id)
            elif isinstance(node.func, ast.Attribute):
                found.add(node.func.attr)
    return found


def called_bare(tree: ast.AST) -> set[str]:
    """Names called as themselves: eval(...), not re.compile(...)."""
    return {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def objections(text: str, name: str) -> list[str]:
    """What the house has against a file of sim/."""
    tree = ast.parse(text)
    modules = imported(tree)
    told = [
        f"imports {module}"
        for module, places in MAY_KNOW.items()
        if module in modules and not name.startswith(places)
    ]
    told += [f"imports {module}" for module in NEVER if module in modules]
    told += [f"calls {one}" for one in NEVER_CALLED if one in called_bare(tree)]
    if name.startswith(KEYED_ONLY):
        told += [f"calls {one}" for one in CLOCKS if one in called(tree)]
        told += ["calls hash"] if "hash" in called_bare(tree) else []
    return told


@pytest.mark.parametrize("path", FILES, ids=place)
def test_the_house_has_no_objections(path: Path) -> None:
    assert objections(path.read_text(encoding="utf-8"), place(path)) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import hydra", "door/arms.py"),
        ("def f():\n    from omegaconf import OmegaConf", "scenario.py"),
        ("from matplotlib import pyplot", "study/compare.py"),
        ("import pickle", "study/store.py"),
        ("eval('1')", "door/values.py"),
        ("from hydra.utils import instantiate\ninstantiate({})", "__main__.py"),
        ("import time\ntime.time()", "engine/compiled.py"),
        ("import numpy as np\nnp.random.default_rng()", "world/news.py"),
        ("hash('a')", "mechanisms/news.py"),
    ],
)
def test_planted_sins_are_found(text: str, name: str) -> None:
    assert objections(text, name)


@pytest.mark.parametrize("path", FILES, ids=place)
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
            assert node.end_lineno - node.lineno < MAX_FUNCTION, node.name


@pytest.mark.parametrize("path", FILES, ids=place)
def test_files_open_with_a_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree)
