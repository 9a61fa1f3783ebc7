"""Every law has a property: it is named in a test that holds for values nobody chose."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sim
from tests.mechanisms.properties import holds, number

MECHANISMS = Path(sim.__file__).parent / "mechanisms"
TESTS = Path(__file__).parent


def decorators(function: ast.FunctionDef) -> set[str]:
    called = [one.func if isinstance(one, ast.Call) else one for one in function.decorator_list]
    return {one.id for one in called if isinstance(one, ast.Name)}


def laws(text: str) -> set[str]:
    """The functions of a mechanism that are marked as laws."""
    return {one.name for one in ast.parse(text).body
            if isinstance(one, ast.FunctionDef) and "law" in decorators(one)}  # fmt: skip


def with_properties(text: str) -> set[str]:
    """The laws that are called, as laws.name, in tests marked with `holds`."""
    return {
        node.attr
        for one in ast.parse(text).body
        if isinstance(one, ast.FunctionDef) and "holds" in decorators(one)
        for node in ast.walk(one)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        and node.value.id == "laws"
    }  # fmt: skip


WITH_LAWS = [one for one in sorted(MECHANISMS.glob("*.py"))
             if laws(one.read_text(encoding="utf-8"))]  # fmt: skip


@pytest.mark.parametrize("path", WITH_LAWS, ids=lambda one: one.stem)
def test_every_law_has_a_property(path: Path) -> None:
    mirrored = (TESTS / f"test_{path.name}").read_text(encoding="utf-8")
    assert f"from sim.mechanisms import {path.stem} as laws" in mirrored
    assert laws(path.read_text(encoding="utf-8")) - with_properties(mirrored) == set()


def test_a_law_without_a_property_is_found() -> None:
    text = "@law\ndef rises(x):\n    return x\n\n\ndef plain(x):\n    return x\n"
    assert laws(text) == {"rises"} and len(WITH_LAWS) > 25
    assert with_properties("def test_it():\n    laws.rises(1)\n") == set()
    assert with_properties("@holds(x=SHARE)\ndef test_it(x):\n    laws.rises(x)\n") == {"rises"}


def test_a_property_that_fails_somewhere_is_found() -> None:
    @holds(x=number(0.0, 1.0))
    def below_a_limit(x: float) -> None:
        assert x < 0.9

    with pytest.raises(AssertionError):
        below_a_limit()
