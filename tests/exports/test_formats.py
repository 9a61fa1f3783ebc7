"""Every known export is recognised and read; what is broken is refused by file, row and column."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sim.errors import UserError
from sim.exports.cells import Clock, decimal_mark, read_counts, refuse_zeros
from sim.exports.folder import Collected, collect
from sim.exports.read import read_file
from sim.report.own_data import files_told, read_alike
from sim.world.table_checks import Problems

NOW = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)
X = (
    "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Shares,New follows,Replies,"
    'Reposts\n1896530996229046279,"Tue, Mar 4, 2025",Hello,'
    'https://x.com/Embassy/status/1896530996229046279,"1,234",5,9,7,1,0,2\n'
)
TWITTER = (
    '"Tweet id","Tweet permalink","Tweet text","time","impressions","engagements",'
    '"engagement rate","retweets","replies","likes","promoted impressions"\n'
    '"1226928883355791360","https://twitter.com/Embassy/status/1226928883355791360","@you Yes",'
    '"2020-02-10 18:00 +0000","1203.0","39.0","0.0324","4.0","0.0","7.0","-"\n'
)
FACEBOOK = (
    "Post ID,Page ID,Page name,Title,Description,Duration (sec),Publish time,Permalink,Post type,"
    'Date,Views,Reach,"Reactions, Comments and Shares",Reactions,Comments,Shares\n'
    "122158,615,Embassy,,Hello,0,10/25/2025 21:00,https://x,Photos,Lifetime,300,200,9,5,1,3\n"
)
INSTAGRAM = (
    "Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,"
    "Permalink,Post type,Data comment,Date,Views,Reach,Likes,Shares,Follows,Comments,Saves\n"
    '18011,1784,embassy,Embassy,Test,44,10/13/2025 08:31,https://i,IG reel,,Lifetime,"12,400",9100,'
    "610,88,41,57,230\n"
)
YOUTUBE = (
    "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,"
    "Impressions,Impressions click-through rate (%)\n"
    'Total,,,,620,230.5,12,9000,5.1\nabc123XYZ_-,A film,"Sep 20, 2025",45,620,0.5,1,9000,4.2\n'
)


def clock(**changes: object) -> Clock:
    return Clock(**{"zone": ZoneInfo("UTC"), "now": NOW, **changes})


def files(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, keep_text: bool = False, trust_ids: bool = False, **changes: object
         ) -> Collected:  # fmt: skip
    return collect(folder, clock(**changes), keep_text=keep_text, trust_ids=trust_ids)


@pytest.mark.parametrize(
    ("text", "title", "post", "counts", "flags"),
    [
        (X, "X, content", "1896530996229046279",
         {"impressions": 1234, "retweets": 2, "likes": 5}, {"is_reply": 0}),
        (TWITTER, "Twitter Analytics, tweets", "1226928883355791360",
         {"impressions": 1203, "retweets": 4, "promoted_impressions": None}, {"is_reply": 1}),
        (FACEBOOK, "Meta Business Suite, Facebook", "122158",
         {"impressions": 300, "reach": 200, "likes": 5, "replies": 1, "retweets": 3},
         {"has_image": 1, "has_video": 0}),
        (INSTAGRAM, "Meta Business Suite, Instagram", "18011",
         {"impressions": 12400, "reach": 9100, "likes": 610, "new_follows": 41},
         {"has_image": 0, "has_video": 1}),
        (YOUTUBE, "YouTube Studio, content", "abc123XYZ_-", {"impressions": 620},
         {"has_video": 1}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("disguise", ["", "bom", "semicolons"])
def test_known_exports(
    text: str, title: str, post: str, counts: dict, flags: dict, disguise: str, tmp_path: Path
) -> None:
    if disguise == "semicolons":
        import csv
        import io

        rows, out = list(csv.reader(io.StringIO(text))), io.StringIO()
        csv.writer(out, delimiter=";").writerows(rows)
        text = out.getvalue()
    path = tmp_path / "Embassy.csv"
    path.write_text(text, encoding="utf-8-sig" if disguise == "bom" else "utf-8")
    found = read_file(path, "", clock(), keep_text=False, trust_ids=False)
    (line,) = found.lines
    assert (found.export.title, line.post, line.text) == (title, post, "")
    assert line.account.lower() == "embassy"
    assert {name: line.counts[name] for name in counts} == counts
    assert {name: line.flags[name] for name in flags} == flags


def test_shares_of_x_are_no_reposts_and_totals_are_dropped(tmp_path: Path) -> None:
    found = read_file(files(tmp_path, a=X) / "a.csv", "", clock(), keep_text=True, trust_ids=False)
    assert "not re-shares" in found.ignored["Shares"] and found.lines[0].text == "Hello"
    video = read_file(files(tmp_path, b=YOUTUBE) / "b.csv", "", clock(), keep_text=False,
                      trust_ids=False)  # fmt: skip
    assert video.remarks == ("row 2, the total, was left out",)


def test_a_table_of_accounts_is_read_later_and_nothing_of_it_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("name,market,platform,followers,as_of\nA,Peru,twitter,5,2016\n")
    found = read_file(path, "", clock(), keep_text=False, trust_ids=False)
    assert (found.n_rows, found.lines, dict(found.ignored)) == (1, (), {})


def test_files_of_which_the_same_is_told_are_told_once() -> None:
    usual = {"export": "X, content", "rows": 2, "mapped": {"Date": "posted_at"}, "ignored": {},
             "missing": [], "remarks": []}  # fmt: skip
    files = [{**usual, "file": "a"}, {**usual, "file": "b", "remarks": ["one row is empty"]},
             {**usual, "file": "c", "rows": 5}]  # fmt: skip
    (alike, odd) = read_alike(files)
    assert files_told(alike[1]) == "a to c: X, content, 2 files, 7 rows"
    assert odd == (["Mapped: Date -> posted_at.", "One row is empty."], [files[1]])
    assert files_told(odd[1]) == "b: X, content, 2 rows"


def test_times_of_all_forms(tmp_path: Path) -> None:
    def moments(*times: str, **changes: object) -> list[str]:
        rows = "".join(f'a,{n},"{time}"\n' for n, time in enumerate(times))
        (tmp_path / "t.csv").write_text("account,retweets,posted_at\n" + rows, encoding="utf-8")
        found = read_file(tmp_path / "t.csv", "", clock(**changes), keep_text=False,
                          trust_ids=False)  # fmt: skip
        return [str(line.moment) for line in found.lines]

    assert moments("2022-12-31 16:00:13", zone=ZoneInfo("Europe/Berlin")) == [
        "2022-12-31 15:00:13+00:00"]  # fmt: skip
    assert moments("2022-12-31T16:00+02:00", "Jul 4, 2025", "4 July 2025 3:05 PM") == [
        "2022-12-31 14:00:00+00:00", "2025-07-04", "2025-07-04 15:05:00+00:00"]  # fmt: skip
    assert moments("31.12.2022", "01.02.2023") == ["2022-12-31", "2023-02-01"]
    assert moments("3/4/2022", "12/31/2022 08:31") == ["2022-03-04", "2022-12-31 08:31:00+00:00"]
    assert moments("3/4/2022", day_first=True) == ["2022-04-03"]
    assert moments("44926.5", "44926") == ["2022-12-31 12:00:00+00:00", "2022-12-31"]
    with pytest.raises(UserError, match="day or month first"):
        moments("3/4/2022", "5/6/2022")


def test_counts_of_all_forms() -> None:
    def counts(*texts: str) -> list[int | None]:
        problems = Problems("t.csv")
        found = read_counts(list(enumerate(texts, 2)), "likes", problems)
        problems.tell()
        return found

    assert counts("1,234", "1,234,567", "7", "", "-") == [1234, 1234567, 7, None, None]
    assert counts("1.234", "12") == [1234, 12]
    assert counts("1203,0", "4,0") == [1203, 4]
    assert counts("1.203,0", "4,0") == [1203, 4]
    assert counts("12\u00a0345", "1'000") == [12345, 1000]
    assert counts("120.000", "4.0") == [120, 4]
    assert decimal_mark(["1,234", "5"]) == ""
    for wrong in ("-1", "1.5", "1.2E+05", "many", "1,23,4"):
        with pytest.raises(UserError, match="row 2, column 'likes'"):
            counts(wrong)


def ids(n: int, zeros: int) -> list[tuple[int, str]]:
    genuine = [1896530996229046279 + 8 * k + (k % 7) for k in range(n)]
    return [(k, str(one)[:-3] + ("000" if k < zeros else "123")) for k, one in enumerate(genuine)]


@pytest.mark.parametrize(("n", "zeros", "refused"), [
    (1, 1, True), (3, 3, True), (2_000, 2, False), (2_000, 40, True), (500, 1, False),
])  # fmt: skip
def test_rounded_identifiers(n: int, zeros: int, refused: bool) -> None:
    problems = Problems("t.csv")
    refuse_zeros(ids(n, zeros), "post id", problems)
    assert bool(problems.found) == refused


REFUSED = [
    (X.replace("1896530996229046279,\"", "1.89653E+18,\""), "row 2, column 'post id'"),
    (X.replace("1896530996229046279,\"", "1896530996229046000,\""), "rounded this identifier"),
    (X.replace("Reposts", "Reshared"), "nearest is 'X, content', which also has 'reposts'"),
    (X.replace("Tue, Mar 4, 2025", "Tue, Mar 4, 2031"), "no post was made then"),
    (X.replace('"1,234",5', '"1,234",-5'), "row 2, column 'likes': '-5'"),
    (X.replace("Tue, Mar 4, 2025", "soon"), "row 2, column 'date': 'soon'"),
    (FACEBOOK.replace("300,200", "300,301"), "more than impressions (300)"),
    (X.splitlines()[0], "a header and no rows"),
    ("", "is empty"),
    ("a,b\n1,2\n", "belong to no known export"),
    (X + X.splitlines()[1] + "\n", "already in"),
    (X.replace("5,9,7,1,0,2", "5,9,7,1,0,2,8,9"), "this row has 13 cells, the header 11"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), REFUSED, ids=range(len(REFUSED)))
def test_bad_files_are_refused_with_their_place(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        read(files(tmp_path, broken=text))
    assert told in str(refused.value) and "broken.csv" in str(refused.value)


def test_other_encodings_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is no folder"):
        read(tmp_path / "nowhere")
    with pytest.raises(UserError, match=r"holds no \.csv"):
        read(tmp_path)
    (tmp_path / "latin.csv").write_bytes(X.replace("Hello", "Gr\xfc\xdfe").encode("latin-1"))
    with pytest.raises(UserError, match=r"latin\.csv, line 2: not UTF-8"):
        read(tmp_path)


def test_an_overview_needs_to_be_somebody_s(tmp_path: Path) -> None:
    overview = 'Date,Impressions,New follows,Unfollows\n"Tue, Mar 4, 2025",9,3,1\n'
    found = read(files(tmp_path, content=X, overview=overview))
    assert [one.account for one in found.days] == ["Embassy"]
    second = X.replace("1896530996229046279", "1896530996229046280").replace("/Embassy/", "/Other/")
    with pytest.raises(UserError, match="does not say whose overview it is"):
        read(files(tmp_path, second=second))


def test_workbooks(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["account", "posted_at", "retweets"])
    book.active.append(["A", dt.datetime(2025, 3, 4, 10, 30), 12])
    book.active.append(["A", dt.datetime(2025, 3, 5), 1.0])
    book.save(tmp_path / "posts.xlsx")
    found = read(tmp_path)
    assert [str(one.moment) for one in found.posts] == ["2025-03-04 10:30:00+00:00", "2025-03-05"]
    assert [one.counts["retweets"] for one in found.posts] == [12, 1]
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(UserError, match="cannot be read as a workbook"):
        read(tmp_path)
