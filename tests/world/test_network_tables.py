"""A user's own table: what is accepted, what is refused, and what the refusal says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.declared import split
from sim.errors import UserError
from sim.paths import conf_dir
from sim.vocabulary import KINDS
from sim.world import table_checks
from sim.world.accounts import Accounts, NetworkSettings, load_accounts, load_network
from sim.world.markets import Markets, load_markets

TREE = yaml.safe_load((conf_dir() / "network" / "default.yaml").read_text(encoding="utf-8"))
VALUES = split(TREE)[0]
HEADER = "name,market,platform,followers,as_of"
GOOD = "Embassy in Peru,Peru,twitter,1200,2016-12"
MARKETS = load_markets(VALUES["markets"], "Russia")
MARKET_HEADER = "name,region,language,utc_offset_h,weight"


def chosen(table: Path | str, background: str = "none") -> NetworkSettings:
    return NetworkSettings(**{**VALUES, "table": str(table), "background": background})


def write(folder: Path, content: str | bytes, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def load(folder: Path, content: str | bytes, background: str = "none") -> Accounts:
    return load_accounts(chosen(write(folder, content), background), MARKETS)


def test_five_columns_are_enough(tmp_path: Path) -> None:
    accounts = load(tmp_path, f"{HEADER}\n{GOOD}\nMission 2,FR,twitter,0,2016\n")
    assert accounts.names == ["Embassy in Peru", "Mission 2"]
    assert [MARKETS.names[row] for row in accounts.markets] == ["Peru", "France"]
    assert accounts.n_followers.tolist() == [1200, 0]
    assert {KINDS[kind] for kind in accounts.kinds} == {"mission"}
    assert accounts.measured.all()
    assert accounts.imputed["hours_per_week"] == accounts.imputed["kind"] == 2
    assert (accounts.posts_per_week > 0).all() and (accounts.hours_per_week > 0).all()
    assert "hours for 2" in accounts.notes()[0] and "of 2 accounts" in accounts.notes()[0]


def test_markets_go_by_name_code_and_the_short_forms_that_people_use(tmp_path: Path) -> None:
    rows = "".join(f"Mission {k},{word},twitter,10,2016\n"
                   for k, word in enumerate(("Peru", "pe", "UK", "gb", "USA", "UAE")))  # fmt: skip
    accounts = load(tmp_path, f"{HEADER}\n{rows}")
    assert [MARKETS.names[row] for row in accounts.markets] == [
        "Peru", "Peru", "United Kingdom", "United Kingdom", "United States", "United Arab Emirates",
    ]  # fmt: skip
    with pytest.raises(UserError, match=r"all in markets\.csv"):
        load(tmp_path, f"{HEADER}\nMission,Atlantis,twitter,10,2016\n")


@pytest.mark.parametrize(
    "content",
    [
        f"\ufeff{HEADER}\r\n{GOOD}\r\n",
        f"{HEADER}\r{GOOD}\r",
        f"{HEADER}\n\n{GOOD}\n\n,,,,\n",
        f"{HEADER}\n{GOOD}".replace(",", ";"),
        f"{HEADER}\n{GOOD}".replace(",", "\t"),
        f"{HEADER},,\n{GOOD},,\n".replace(",,\n", "\n"),
        f"{HEADER}\n{GOOD},,\n",
        f"{HEADER.upper()}\n{GOOD}\n",
        HEADER.replace("platform", "platforms") + f"\n{GOOD}\n",
        f"{HEADER}\nEmbassy in Peru , peru,Twitter|facebook,1200,2016-12-31\n",
        "as_of,followers,platform,market,name\n2016,1200,twitter ; vk,PE,Embassy in Peru\n",
    ],
)
def test_many_ways_of_writing_one_table(tmp_path: Path, content: str) -> None:
    accounts = load(tmp_path, content)
    assert accounts.names == ["Embassy in Peru"] and accounts.n_followers.tolist() == [1200]
    assert MARKETS.names[accounts.markets[0]] == "Peru"


@pytest.mark.parametrize("name", ["=1+1", "+7 embassy", "-mission", "@embassy", '"a, b"', "Посол"])
def test_a_name_is_text_whatever_it_starts_with(tmp_path: Path, name: str) -> None:
    accounts = load(tmp_path, f"{HEADER}\n{name},Peru,twitter,5,2016\n")
    assert accounts.names == [name.strip('"')]


CELLS = [  # (column, cell, words the message must hold)
    ("followers", "-5", ["followers", "'-5'", "whole number"]),
    ("followers", "12.5", ["12.5", "whole number"]),
    ("followers", "nan", ["'nan'"]),
    ("followers", "inf", ["'inf'"]),
    ("followers", "1e3", ["'1e3'"]),
    ("followers", "", ["followers", "platform none"]),
    ("followers", '"1,200"', ["write 1200"]),
    ("followers", "1 200", ["write 1200"]),
    ("followers", "99999999999", ["1,000,000,000"]),
    ("followers", "9" * 400, ["..."]),
    ("followers", "١٢", ["whole number"]),
    ("market", "Frnace", ["did you mean 'France'?"]),
    ("market", "", ["market"]),
    ("market", "=cmd|' /C calc'!A0", ["market"]),
    ("platform", "twiter", ["did you mean 'twitter'?"]),
    ("platform", "", ["platform"]),
    ("platform", "twitter;;vk", ["platform"]),
    ("platform", "twitter|twitter", ["once"]),
    ("platform", "twitter|none", ["stands alone"]),
    ("platform", "none", ["leave it empty"]),
    ("as_of", "12/2016", ["2016-12"]),
    ("as_of", "2016-13", ["2016-12"]),
    ("as_of", "", ["as_of"]),
    ("name", "", ["name"]),
    ("name", '"two\nlines"', ["line breaks"]),
    ("name", "bell\x07", ["control characters"]),
    ("name", "x" * 300, ["200 characters"]),
    ("kind", "misson", ["did you mean 'mission'?", "headquarters"]),
    ("language", "Frensh", ["did you mean 'French'?"]),
    ("measured", "yes", ["measured, inferred"]),
    ("posts_per_day", "-1", ["posts_per_day", "0 to 500"]),
    ("posts_per_day", "nan", ["'nan'"]),
    ("posts_per_day", '"0,5"', ["0.5"]),
    ("posts_per_day", "1_0", ["'1_0'"]),
    ("hours_per_week", "1e9", ["hours_per_week"]),
    ("image_share", "50%", ["from 0 to 1"]),
    ("image_share", "1.01", ["from 0 to 1"]),
    ("dormant_share", "2", ["dormant_share"]),
    ("joined_years", "-3", ["joined_years"]),
    ("tone_formal", "1", ["tone_informal", "all five"]),
]


@pytest.mark.parametrize(("column", "cell", "words"), CELLS)
def test_a_bad_cell_is_refused_by_name(
    tmp_path: Path, column: str, cell: str, words: list[str]
) -> None:
    cells = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | {column: cell}
    content = f"{','.join(cells)}\n{','.join(cells.values())}\n"
    with pytest.raises(UserError) as refusal:
        load(tmp_path, content)
    said = str(refusal.value)
    assert "mine.csv" in said and "row 2" in said
    for word in words:
        assert word in said


FILES = [  # (content, words)
    ("", ["is empty"]),
    ("\n\n  \n", ["is empty"]),
    (HEADER, ["no rows"]),
    (f"{HEADER}\n,,,,\n", ["no rows"]),
    ("name,market,platform,followers\nA,Peru,twitter,1\n", ["as_of", "missing"]),
    (f"{HEADER},folowers\n{GOOD},3\n", ["did you mean 'followers'?"]),
    (f"{HEADER},hours\n{GOOD},3\n", ["'hours'", "no such column"]),
    (f"{HEADER},followers\n{GOOD},3\n", ["twice"]),
    (f"{HEADER},\n{GOOD},3\n", ["no such column"]),
    (f"{HEADER}\n{GOOD}\n{GOOD}\n", ["row 3", "already in row 2"]),
    (f"{HEADER}\n{GOOD},7\n", ["6 cells", "the header 5"]),
    (f"{HEADER}\nA,Peru\n", ["2 cells"]),
    (f'{HEADER}\n"A,Peru,twitter,5,2016\n', ["row 2", "quotation mark"]),
    (f"{HEADER}\nMéxico,Peru,twitter,5,2016\n".encode("latin-1"), ["line 2", "UTF-8"]),
    (f"{HEADER}\n{GOOD}\n".encode("utf-16"), ["UTF-16"]),
    (b"PK\x03\x04\x14\x00", ["workbook"]),
    (f"{HEADER}\nA\x00,Peru,twitter,5,2016\n", ["NUL"]),
    (f"{HEADER}\nA,Peru,weibo,5,2016\n", ["no account of the ministry on twitter"]),
    (f"{HEADER},kind\nA,Peru,twitter,5,2016,rival\n", ["no account of the ministry"]),
    (f"{HEADER}\n" + f"A{'x' * 200_000},Peru,twitter,5,2016\n", ["row 2"]),
    ("{}", ["missing"]),
    ("\x89PNG\r\n\x1a\n", ["mine.csv"]),
]


@pytest.mark.parametrize(("content", "words"), FILES)
def test_a_bad_file_is_refused(tmp_path: Path, content: str | bytes, words: list[str]) -> None:
    with pytest.raises(UserError) as refusal:
        load(tmp_path, content)
    for word in ("mine.csv", *words):
        assert word in str(refusal.value)


def test_ten_problems_are_told_at_once(tmp_path: Path) -> None:
    rows = "\n".join(f"A{i},Peru,twitter,-{i + 1},2016" for i in range(25))
    with pytest.raises(UserError) as refusal:
        load(tmp_path, f"{HEADER}\n{rows}\n")
    assert str(refusal.value).count("whole number") == 10
    assert "first 10 problems" in str(refusal.value)
    with pytest.raises(UserError, match="2 problems"):
        load(tmp_path, f"{HEADER}\nA,Peru,twitter,-1,2016\nB,Peru,twitter,x,2016\n")


def test_a_huge_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_checks, "MAX_BYTES", 100)
    with pytest.raises(UserError, match="MB"):
        load(tmp_path, f"{HEADER}\n{GOOD}\n" + "x" * 200)
    monkeypatch.setattr(table_checks, "MAX_BYTES", 10**6)
    monkeypatch.setattr(table_checks, "MAX_ROWS", 3)
    rows = "\n".join(f"A{i},Peru,twitter,1,2016" for i in range(5))
    with pytest.raises(UserError, match="at most 3"):
        load(tmp_path, f"{HEADER}\n{rows}\n")


@pytest.mark.parametrize(
    "name", ["nowhere.csv", ".", "a\x00b.csv", "x" * 5_000, "../mine.cvs", "", "~nobody/a.csv"]
)
def test_a_missing_table_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write(tmp_path, f"{HEADER}\n{GOOD}\n")
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    with pytest.raises(UserError) as refusal:
        load_accounts(chosen(name), MARKETS)
    assert "network.table" in str(refusal.value)
    if name.startswith(".."):
        assert "mine.csv" in str(refusal.value)


@given(st.binary(max_size=300))
@settings(max_examples=150)
def test_no_bytes_bring_a_traceback(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    for content in (raw, HEADER.encode() + b"\n" + raw):
        try:
            load(folder, content)
        except UserError as refusal:
            assert "mine.csv" in str(refusal)


def same_values(one: Accounts, other: Accounts, name: str) -> None:
    i, j = one.names.index(name), other.names.index(name)
    for column in ("hashes", "posts_per_week", "hours_per_week", "tone_mixes", "image_shares",
                   "video_shares", "local_language_shares"):  # fmt: skip
        np.testing.assert_array_equal(getattr(one, column)[i], getattr(other, column)[j])


def test_an_account_keeps_its_draws_whatever_stands_around_it(tmp_path: Path) -> None:
    rows = [f"M{i},Peru,twitter,{50 * i},2016" for i in range(12)]
    full = load(tmp_path, "\n".join([HEADER, *rows]))
    turned = load(tmp_path, "\n".join([HEADER, *reversed(rows)]))
    few = load(tmp_path, "\n".join([HEADER, *rows[3:5]]))
    for i in range(12):
        same_values(full, turned, f"M{i}")
    same_values(full, few, "M4")
    assert len(np.unique(full.posts_per_week)) == 12


def test_hours_and_posts_give_one_another(tmp_path: Path) -> None:
    header = f"{HEADER},posts_per_day,hours_per_week"
    both = load(tmp_path, f"{header}\nA,Peru,twitter,9,2016,2,\nB,Peru,twitter,9,2016,,40\n")
    price = both.hours_per_week / both.posts_per_week
    assert both.posts_per_week[0] == 14 and both.hours_per_week[1] == 40
    assert (np.abs(np.log(price / 2.2)) < 0.8).all()
    assert both.imputed["posts_per_day"] == both.imputed["hours_per_week"] == 1
    none = load(tmp_path, f"{header}\nA,Peru,twitter,9,2016,0,0\n")
    assert none.posts_per_week.tolist() == none.hours_per_week.tolist() == [0.0]


def test_given_values_are_kept(tmp_path: Path) -> None:
    tones = "tone_formal,tone_informal,tone_witty,tone_sharp,tone_cultural"
    accounts = load(
        tmp_path,
        f"{HEADER},{tones},dormant_share,joined_years,language,kind,measured\n"
        f'{GOOD},.2,.2,.2,.2,.2,0.4,3,Quechua,official,"rank measured, value inferred"\n'.replace(
            "Quechua", "French"
        ),
    )
    np.testing.assert_allclose(accounts.tone_mixes, 0.2)
    assert accounts.dormant_shares.tolist() == [0.4] and accounts.joined_years.tolist() == [3.0]
    assert MARKETS.languages[accounts.languages[0]] == "French"
    assert not accounts.measured[0] and "kind" not in accounts.imputed


def test_one_owner_on_two_platforms_has_two_rows(tmp_path: Path) -> None:
    accounts = load(
        tmp_path,
        f"{HEADER}\n{GOOD}\nEmbassy in Peru,Peru,vk,7,2016\nB,Peru,vk;twitter,8,2016\n"
        "C,Peru,none,,2016\nD,Peru,weibo,,2016\n",
    )
    assert accounts.names == ["Embassy in Peru"]
    assert accounts.absent == [("B", ("vk", "twitter")), ("C", ()), ("D", ("weibo",))]
    said = " ".join(accounts.notes())
    assert "D (weibo)" in said and "1 have no account" in said and "first: B" in said
    with pytest.raises(UserError, match="already in row 2"):
        load(tmp_path, f"{HEADER}\n{GOOD}\nEmbassy in Peru,Peru,vk|twitter,7,2016\n")


def test_background_is_borrowed_only_where_it_lacks_and_is_said(tmp_path: Path) -> None:
    rows = f"{HEADER},kind\n{GOOD},mission\nB,France,twitter,9,2016,\n"
    alone, borrowed = load(tmp_path, rows), load(tmp_path, rows, "default")
    assert len(alone) == 2 and alone.n_borrowed == {}
    assert borrowed.n_borrowed == {"rival": 104, "media": 30}
    assert {MARKETS.names[row] for row in borrowed.markets} == {"Peru", "France"}
    assert "104 rival and 30 media" in " ".join(borrowed.notes())
    same_values(alone, borrowed, "B")
    own = load(tmp_path, rows + "My rival,France,twitter,10,2016,rival\n", "default")
    assert own.n_borrowed == {"media": 30}
    markets, narrow = load_network(chosen(write(tmp_path, rows), "default"))
    assert sorted(markets.names) == ["France", "Peru", "Russia"]
    assert markets.names[narrow.markets[0]] == "Peru"


def test_a_borrowed_name_may_not_meet_ones_own(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="background"):
        load(
            tmp_path, f'{HEADER}\n"Rival ministry A, headquarters",Peru,twitter,1,2016\n', "default"
        )


def market_table(folder: Path, rows: str, home: str = "Utopia") -> Markets:
    return load_markets(write(folder, f"{MARKET_HEADER}\n{rows}\n"), home)


def test_own_markets(tmp_path: Path) -> None:
    markets = market_table(tmp_path, "Utopia,Europe,Utopian,1.5,3\nErewhon,Asia,English,9,.5")
    assert markets.languages == ["English", "Utopian"] and markets.home == 0
    assert markets.weights.tolist() == [3.0, 0.5] and markets.row("EREWHON") == 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("Utopia,Erope,Utopian,1,3", ["did you mean 'Europe'?"]),
        ("Utopia,Europe,,1,3", ["language"]),
        ("Utopia,Europe,Utopian,,3", ["utc_offset_h", "give a number"]),
        ("Utopia,Europe,Utopian,25,3", ["-12 to 14"]),
        ("Utopia,Europe,Utopian,1,0", ["weight"]),
        ("Utopia,Europe,Utopian,1,nan", ["weight"]),
        ("Utopia,Europe,Utopian,1,3\nUtopia,Asia,Thai,1,3", ["already in row 2"]),
        ("Utopie,Europe,Utopian,1,3", ["network.home", "Did you mean 'Utopie'?"]),
        ("\n".join(f"U{i},Europe,L{i},1,1" for i in range(300)), ["255"]),
    ],
)
def test_bad_markets_are_refused(tmp_path: Path, rows: str, words: list[str]) -> None:
    with pytest.raises(UserError) as refusal:
        market_table(tmp_path, rows)
    for word in ("mine.csv", *words):
        assert word in str(refusal.value)


def test_unknown_platform_and_nonsense_settings() -> None:
    with pytest.raises(UserError, match="Did you mean 'twitter'"):
        load_accounts(NetworkSettings(**VALUES), MARKETS, platform="twiter")
    for change in ({"tone_mix": [0.5] * 5}, {"tone_mix": [1.0]}, {"image_share": 1.5}):
        with pytest.raises(ValueError):
            NetworkSettings(**{**VALUES, "imputation": {**VALUES["imputation"], **change}})
    with pytest.raises(ValueError):
        chosen("network/default.csv", background="some")


def test_constants_cannot_come_from_a_side_that_is_not_there(tmp_path: Path) -> None:
    table = write(tmp_path, f"{HEADER}\n{GOOD}\n")
    settings = chosen(table).model_copy(update={"reference": "rival"})
    with pytest.raises(UserError, match=r"network\.reference=rival, .* no rival account"):
        load_accounts(settings, MARKETS)
    both = write(tmp_path, f"{HEADER},kind\n{GOOD},mission\nRival,Peru,twitter,9,2016,rival\n")
    assert len(load_accounts(chosen(both).model_copy(update={"reference": "rival"}), MARKETS)) == 2
