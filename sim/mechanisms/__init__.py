"""One idea a file: its equation and source, its parameters, its laws."""
