"""The worlds of the trial: one is the default model, the others are built otherwise.

`words` choose kinds that the model has and the default leaves out; a hook or a law of its own
brings a mechanism that no kind of the model has. Parameters, also those of the other kinds, are
drawn from their priors by name, so that world w has the same values and the same luck in all
generators, where they share a key: what differs between two rows is how they are built.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from verification.misspecification import hooks

CONTROL = "default"


@dataclass(frozen=True, kw_only=True)
class Generator:
    """One way to build a world. compiled: what changes the source of kernels before they are
    compiled, for which it needs a process of its own; called with the folder of its kernels."""

    name: str
    label: str
    about: str
    words: tuple[str, ...] = ()
    hook: Callable[[], AbstractContextManager[None]] = nullcontext
    compiled: Callable[[Path], None] | None = None
    outside: bool = False  # no kind of the model is like it


GENERATORS = (
    Generator(
        name=CONTROL, label="The default model",
        about="every uncertain parameter drawn; the control",
    ),
    Generator(
        name="other_kinds", label="Other kinds throughout",
        about="everybody reads a ranked feed, attention passes by a power law, news come singly, "
        "only near positions pull, rivals answer posts, rank counts, some heads are not interested",
        words=("feed=ranked", "decay=power", "news=steady", "opinion=bounded_confidence",
               "rivals=answering", "status=by_rank", "heads=mixed"),
    ),
    Generator(
        name="inflated", label="Inflated counts",
        about="false accounts inflate anybody's counts, and the analyst reads the platform's own "
        "counters",
        words=("contamination=light", "contamination.beneficiary=any"), hook=hooks.raw_counters,
    ),
    Generator(
        name="few_sharers", label="A few share for all",
        about="readiness to share is Pareto-distributed, and higher for those who look often and "
        "those of extreme opinion",
        hook=hooks.few_sharers, outside=True,
    ),
    Generator(
        name="habituation", label="Attention habituates",
        about="each event draws less the more there was of its topic lately, a foreseen one half",
        hook=hooks.habituation, outside=True,
    ),
    Generator(
        name="saturation", label="Saturating re-shares",
        about="however good a post and ready a reader, a view ends in a share in at most 2 %",
        compiled=hooks.use_saturation, outside=True,
    ),
    Generator(
        name="demotion", label="Feeds demote, volume and sharp words",
        about="feeds bury faster what comes from an account that posts more than it usually does, "
        "and bury sharp posts three times as fast",
        compiled=hooks.use_demotion, outside=True,
    ),
)  # fmt: skip
BY_NAME = {one.name: one for one in GENERATORS}
