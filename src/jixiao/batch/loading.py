"""What is loaded late: a wrong call and a run with nothing to do never need it, other runs load it while others read."""

from __future__ import annotations

from jixiao.batch.memory import collect_seldom, one_thread, uncollected, without
from jixiao.batch.workers import forks, interrupts_held
from jixiao.pack import Pack


def load_rest(pack: Pack) -> None:
    """Load what comes after the reading, so that processes forked from this one to check and draw share it.

    What follows from the form alone is worked out here, too, once for all of them.
    """
    one_thread()
    # pandas and pandera take these along where they are installed; nothing here uses them with a frame, and every
    # process would hold some 40 MiB of them.
    with interrupts_held(), uncollected(), without("pyarrow", "hypothesis"):
        import jixiao.batch.conclusion  # noqa: F401
        from jixiao.batch.partition import load_all, rehearse

        load_all()
        if forks():
            rehearse(pack)
        collect_seldom()
