"""A user's own export: read strictly, measured like a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytest import approx

from sim.errors import UserError
from sim.observables.export import read_export
from sim.observables.followers import GROWN, per_month
from sim.observables.resample import observables

POSTS = """post,account,posted_at,followers,likes,retweets,has_image,has_video,is_reply,impressions
a,B,2022-12-01 10:00:00,300,4,1,1,0,0,200
b,A,2022-12-02T10:00:00+02:00,100,0,0,0,0,0,50
c,B,2022-12-15,300,9,3,0,1,0,400
d,B,2022-12-16,300,1,50,0,0,1,90
"""
SHARES = """post,lag_hours,depth
c,0.5,1
c,30,2
a,2,1
c,1,1
d,1,1
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_of_posts_and_one_of_re_shares(tmp_path: Path) -> None:
    found = read_export(write(tmp_path, "p.csv", POSTS), write(tmp_path, "s.csv", SHARES))
    assert found.n_accounts == 2
    assert found.posts["retweets"].tolist() == [0, 1, 3]  # the reply is out
    assert found.account.tolist() == [0, 1, 1]
    assert found.shares["post"].tolist() == [1, 2, 2, 2]
    assert found.days == approx(13 + 14 / 24)  # from the 1st, 10 h, to the 15th, 0 h
    assert found.accounts["followers"].tolist() == [100, 300]
    values = observables(found, 5)
    assert values["C3"].value == approx(1 / 3)
    assert values["C7"].value == approx(13 / 4)
    assert values["C10"].value == 0.75 and values["C11.within_1h"].value == 0.5
    assert values["C12.half_life"].why.startswith("the data do not say the time until half")


GROWING = """account,posted_at,followers,retweets
A,2022-01-01,100,0
A,2022-03-02 21:00:00,121,1
A,2022-02-01,140,0
B,2022-01-01,300,1
B,2022-01-20,330,2
C,2022-01-01,50,0
C,2022-12-31,,0
"""


def test_followers_from_an_account_s_first_post_to_its_last_say_how_it_grew(tmp_path: Path) -> None:
    found = read_export(write(tmp_path, "g.csv", GROWING))
    grown = per_month(*(found.accounts[name] for name in GROWN))
    assert grown[0] == approx(0.1, abs=1e-4)  # 60.9 days, by a fifth and more
    assert np.isnan(grown[1:]).all()  # too short; only once counted
    assert observables(found, 5)["C18.median"].value == approx(0.1, abs=1e-4)
    still = GROWING.replace("121", "100").replace("140", "100").replace("330", "300")
    counted_once = observables(read_export(write(tmp_path, "h.csv", still)), 5)["C18.total"]
    assert counted_once.value is None and "before and after" in counted_once.why


def test_replies_and_stars_are_kept_only_when_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, "p.csv", POSTS.replace("300", "30000"))
    assert read_export(path, replies=True).n_posts == 4
    assert read_export(path).only("is_ordinary").n_posts == 1
    assert read_export(path, everyone=True).only("is_ordinary").n_posts == 3


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    head, *rows = POSTS.strip().split("\n")
    one = read_export(write(tmp_path, "p.csv", POSTS))
    two = read_export(write(tmp_path, "q.csv", "\n".join([head, *rows[::-1]])))
    a, b = observables(one, 5), observables(two, 5)
    assert {k: v.value for k, v in a.items()} == approx({k: v.value for k, v in b.items()})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("account,likes\nA,1\n", "'retweets'"),
        (POSTS.replace(",50,0,0,1,", ",5x,0,0,1,"), "whole number"),
        (POSTS.replace("2022-12-15", "15.12.2022"), "2022-12-31 16:00:13"),
        (POSTS.replace("has_image", "has_imag"), "did you mean 'has_image'"),
        (POSTS.replace(",1,0,0,200", ",2,0,0,200"), "from 0 to 1"),
    ],
)
def test_a_broken_export_is_refused_by_row_and_column(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UserError) as refused:
        read_export(write(tmp_path, "p.csv", text))
    assert told in str(refused.value)


def test_re_shares_need_posts_with_names_of_their_own(tmp_path: Path) -> None:
    shares = write(tmp_path, "s.csv", SHARES)
    for text in (POSTS.replace("\nb,", "\na,"), "retweets\n1\n"):
        with pytest.raises(UserError, match="a name for every post"):
            read_export(write(tmp_path, "p.csv", text), shares)


def test_users_and_a_bare_table_of_cascades(tmp_path: Path) -> None:
    cascades = "retweets,root_followers,t_half_s\n0,58,\n3,298956,1329\n1,9,\n"
    bare = write(tmp_path, "c.csv", cascades)
    users = write(tmp_path, "u.csv", "activity\n" + "1\n" * 9 + "91\n")
    found = observables(read_export(bare, users=users, everyone=True), 5)
    assert found["C17"].value == approx(0.91)
    assert found["C4.mean"].value == approx(4 / 3)
    assert found["C6"].why == found["C1"].why == "the data do not say which account a post is from"
    assert found["C14.spearman"].value == approx(0.5)  # ranks 2 3 1 and 1 3 2
