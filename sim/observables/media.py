"""C16, image and video against text inside accounts:

    log(1 + n_ij) = a_i + b_image image_ij + b_video video_ij + controls + e_ij,   multiplier e^b

Every account has its own level a_i (the within estimator); intervals are clustered by account
(Liang & Zeger 1986, with the small-sample factor G/(G-1) (N-1)/(N-K)) and use t with G - 1
degrees of freedom.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import t as student

from sim.observables.observed import MissingError, Observed
from sim.observables.sample import Sample

MEDIA = ("image", "video")


def demeaned(values: np.ndarray, group: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Columns minus their mean inside each group."""
    sums = np.zeros((len(n), values.shape[1]))
    np.add.at(sums, group, values)
    return np.asarray(values - (sums / np.maximum(n, 1)[:, None])[group])


def multipliers(sample: Sample) -> dict[str, Observed]:
    """C16: what an image or a video does to 1 + re-shares, with clustered intervals."""
    if not sample.named:
        raise MissingError("the data do not say which account a post is from")
    names = [*MEDIA, *(one for one in sample.controls if one in sample.posts)]
    y = np.log1p(sample.column("retweets"))[:, None]
    x = np.column_stack([sample.column(name).astype(np.float64) for name in names])
    n = np.bincount(sample.account, minlength=sample.n_accounts)
    x, y = demeaned(x, sample.account, n), demeaned(y, sample.account, n)[:, 0]
    varies = (x**2).sum(axis=0) > 1e-9
    for name, free in zip(MEDIA, varies[: len(MEDIA)], strict=True):
        if not free:
            raise MissingError(f"no account has posts with and without {name}")
    x = x[:, varies]
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise MissingError("the media cannot be told apart from one another or from a control")
    bread = np.linalg.inv(x.T @ x)
    b = bread @ x.T @ y
    se, degrees = clustered(x, y - x @ b, bread, sample.account, n)
    return {
        f"C16.{name}": _multiplier(b[k], se[k], degrees, len(y)) for k, name in enumerate(MEDIA)
    }


def clustered(
    x: np.ndarray, rest: np.ndarray, bread: np.ndarray, group: np.ndarray, n: np.ndarray
) -> tuple[np.ndarray, int]:
    """(standard errors clustered by account, degrees of freedom)."""
    scores = np.zeros((len(n), x.shape[1]))
    np.add.at(scores, group, x * rest[:, None])
    groups = int((n > 0).sum())
    spent = x.shape[1] + groups
    if groups < 2 or len(rest) <= spent:
        raise MissingError("too few accounts or posts for a regression inside accounts")
    factor = groups / (groups - 1) * (len(rest) - 1) / (len(rest) - spent)
    return np.sqrt(np.diag(factor * bread @ (scores.T @ scores) @ bread)), groups - 1


def _multiplier(b: float, se: float, degrees: int, n: int) -> Observed:
    """e^b with its interval; the standard error is that of b."""
    width = float(student.ppf(0.975, degrees)) * float(se)
    return Observed(
        value=math.exp(b), se=float(se), lo=math.exp(b - width), hi=math.exp(b + width), n=n
    )
