"""Names that a user's table brings stay text: in sheets, in vector figures, on the terminal."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import pytest
from rich.text import Text

from sim.errors import UserError
from sim.exports import sheets
from sim.report.style import sheet, styled
from sim.report.terminal import as_text
from sim.study.files import write_csv
from sim.world.account_table import read_accounts
from sim.world.markets import load_markets
from verification.fuzz.tables import FORMULAS, MARKUP

HEAD = "name,market,platform,followers,as_of\n"
SIGNS = tuple("=+-@\t\r")
HOSTILE = (*FORMULAS[:5], *MARKUP, "--><script>x</script>", "[red]x[/red]", "[/]", "[link=x]y")


def quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def names_of(tmp_path: Path, names: tuple[str, ...]) -> list[str]:
    """The names as a table brings them in."""
    path = tmp_path / "mine.csv"
    rows = [f"{quoted(name)},France,twitter,{number},2016" for number, name in enumerate(names, 5)]
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    markets = load_markets("network/markets.csv", "Russia")
    return [row.name for row in read_accounts(path, markets)]


def test_no_name_is_a_formula_in_a_sheet(tmp_path: Path) -> None:
    """Names come in as they are, and go out as text that no spreadsheet works out."""
    names = names_of(tmp_path, HOSTILE)
    assert names == list(HOSTILE)
    write_csv(tmp_path / "out.csv", ["name", "n"], [[name, -1.5] for name in names])
    with open(tmp_path / "out.csv", newline="", encoding="utf-8") as file:
        _, *rows = list(csv.reader(file))
    assert len(rows) == len(names) and all(row[1] == "-1.5" for row in rows)
    assert not [row[0] for row in rows if row[0].lstrip(" ").startswith(SIGNS)]
    assert [row[0].removeprefix("'") for row in rows] == names


def test_sheets_are_written_in_one_place_only() -> None:
    """So that no room writes one without `cell`."""
    import sim

    words = ("csv.writer", "DictWriter", "to_csv", "to_excel", "Workbook(")
    texts = {path.name: path.read_text(encoding="utf-8")
             for path in Path(sim.__file__).parent.rglob("*.py")}  # fmt: skip
    assert [name for name, text in texts.items() if any(one in text for one in words)] == [
        "files.py"
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_markup_in_a_figure(name: str, tmp_path: Path) -> None:
    """An SVG is read by a browser: the name is letters drawn, never an element or an attribute."""

    @styled
    def draw() -> None:
        figure = sheet(2.0)
        figure.text(0.1, 0.5, name)
        figure.savefig(tmp_path / "one.svg", metadata={"Date": None, "Title": name})

    draw()
    text = (tmp_path / "one.svg").read_text(encoding="utf-8")
    tags = {one.tag.rpartition("}")[2] for one in ElementTree.fromstring(text).iter()
            if isinstance(one.tag, str)}  # fmt: skip
    assert not tags & {"script", "img", "foreignObject", "a", "iframe", "image", "set", "animate"}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_markup_on_a_terminal(name: str) -> None:
    assert as_text(lambda width: Text(name), 100).strip() == name.strip()


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\x1b", "\x07", "\u2028", "\x85"])
def test_signs_that_turn_or_break_a_line_are_no_part_of_a_name(sign: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="control characters"):
        names_of(tmp_path, (f"a{sign}b",))


def test_a_workbook_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openpyxl")
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 1_000_000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 2_000_000)
    assert path.stat().st_size < 10_000
    with pytest.raises(UserError, match="unpacks to 2 MB"):
        sheets.workbook_rows(path)
