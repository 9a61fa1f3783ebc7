"""How posts speak, beside LIVE: which message they repeat, in what words, who answers comments."""

from __future__ import annotations

import numpy as np

from sim.state import COUNTER, State, enlarged

COLUMNS = ("message", "answering", "style")


def with_speech(state: State, n: int, batch: np.ndarray) -> State:
    """A state in which the POST rows of `batch` are posts n, n + 1, ... and speak as planned."""
    if len(state.speech) < len(state.posts):
        state = state._replace(speech=enlarged(state.speech, n, len(state.posts)))
    says = np.zeros(len(batch), np.bool_)
    for name in COLUMNS:
        state.speech[name][n : n + len(batch)] = batch[name]
        says |= batch[name] != 0
    state.speech["tag"][n : n + len(batch)] = batch["tag"]  # nobody hears a tag: it is looked at
    state.counters[COUNTER.n_spoken] += int(says.sum())
    return state
