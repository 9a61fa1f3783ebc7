"""A study in a process of its own, to be killed: the command line with stand-ins for worlds."""

from __future__ import annotations

import sys

from sim.__main__ import main
from sim.door import study_job
from tests.study import study_worker

study_job.run_study_task = study_worker.slow

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
