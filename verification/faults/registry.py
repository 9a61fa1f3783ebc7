"""All planted faults."""

from __future__ import annotations

from verification.faults.answers import ANSWERS
from verification.faults.laws import LAWS
from verification.faults.machine import MACHINE

FAULTS = (*LAWS, *MACHINE, *ANSWERS)
