"""Handle Ctrl-C at any time: remember it, because a library may swallow it or raise an error of its own."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130

_A_MOMENT = 0.05
"""Seconds after which an interrupt that could not raise is repeated."""

_heard: list[int] = []


def listen() -> None:
    """Remember interrupts from now on; nothing where they are ignored, as for what runs in the background."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
        sys.unraisablehook = _not_in_vain


def interrupted() -> bool:
    """Return whether there was an interrupt: what is raised since is its consequence."""
    return bool(_heard)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    _heard.append(number)
    raise KeyboardInterrupt


def _not_in_vain(unraisable: sys.UnraisableHookArgs) -> None:
    """Repeat an interrupt shortly if it met what cannot raise (a finaliser, a callback of a library)."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        again = threading.Timer(_A_MOMENT, _thread.interrupt_main)
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(unraisable)


def leave() -> NoReturn:
    """End this process after an interrupt: one line, no trace, and no waiting for workers that a pool lost sight of."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    with suppress(OSError, ValueError):
        sys.stderr.write("已中断。\n")
        sys.stderr.flush()
    if processes := sys.modules.get("multiprocessing"):
        for child in processes.active_children():
            child.kill()
    os._exit(INTERRUPTED)
