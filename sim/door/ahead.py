"""What begins before the words of a command have been read: processes for its worlds, if it may
want any. Most words are right; those that are not, or ask a question only, shall not wait."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from sim.kernels import use_cache
from sim.paths import conf_dir
from sim.study.early import at_hand

ALONE = ("task=list", "task=explain", "task=check", "task=import", "workers=1")  # need one process


def workers_at_hand(words: Sequence[str]) -> AbstractContextManager[None]:
    """Within it, processes for worlds begin with their libraries."""
    conf = conf_dir()
    if any(one in ALONE or is_mistyped(one, conf) for one in words):
        return nullcontext()
    use_cache()  # before anything imports numba
    return at_hand("sim.door.at_hand")


def is_mistyped(word: str, conf: Path) -> bool:
    """Whether a group has no such option, so that the words will be refused; a first look only."""
    group, _, options = word.partition("=")
    if not os.path.isdir(conf / group):  # of os.path: a name may be too long for Path to look at
        return False
    return not all(os.path.isfile(conf / group / f"{one}.yaml") for one in options.split(","))
