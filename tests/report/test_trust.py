"""The trust card as printed, and the short form under every result."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sim.door.trust_shown import packaged_card
from sim.held_out import load_held_out
from sim.report.trust import bounds_text, card_rows, card_text, fact_miss, pattern_miss
from sim.report.trust_line import met_by_draw, short_form, together, trust_sentences
from tests.door.cards import card


def told(width: int = 100, **changes: Any) -> str:
    return card_text({**card(), **changes}, width)


@pytest.mark.parametrize("width", [80, 100])
def test_the_card_fits(width: int) -> None:
    lines = told(width).splitlines()
    assert max(map(len, lines)) <= width
    whole = "\n".join(lines)
    assert whole.index("EMERGENT") < whole.index("FITTED") < whole.index("INPUT")
    assert whole.index("INPUT") < whole.index("FACTS HELD OUT")


def test_every_number_stands_on_the_card_whatever_it_shows() -> None:
    text = told()
    for code, fact in load_held_out().items():
        rows = [line for line in text.splitlines() if line.startswith(f"{code} ")]
        assert len(rows) == len(fact.criteria), code
    for code in [f"C{k}" for k in range(1, 18)]:
        assert any(line.startswith(f"{code} ") for line in text.splitlines()), code
    assert "the investment" in text and "the interest" in text and "not known" in text


def test_rows_by_hand() -> None:
    lines = told().splitlines()
    (row,) = [one for one in lines if one.startswith("D1 ")]
    assert "1 in 10,000" in row and "0 of 4" in row and "misses by x 10" in row
    (row,) = [one for one in lines if one.startswith("D4 ")]
    assert "x 4" in row and "in range" in row and "x 1, out" in row
    (row,) = [one for one in lines if one.startswith("C3 ")]
    assert "33 to 58 %" in row and "4 of 4" in row and "in range" in row


def test_misses_and_ranges_in_words() -> None:
    row: dict[str, Any] = {"in_range": False, "miss": -0.5, "scale": "linear"}
    assert fact_miss(row) == "misses by 0.50\n(below it)"
    assert fact_miss({**row, "miss": 0.0}) == "misses:\non the end"
    assert bounds_text({"range": [1000.0, None], "strict": True, "unit": "ratio"}) == "above 1,000"
    assert bounds_text({"range": [None, 0.0], "strict": False, "unit": "sd"}) == "0 or less"
    assert bounds_text({"range": [3.0, 6.0], "strict": False, "unit": "x"}) == "x 3 to 6"


def test_a_pattern_in_range_in_half_of_the_draws_is_no_plain_miss() -> None:
    row: dict[str, Any] = {"in_range": False, "miss": -0.16, "share_in_range": 0.5}
    assert pattern_miss(row) == "half are; median\n0.16 sd below it"
    assert pattern_miss({**row, "share_in_range": 0.375}) == "misses by 0.16 sd\n(below it)"


def test_a_cut_card_says_so_and_one_without_facts_too() -> None:
    assert "Cut to 30 days" in told(cut=True, fact_days=30)
    bare = {**card(), "facts": {}}
    bare["counts"] = {**bare["counts"], "facts": {"of": 0, "hold": 0}}
    assert "left aside" in card_text(bare) and "held out" not in short_form(bare)[0]


def test_the_table_is_the_card() -> None:
    header, rows = card_rows(card())
    assert {len(row) for row in rows} == {len(header)}
    by_key = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert by_key["D4.growth.switch"]["kind"] == "held out, not judged"
    assert by_key["D4.growth"]["beats_naive"] == "better"
    assert by_key["C3"]["kind"] == "fitted" and by_key["C3"]["n_in_range"] == 4


def test_the_short_form() -> None:
    (line,) = short_form(card())
    assert line.startswith("Trust: ") and "of 21 published patterns" in line
    assert "1 of 5 facts held out" in line and "D2+D3" in line and "docs/trust.md" in line
    assert "D4" not in line and "D5" not in line and len(line) < 250
    assert trust_sentences(None, ("sharing.p0=0.1",)) == []
    assert trust_sentences(card(), ()) == [line]
    (changed,) = trust_sentences(card(), ("a=1", "b=2", "c=3", "d=4"))
    assert changed.startswith(line) and "default world, not this one (a=1, b=2, c=3 and" in changed


def test_the_short_form_says_what_one_draw_meets_at_once() -> None:
    row = {"range": [1.0, 2.0], "draws": [1.0, 2.0, 3.0, None]}
    open_ended = {"range": [None, 2.0], "draws": [-5.0, 2.5, 2.0, 0.0]}
    assert met_by_draw([row, open_ended]) == [2, 1, 1, 1]
    assert together([row, open_ended]) == " (a draw meets 1 in the median, 1 of 4 all)"
    assert together([open_ended, {**open_ended, "range": [3.0, None]}]).endswith("none all)")
    assert together([{**row, "draws": []}]) == ""


def test_the_packaged_card_tells_its_draws_from_its_own_rows() -> None:
    packaged = packaged_card()
    assert packaged is not None
    rows = packaged["patterns"].values()
    assert [sum(met_by_draw([row])) for row in rows] == [row["n_in_range"] for row in rows]
    judged = [row for row in rows if row["kind"] != "input"]
    met = met_by_draw(judged)
    assert len(met) == packaged["worlds"] and max(met) <= len(judged)
    assert together(judged) in short_form(packaged)[0]


def test_the_card_is_strict_json() -> None:
    assert json.loads(json.dumps(card(), allow_nan=False)) == card()
