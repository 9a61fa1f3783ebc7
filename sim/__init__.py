"""Demarche: which policy of a foreign ministry's accounts reaches more people, and how surely."""
