"""The command line: click and printing live here and nowhere else."""

from __future__ import annotations


def main() -> None:
    """Run the command line and exit with its status; an interrupt at any moment, loading too, is one line and 130."""
    try:
        # Loaded here, so that an interrupt that meets the loading is told like any other.
        from jixiao.runtime.limits import collect_rarely

        collect_rarely()  # what is loaded from here on stays
        from jixiao.cli.app import main as run

        run()
    except KeyboardInterrupt:
        from jixiao.cli.interrupts import leave

        leave()
