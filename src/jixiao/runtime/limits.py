"""How much memory a process may take, and how much it took, on every platform that tells."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from pathlib import Path

MIB = 1024 * 1024


def collect_rarely() -> None:
    """Run the cyclic garbage collector rarely, and never over what is loaded by now.

    Almost everything that a run makes is freed by its reference count; the collector would take a fifth of the time.
    Cycles hold a few MiB at most between two collections.
    """
    gc.freeze()
    gc.set_threshold(200_000, 5, 10)


def limit_threads() -> None:
    """Have numerical libraries that are loaded from now on start no threads: the processes share the cores."""
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def bound_memory(mib: int) -> bool:
    """Let this process take so much more memory than it has now, and no more; whether the platform can.

    Beyond it an allocation fails: a `MemoryError`, or the end of the process where a reader cannot go on.
    """
    if sys.platform == "win32":
        return _bound_on_windows(mib)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        most = _address_space() + mib * MIB
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        return True
    return False


def peak_mib() -> int | None:
    """Return the most memory, in MiB, that this process or one of its ended children held; None where unknown."""
    if sys.platform == "win32":
        return None
    with contextlib.suppress(ImportError, OSError):
        import resource

        used = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return max(used) // (MIB if sys.platform == "darwin" else 1024)
    return None


def _address_space() -> int:
    """Return the bytes of address space of this process; 0 where the platform does not say."""
    with contextlib.suppress(OSError, ValueError):
        import resource

        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    return 0


def _bound_on_windows(mib: int) -> bool:
    """Put this process into a job whose processes may commit no more."""
    import ctypes
    from ctypes import wintypes

    class Basic(ctypes.Structure):
        _fields_ = [
            ("process_time", ctypes.c_int64), ("job_time", ctypes.c_int64), ("flags", wintypes.DWORD),
            ("least_set", ctypes.c_size_t), ("most_set", ctypes.c_size_t), ("processes", wintypes.DWORD),
            ("affinity", ctypes.c_size_t), ("priority", wintypes.DWORD), ("scheduling", wintypes.DWORD),
        ]  # fmt: skip

    class Extended(ctypes.Structure):
        _fields_ = [
            ("basic", Basic), ("counters", ctypes.c_uint64 * 6), ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t), ("peak_process", ctypes.c_size_t), ("peak_job", ctypes.c_size_t),
        ]  # fmt: skip

    limit_process_memory, extended_limits = 0x100, 9
    limits = Extended()
    limits.basic.flags = limit_process_memory
    limits.process_memory = mib * MIB + _START_ON_WINDOWS
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.CreateJobObjectW.restype = wintypes.HANDLE
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    kernel.SetInformationJobObject.argtypes = [wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD]
    kernel.AssignProcessToJobObject.argtypes = [wintypes.HANDLE, wintypes.HANDLE]
    job = kernel.CreateJobObjectW(None, None)
    if not job:
        return False
    limited = kernel.SetInformationJobObject(job, extended_limits, ctypes.byref(limits), ctypes.sizeof(limits))
    return bool(limited and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess()))


_START_ON_WINDOWS = 200 * MIB
"""What a reading process has committed before its first file."""
