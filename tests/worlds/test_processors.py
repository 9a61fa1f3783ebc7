"""Threads change nothing; an older processor changes the last bit of some hours, and no count.

numpy has routines of its own for exp and log on processors with AVX2 and AVX-512, which round
otherwise than those it has for all of them; the system's do so with and without FMA. The compiled
kernels and BLAS do not (docs/assurance.md, Which bytes repeat where).
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.worlds.test_paired import BASE, LOUD, PROGRAM, runs

ROOT = Path(__file__).resolve().parents[2]
MOST_HOURS = 1e-9  # by which a moment may differ; 6e-14 were seen
VECTORS = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"}
OLD = VECTORS | {
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F,-AVX512VL",
    "OPENBLAS_CORETYPE": "Prescott", "NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "",
}  # fmt: skip


def in_another(words: list[str], **environment: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_results_say_which_vector_instructions_numpy_used() -> None:
    told = ["-c", "from sim.provenance import machine; print(machine()['vector_instructions'])"]
    kept = in_another(told, NPY_DISABLE_CPU_FEATURES="")
    if kept == "[]":
        pytest.skip("this processor has nothing that could be switched off")
    assert in_another(told, **VECTORS) == "[]"


@pytest.mark.slow
def test_results_do_not_depend_on_threads() -> None:
    here = " ".join(runs([LOUD, BASE]))
    for n in ("1", "8"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS")
        assert in_another(["-c", PROGRAM], **dict.fromkeys(names, n)) == here


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="its features are x86's")
def test_an_older_processor_changes_no_count(tmp_path: Path) -> None:
    """Kernels compiled for any x86, without vector routines, FMA and AVX in numpy, the system's
    library and BLAS: every count is the same, and a moment differs by rounding at most."""
    module = ["-m", "tests.worlds.processor_probe"]
    in_another([*module, str(tmp_path / "usual.npz")])
    in_another([*module, str(tmp_path / "old.npz")], **OLD,
               NUMBA_CACHE_DIR=str(tmp_path / "kernels"))  # fmt: skip
    with np.load(tmp_path / "usual.npz") as usual, np.load(tmp_path / "old.npz") as old:
        assert set(usual.files) == set(old.files) and len(usual.files) > 1_000
        routines = [name for name in usual.files if name.startswith("routine")]
        if all(np.array_equal(usual[name], old[name]) for name in routines):
            pytest.skip("this processor has nothing that could be switched off")
        for name in set(usual.files) - set(routines):
            one, other = usual[name], old[name]
            if one.dtype.kind == "f" and "hour" in name:
                assert np.allclose(one, other, rtol=0.0, atol=MOST_HOURS, equal_nan=True), name
            else:
                assert one.tobytes() == other.tobytes(), name
