"""The exports that are recognised, by their headers alone; the name of a file says nothing.

    x_content      X, a post a row, since 2024       twitter_analytics   Twitter, to 2024
    x_overview     X, a day a row                    facebook, instagram Meta Business Suite
    youtube        YouTube Studio, advanced mode     posts, accounts     tables of one's own

Headers as exports had them up to 2026; capitals and blanks do not matter. What a column is called
here: impressions are views by people, whoever they are; retweets are public re-shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.observables.export import ALIASES, POSTS

COUNTS = ("impressions", "reach", "likes", "retweets", "replies", "new_follows", "left",
          "promoted_impressions", "promoted_retweets", "engagements", "followers",
          "impressions_24h", "followers_reached")  # fmt: skip
NOT_RESHARES = "uses of the share button (links copied, sent by message), not re-shares"
PER_POST = "follows and unfollows a day stand in the overview export"


@dataclass(frozen=True, kw_only=True)
class Export:
    """One kind of file. columns: {header: our column}, the first of several headers that is there
    counts; notes: why a known header is not used."""

    name: str
    title: str
    platform: str
    rows: str  # post | day | account
    marks: tuple[tuple[str, ...], ...]  # one of each must be among the headers
    columns: Mapping[str, str]
    required: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    link: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)

    def fits(self, headers: Sequence[str]) -> bool:
        """Whether every mark is there."""
        return all(any(one in headers for one in mark) for mark in self.marks)


def _meta(name: str, title: str, platform: str, marks: tuple[str, ...], account: tuple[str, ...],
          **notes: str) -> Export:  # fmt: skip
    return Export(
        name=name, title=title, platform=platform, rows="post",
        marks=(("post id",), marks, ("publish time",)), required=("post", "posted_at"),
        columns={
            "post id": "post", "publish time": "posted_at", "post type": "media",
            "impressions": "impressions", "views": "impressions", "reach": "reach",
            "reactions": "likes", "likes": "likes", "comments": "replies", "shares": "retweets",
            "follows": "new_follows",
        },
        text=("title", "description"), link=(), account=account,
        notes={"reactions, comments and shares": "a sum of columns that are read one by one",
               "date": "the period over which counts run, not a time of posting", **notes},
    )  # fmt: skip


KNOWN = (
    Export(
        name="x_content", title="X, content", platform="twitter", rows="post",
        marks=(("post id",), ("post text", "post link"), ("impressions",), ("reposts",)),
        required=("post", "posted_at", "impressions", "retweets"),
        columns={
            "post id": "post", "date": "posted_at", "impressions": "impressions",
            "likes": "likes", "engagements": "engagements", "reposts": "retweets",
            "replies": "replies", "new follows": "new_follows",
        },
        text=("post text",), link=("post link",), notes={"shares": NOT_RESHARES},
    ),
    Export(
        name="x_overview", title="X, overview", platform="twitter", rows="day",
        marks=(("date",), ("new follows",), ("unfollows",)),
        required=("posted_at", "new_follows", "left"),
        columns={"date": "posted_at", "impressions": "impressions", "new follows": "new_follows",
                 "unfollows": "left"},
        notes={"shares": NOT_RESHARES, "likes": "known post by post", "reposts": "known post by "
               "post", "replies": "known post by post", "engagements": "known post by post"},
    ),
    Export(
        name="twitter_analytics", title="Twitter Analytics, tweets", platform="twitter",
        rows="post", marks=(("tweet id",), ("time",), ("impressions",), ("retweets",)),
        required=("post", "posted_at", "impressions", "retweets"),
        columns={
            "tweet id": "post", "time": "posted_at", "impressions": "impressions",
            "engagements": "engagements", "retweets": "retweets", "replies": "replies",
            "likes": "likes", "favorites": "likes", "follows": "new_follows",
            "promoted impressions": "promoted_impressions",
            "promoted retweets": "promoted_retweets",
        },
        text=("tweet text",), link=("tweet permalink",),
        notes={"media views": "does not say whether it is an image or a video"},
    ),
    _meta("facebook", "Meta Business Suite, Facebook", "facebook", ("page name", "page id"),
          ("page name", "page id")),
    _meta("instagram", "Meta Business Suite, Instagram", "instagram",
          ("account username", "account name", "account id"), ("account username", "account name"),
          shares="of Instagram, sends by message included"),
    Export(
        name="youtube", title="YouTube Studio, content", platform="youtube", rows="post",
        marks=(("content", "video"), ("video publish time",), ("views",)),
        required=("post", "posted_at", "impressions"),
        columns={
            "content": "post", "video": "post", "video publish time": "posted_at",
            "views": "impressions", "likes": "likes", "comments added": "replies",
            "comments": "replies", "subscribers": "new_follows",
            "subscribers gained": "new_follows",
        },
        text=("video title",),
        notes={"shares": NOT_RESHARES, "impressions": "thumbnails shown; a view is what is counted",
               "thumbnail impressions": "thumbnails shown; a view is what is counted"},
    ),
    Export(
        name="accounts", title="a table of accounts", platform="", rows="account",
        marks=(("name",), ("followers",), ("platform", "platforms")), columns={},
    ),
    Export(
        name="posts", title="a table of posts", platform="", rows="post",
        marks=(("retweets", "reshares"), ("account",)), required=("retweets",),
        columns={**{name: name for name in ("retweets", "platform", "replies", "reach", *POSTS)},
                 **{alias: name for alias, name in ALIASES.items() if alias != "shares"}},
        account=("account",), text=("text",),
    ),
)  # fmt: skip


def header_key(text: str) -> str:
    """A header as it is compared: lower case, single blanks."""
    return " ".join(text.lower().split())


def recognised(headers: Sequence[str]) -> Export | None:
    """The export that these headers belong to; None where there is none."""
    return next((one for one in KNOWN if one.fits(headers)), None)


def nearly(headers: Sequence[str]) -> tuple[Export, tuple[str, ...]]:
    """The export that comes closest, and what it lacks."""
    def share(one: Export) -> float:
        return sum(any(name in headers for name in mark) for mark in one.marks) / len(one.marks)

    best = max(KNOWN, key=share)
    lacking = [" or ".join(mark) for mark in best.marks if not any(one in headers for one in mark)]
    return best, tuple(lacking)
