"""The base of every validated section: frozen, keyword-only, refusing what it does not know."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sim.errors import ISO_DATE


class Parameters(BaseModel):
    """Values of one section of the configuration. Defaults stand in conf/, never here."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=False, allow_inf_nan=False, validate_default=True
    )


Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]
NotNegative = Annotated[float, Field(ge=0.0)]
Signed = Annotated[float, Field()]
Count = Annotated[int, Field(ge=0)]
PositiveCount = Annotated[int, Field(ge=1)]


def parse_date(value: Any) -> Any:
    """An ISO date from text; anything else is left for pydantic to refuse."""
    if not isinstance(value, str):
        return value
    try:
        if ISO_DATE.fullmatch(value):
            return dt.date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(f"'{value}' is no date: write it as 2016-01-04")


Date = Annotated[dt.date, BeforeValidator(parse_date)]
