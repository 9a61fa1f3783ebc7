"""Planted faults: the source is changed in one place of a copy, and what notices is counted."""
