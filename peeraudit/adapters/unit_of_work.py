"""What happens in one transaction, and what waits until it has committed?"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from peeraudit.adapters.database import writing
from peeraudit.extensions import db

_WAITING = "after_commit"
# A bite leaves some sixty things in circles that nobody else would find.
_BITES_BETWEEN_LOOKS = 8

Steps = Iterator[Callable[[], object] | None] | Iterator[None]
"""The bites of a long service, and what is prepared between two of them."""


def after_commit(action: Callable[[], object]) -> None:
    """Run ``action`` once the present unit of work has committed; drop it on rollback.

    Raises:
        RuntimeError: there is no unit of work, so the action would never run.
    """
    if _WAITING not in db.session.info:
        raise RuntimeError("after_commit needs an open unit_of_work")
    db.session.info[_WAITING].append(action)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Commit on success, roll back on error, then run what waited for the commit.

    Raises:
        RuntimeError: a unit of work is already open; only doors may open one.
    """
    if _WAITING in db.session.info:
        raise RuntimeError("a unit_of_work is already open")
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("something was changed outside of a unit_of_work")
    # What was read before belongs to an older state of the data: begin afresh.
    db.session.rollback()
    waiting: list[Callable[[], object]] = []
    db.session.info[_WAITING] = waiting
    try:
        with writing():
            yield
            db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        db.session.info.pop(_WAITING, None)
    for action in waiting:
        action()


def in_bites(steps: Steps) -> None:
    """Run a service's steps, each in a transaction of its own.

    Args:
        steps: what a step yields, if anything, is done before the next one and outside of any
            transaction: reading and computing ahead, while others may write.
    """
    # Long work makes many objects, and what was there before outlives them: looking through all
    # of the program again for each bite would cost more than the bite. Within a bite nearly all
    # that is made is still needed: what is not is looked for once, at the end of some bites.
    was_enabled = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        _run(steps)
    finally:
        if was_enabled:
            gc.enable()
        gc.unfreeze()


def _run(steps: Steps) -> None:
    for number in count(1):
        with unit_of_work():
            try:
                preparation = next(steps)
            except StopIteration:
                return
        if number % _BITES_BETWEEN_LOOKS == 0:
            gc.collect()
        if preparation is not None:
            preparation()
