"""Two engines, one truth: the fast loop and the one to read, over the same laws."""
