"""The central desk: one queue through which every post of the ministry goes.

The time of clearing that each post takes is kept by the hour of its submission; what waits at a
full hour follows from it (sim/mechanisms/clearance: Lindley's recursion, over columns). A post is
told at once when it will be cleared, in the order in which decisions fall and, within one decision,
of submission and of the posts' own keys.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms import clearance as laws
from sim.strategy import causes

SPARE_HOURS = 1_024  # of submissions after the end of a run


class CentralDesk:
    """Work submitted (float64 per hour), settled up to the last hour that can change no more."""

    def __init__(self, mean_service: float, n_hours: float) -> None:
        self.mean_service = mean_service
        self.submitted = np.zeros(int(n_hours) + SPARE_HOURS)
        self.n_cleared = 0
        self._hour, self._backlog = 0, 0.0

    def copy(self) -> CentralDesk:
        """The same queue for an arm that goes its own way."""
        twin = CentralDesk(self.mean_service, 0.0)
        twin.submitted, twin.n_cleared = self.submitted.copy(), self.n_cleared
        twin._hour, twin._backlog = self._hour, self._backlog
        return twin

    def clear(
        self, now: float, ready: np.ndarray, keys: np.ndarray, latest: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """(hours at which posts that are ready then would be cleared, bool: submitted).

        Not submitted are those that would be cleared after `latest`; they take none of its time.
        """
        if not len(ready):
            return ready.copy(), np.zeros(0, np.bool_)
        order = np.lexsort((keys, ready))
        times, hours = self._services(keys), ready.astype(np.int64)
        last = int(np.max(hours)) + 1
        kept = self.submitted[:last].copy()
        np.add.at(self.submitted, hours, times)
        done = np.empty(len(ready))
        done[order] = self._turns(now, ready[order], times[order], kept) + times[order]
        self.submitted[:last] = kept
        taken = done <= latest
        np.add.at(self.submitted, hours[taken], times[taken])
        self.n_cleared += int(taken.sum())
        return done, taken

    def backlog(self, now: float, hours: np.ndarray) -> np.ndarray:
        """Work waiting at full hours (rising, from now on), as far as it is known now."""
        self._settle(int(now))
        last = int(hours[-1])
        steps = np.cumsum(self.submitted[self._hour : last] - 1.0)
        path = np.concatenate([[self._backlog], self._backlog + steps])
        waiting = path - np.minimum.accumulate(np.minimum(path, 0.0))
        return np.asarray(waiting[hours - self._hour])

    def _settle(self, hour: int) -> None:
        """Work off the hours that are past."""
        for past in range(self._hour, hour):
            self._backlog = float(laws.backlog(self._backlog, self.submitted[past]))
        self._hour = max(self._hour, hour)

    def _turns(
        self, now: float, ready: np.ndarray, times: np.ndarray, others: np.ndarray
    ) -> np.ndarray:
        """Hours at which each post comes up, in order of submission; `others` is the work that
        was submitted before this decision, `self.submitted` has this decision's too."""
        hours = ready.astype(np.int64)
        different, first, place = np.unique(hours, return_index=True, return_inverse=True)
        before = np.cumsum(times) - times
        ahead = others[hours] + before - before[first][place]  # in the same hour
        waiting = self.backlog(now, different)[place]
        return np.asarray(ready + laws.wait(waiting, ahead, ready - hours))

    def _services(self, keys: np.ndarray) -> np.ndarray:
        """Hours of clearing, by the posts' own dice."""
        return np.asarray(laws.service(causes.clearance_die(keys), self.mean_service))
