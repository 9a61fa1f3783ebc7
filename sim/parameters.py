"""The base of every validated section: frozen, keyword-only, refusing what it does not know."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


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
