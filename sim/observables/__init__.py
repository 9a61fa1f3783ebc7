"""Patterns C1-C18 measured alike on runs and on real exports; one idea a file."""
