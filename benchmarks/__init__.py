"""What the model costs, beside what the machine could do at best: `python -m benchmarks`."""
