"""Draws of parameters: keyed by name, medians and ranges as declared, clipped."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.declared import Declaration, draw_parameters, quantile
from sim.errors import UserError

PRIORS = {
    "lognormal": (0.006, (0.001, 0.03)),
    "normal": (0.1, (-0.2, 0.3)),
    "logit": (0.3, (0.1, 0.7)),
    "uniform": (0.2, (0.0, 1.0)),
}


def declaration(prior: str, **changes: object) -> Declaration:
    value, span = PRIORS[prior]
    fields = {
        "value": value, "range": span, "unit": "-", "source": "test", "kind": "assumed",
        "about": "test", "prior": prior,
    }  # fmt: skip
    return Declaration(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("prior", ["lognormal", "normal", "logit"])
def test_the_value_is_the_median_and_the_range_two_deviations(prior: str) -> None:
    one = declaration(prior)
    assert one.range is not None
    assert quantile(one, 0.0, 0.5) == pytest.approx(PRIORS[prior][0])
    assert quantile(one, -2.0, 0.02275) == pytest.approx(one.range[0])
    assert quantile(one, 2.0, 0.97725) == pytest.approx(one.range[1])


def test_without_a_value_inside_the_median_is_the_middle_on_the_scale() -> None:
    one = declaration("lognormal", value=0.001)
    assert quantile(one, 0.0, 0.5) == pytest.approx(math.sqrt(0.001 * 0.03))


def test_uniform_fills_its_range_and_nothing_else() -> None:
    one = declaration("uniform")
    assert quantile(one, 0.0, 0.25) == pytest.approx(0.25)


def test_bounds_clip() -> None:
    one = declaration("normal", bounds=(0.0, 0.2))
    assert quantile(one, -3.0, 0.001) == 0.0
    assert quantile(one, 3.0, 0.999) == 0.2


def test_draws_have_the_declared_distribution() -> None:
    catalogue = {"a.p": declaration("lognormal")}
    draws = np.array([draw_parameters(catalogue, 1, d, set())["a.p"] for d in range(2000)])
    inside = np.mean((draws >= 0.001) & (draws <= 0.03))
    assert inside == pytest.approx(0.9545, abs=0.02)
    assert np.median(draws) == pytest.approx(0.006, rel=0.08)


def test_a_draw_depends_on_seed_draw_and_name_only() -> None:
    catalogue = {"a.p": declaration("lognormal"), "b.q": declaration("normal")}
    alone = draw_parameters({"b.q": catalogue["b.q"]}, 1, 3, set())
    both = draw_parameters(catalogue, 1, 3, set())
    assert both["b.q"] == alone["b.q"]
    assert both == draw_parameters(dict(reversed(catalogue.items())), 1, 3, set())
    assert both != draw_parameters(catalogue, 2, 3, set())
    assert both != draw_parameters(catalogue, 1, 4, set())


def test_a_fixed_parameter_is_not_drawn() -> None:
    catalogue = {"a.p": declaration("lognormal"), "b.q": declaration("normal")}
    assert set(draw_parameters(catalogue, 1, 0, {"a.p"})) == {"b.q"}


def test_names_of_draws_are_independent() -> None:
    catalogue = {f"a.p{i}": declaration("normal") for i in range(40)}
    rows = np.array([list(draw_parameters(catalogue, 1, d, set()).values()) for d in range(300)])
    correlations = np.corrcoef(rows.T)[np.triu_indices(40, 1)]
    assert np.abs(correlations).max() < 5 / math.sqrt(300)


def test_an_ill_declared_prior_names_its_key() -> None:
    from sim.declared import declare

    with pytest.raises(UserError, match=r"'sharing\.p0'"):
        declare("sharing.p0", {"value": 1, "unit": "-", "prior": "logit"})
