"""The command line: click and printing live here and nowhere else."""

from jixiao.cli.app import main

__all__ = ["main"]
