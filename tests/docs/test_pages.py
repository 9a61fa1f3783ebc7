"""What the pages say is so: links lead somewhere, files exist, keys and examples are real."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.declared import split, walk
from sim.door.screen import screen_file
from sim.errors import UserError
from sim.measures import MEASURES
from sim.paths import conf_dir
from sim.world.accounts import NetworkSettings, load_network

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "README.md"]
LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
FILE = re.compile(r"`((?:sim|conf|tests|docs|benchmarks)/[\w./-]*)`")
KEY = re.compile(r"`([a-z_]+(?:\.[a-z0-9_]+)+)(?:=[^`]*)?`")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.S | re.M)
BY_PAGE = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", text(path))


def blocks(page: str, language: str) -> list[str]:
    """The blocks of code in one language."""
    return [body for kind, body in FENCE.findall(text(DOCS / page)) if kind == language]


def anchors(path: Path) -> set[str]:
    """What the headings of a page are called in links."""
    heads = re.findall(r"^#+ (.+)$", prose(path), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def known_keys() -> set[str]:
    """Every key that some option of conf/ has, and every section on the way to it."""
    found: set[str] = set()
    for path in conf_dir().rglob("*.yaml"):
        raw = path.read_text(encoding="utf-8")
        package = re.match(r"# @package (\S+)", raw)
        prefix = package.group(1) if package else path.parent.name
        for key, _ in walk(yaml.safe_load(raw) or {}):
            parts = f"{prefix}.{key}".split(".")
            found |= {".".join(parts[: n + 1]) for n in range(1, len(parts))}
    return found


@BY_PAGE
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    lost = []
    for target in LINK.findall(prose(path)):
        name, _, anchor = target.partition("#")
        if "://" in name or name.startswith("mailto:"):
            continue
        page = (path.parent / name).resolve() if name else path
        if not page.exists() or (anchor and anchor not in anchors(page)):
            lost.append(target)
    assert lost == []


@BY_PAGE
def test_every_file_named_exists(path: Path) -> None:
    named = {name for name in FILE.findall(prose(path)) if "NAME" not in name}
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


@BY_PAGE
def test_every_key_named_exists(path: Path) -> None:
    groups = {folder.name for folder in conf_dir().iterdir() if folder.is_dir()} | {"policy"}
    named = {key for key in KEY.findall(prose(path)) if key.split(".")[0] in groups}
    files = (".yaml", ".json", ".md", ".py", ".csv", ".table")
    named = {key for key in named if not key.endswith(files)}
    assert sorted(named - known_keys()) == []


@BY_PAGE
def test_no_page_names_a_machine(path: Path) -> None:
    assert not re.search(r"(?<![\w.])/(?:home|work|tmp|root|Users)/", text(path))


def test_numbers_said_to_stand_in_the_code_do() -> None:
    row = re.compile(r"^\| `(sim/[\w/]+)\.py` \| `(\w+)` \| ([\d.]+) \|", re.M)
    rows = row.findall(text(DOCS / "model.md"))
    assert len(rows) >= 10
    for module, name, value in rows:
        found = getattr(importlib.import_module(module.replace("/", ".")), name)
        assert found == float(value), name


def test_every_measure_is_described() -> None:
    described = re.findall(r"^\| ([\w-]+) \| `(\w+)` \|", text(DOCS / "model.md"), re.M)
    assert described == [(one.stage, one.name) for one in MEASURES]


def network(tmp_path: Path, table: str) -> Any:
    path = tmp_path / "my_accounts.csv"
    path.write_text(table, encoding="utf-8")
    values, _ = split(yaml.safe_load(text(conf_dir() / "network" / "default.yaml")))
    changed = {"table": str(path), "home": "Finland", "background": "none"}
    return load_network(NetworkSettings(**{**values, **changed}))


def test_the_example_table_loads_and_says_what_was_imputed(tmp_path: Path) -> None:
    markets, accounts = network(tmp_path, blocks("network.md", "csv")[0])
    assert accounts.names[0] == "Ministry" and len(accounts) == 4 and len(markets) == 4
    assert accounts.imputed["hours_per_week"] == accounts.imputed["posts_per_day"] == 2
    assert accounts.notes()[0] == blocks("network.md", "text")[0].strip()


def test_the_broken_table_is_refused_as_shown(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        network(tmp_path, blocks("network.md", "csv")[1])
    told = str(refused.value).removeprefix(f"{tmp_path / 'my_accounts.csv'}: ")
    assert told == blocks("network.md", "text")[-1].strip()


def test_the_dummy_strategy_is_the_tested_one() -> None:
    shown = next(body for body in blocks("extending.md", "python") if body.startswith("class"))
    assert shown.strip() in text(ROOT / "tests" / "strategy" / "test_desks.py")


def test_the_example_scenario_and_number_are_well_formed(tmp_path: Path) -> None:
    number, scenario = blocks("extending.md", "yaml")
    assert split({"sharing": yaml.safe_load(number)})[1]["sharing.p0"].unit == "per view"
    path = tmp_path / "patient.yaml"
    path.write_text(scenario, encoding="utf-8")
    screen_file(path, "scenario/patient.yaml")
