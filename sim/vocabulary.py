"""The words of the field, in the order in which arrays index them."""

from __future__ import annotations

TONES = ("formal", "informal", "witty", "sharp", "cultural")
POSTURES = ("reactive", "proactive", "routine")  # how one post came about
MEDIA = ("text", "image", "video", "sticker")
STYLES = ("table", "plain", "elaborate")  # how readable the words of a post are
POST_KINDS = ("original", "answer", "amplification", "correction", "copy")
ORIGINAL, ANSWER, AMPLIFICATION, CORRECTION, COPY = 0, 1, 2, 3, 4
CLAIMS = ("none", "accurate", "inaccurate")  # what a post asserts of its event, as declared
NO_TAG, COMMON_TAG, OWN_TAG = 0, 1, 2  # of a post, about its topic
NO_CLAIM, ACCURATE, INACCURATE = 0, 1, 2
TOPICS = (
    "security", "economy", "consular", "culture", "history", "science", "climate", "protocol",
)  # fmt: skip
AGE_BANDS = ("under 25", "25 to 39", "40 to 59", "60 and over")
KINDS = ("headquarters", "mission", "multilateral", "official", "rival", "ally", "media")
SIDES = ("ours", "rival", "neutral")
OURS, RIVAL, NEUTRAL = 0, 1, 2
SIDE_OF_KIND = (OURS, OURS, OURS, OURS, RIVAL, NEUTRAL, NEUTRAL)
SCOPES = ("market", "region", "world")  # how far an event is heard
ROUTES = ("followers", "friends", "late", "pickup")  # how a post came before somebody's eyes
# the sections of policy.*, each a group of conf/: what a ministry chooses
POLICY_GROUPS = (
    "posture", "tone", "language", "investment", "training", "exchange", "clearance", "tone_cap",
    "rebuttal", "answering", "sister_sharing", "pre_emption", "notification",
    "repetition", "media", "readability", "replies", "crossposting", "tagging",
)  # fmt: skip
HOURS_PER_WEEK = 168
HOURS_PER_FTE_WEEK = 38.0
