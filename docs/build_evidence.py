"""Writes the tables of conf/evidence into docs/evidence.md and docs/model.md.

    python docs/build_evidence.py            from the folder of the checkout, demarche installed

A table stands between <!-- NAME --> and <!-- /NAME -->; the text around it is written by hand.
tests/docs checks that the pages are up to date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sim.evidence import (
    MARKS,
    Citation,
    load_priors,
    load_sources,
    load_targets,
    range_text,
)
from sim.held_out import load_held_out

DOCS = Path(__file__).resolve().parent
PAGES = ("evidence.md", "model.md")


def rows(head: Sequence[str], body: Iterator[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def keys(names: Sequence[str]) -> str:
    """Keys as code, other words as they are."""
    return ", ".join(f"`{name}`" if "." in name else name for name in names)


def patterns() -> str:
    """The table of docs/model.md: a row a pattern."""
    def body() -> Iterator[Sequence[str]]:
        for code, target in load_targets().items():
            told = "; ".join(f"{part.about}: {range_text(part)}" for part in target.parts)
            yield code, target.pattern, told, keys(target.informs)

    return rows(("Code", "Pattern", "Range", "Sets or informs"), body())


def targets() -> str:
    """A row a number: how it is measured, what kind it is."""
    def body() -> Iterator[Sequence[str]]:
        for code, target in load_targets().items():
            for place, part in enumerate(target.parts):
                told = (target.measured_as, cited(target.sources)) if place == 0 else ("", "")
                name = code if place == 0 else ""
                yield name, part.about, range_text(part), part.scale, part.kind, *told

    return rows(("Code", "Number", "Range", "Scale", "Kind", "Measured as", "Sources"), body())


def cited(sources: Sequence[Citation]) -> str:
    """Sources with their marks and what they found."""
    return "; ".join(f"{one.source} ({one.mark}): {one.found}" for one in sources)


def held_out() -> str:
    """A row a criterion."""
    def body() -> Iterator[Sequence[str]]:
        for code, fact in load_held_out().items():
            for place, one in enumerate(fact.criteria):
                first, last = (code, fact.fact), cited(fact.sources)
                name, told, said = (*first, last) if place == 0 else ("", "", "")
                yield name, told, f"`{one.name}`", one.words, said

    return rows(("Code", "Fact", "Quantity", "Passes", "Sources"), body())


def priors() -> str:
    """A row a prior: the keys that carry it, and where they depart from it."""
    def body() -> Iterator[Sequence[str]]:
        for name, one in load_priors().items():
            spread = f"{one.range[0]:g} to {one.range[1]:g}"
            remark = one.departs or one.no_key
            yield (name.replace("_", " "), one.unit, f"{one.centre:g}", spread,
                   keys(one.keys) or "none", remark, ", ".join(one.source))  # fmt: skip

    head = ("Prior", "Unit", "Centre", "Range", "Keys", "Departs, or why none", "Sources")
    return rows(head, body())


def sources() -> str:
    """A row a source."""
    body = ((f"`{name}`", one.kind, one.title) for name, one in load_sources().items())
    return rows(("Name", "Kind", "What it is"), body)


def marks() -> str:
    """What the marks mean."""
    return rows(("Mark", "Meaning"), iter(MARKS.items()))


TABLES: dict[str, Callable[[], str]] = {
    "patterns": patterns, "targets": targets, "held out": held_out, "priors": priors,
    "sources": sources, "marks": marks,
}  # fmt: skip


def rendered(page: str) -> str:
    """A page with its tables written anew."""
    for name, table in TABLES.items():
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
        page = between.sub(lambda found, made=table: f"{found[1]}{made()}\n{found[2]}", page)  # type: ignore[misc]
    return page


def main() -> None:
    """Write both pages."""
    for name in PAGES:
        path = DOCS / name
        path.write_text(rendered(path.read_text(encoding="utf-8")), encoding="utf-8")
        print(name)


if __name__ == "__main__":
    main()
