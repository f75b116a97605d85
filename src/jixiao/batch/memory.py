"""How much memory a process may take, and how much it took, on every platform that tells."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

MIB = 1024 * 1024


def collect_seldom() -> None:
    """Look for unreachable circles seldom, and never among what is loaded by now.

    Almost all that a run makes is freed as soon as it is not used; looking through it over and over takes a fifth of
    the time. Of what is new and still there when it is looked through, some hundredths are circles: a few MiB wait at
    most, and a partition or two are worked on without a look.
    """
    gc.freeze()
    gc.set_threshold(200_000, 5, 10)


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no unreachable circles within, where modules are loaded: what they make stays.

    With `collect_seldom` as the last call within it is not looked through afterwards either.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def one_thread() -> None:
    """Have libraries of arithmetic that are loaded from now on start no threads: the processes share the cores."""
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """Nothing that is loaded within finds these modules, where they are not loaded already; afterwards they are there again."""
    absent = _Absent(modules)
    sys.meta_path.insert(0, absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)


class _Absent:
    """Says of some modules that there are none; compiled code takes no other word for it.

    It finds modules by its method alone: the class that has it abstract takes a hundredth of a second to load.
    """

    def __init__(self, modules: Sequence[str]) -> None:
        self._modules = frozenset(modules)

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """No module, or the word of others."""
        if name in self._modules:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


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
    """The most memory, in MiB, that this process or any of its children that have ended held at a time; None where unknown."""
    if sys.platform == "win32":
        return None
    with contextlib.suppress(ImportError, OSError):
        import resource

        used = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return max(used) // (MIB if sys.platform == "darwin" else 1024)
    return None


def _address_space() -> int:
    """The bytes of address space this process has taken; 0 where the platform does not tell."""
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
    told = kernel.SetInformationJobObject(job, extended_limits, ctypes.byref(limits), ctypes.sizeof(limits))
    return bool(told and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess()))


_START_ON_WINDOWS = 200 * MIB
"""What a reading process has committed before its first file."""
