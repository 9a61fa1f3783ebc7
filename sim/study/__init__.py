"""Comparisons over paired worlds: ensembles, statistics, verdicts, files."""
