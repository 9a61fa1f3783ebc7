"""Patterns C1-C17 measured alike on runs and on real exports; one idea a file."""
