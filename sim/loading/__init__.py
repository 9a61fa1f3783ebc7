"""From a validated scenario to a world that an engine can run."""
