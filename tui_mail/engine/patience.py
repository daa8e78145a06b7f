"""When a session tries again: after a connection that failed, and with a server that wants us to slow down."""

from __future__ import annotations

import random
import time

DELAYS = (1, 2, 5, 10, 30, 60, 120, 300)
"""Seconds between attempts to connect, give or take a fifth."""
_HEALTHY = 60.0
"""A connection that lived this long ends the counting of failures."""
_RESTS = (60, 120, 300, 600)
"""Seconds in which a server that wants us to slow down is asked nothing that the person does not wait for."""


class Patience:
    """Belongs to one session's thread; only `is_resting` and `tries` are read elsewhere."""

    def __init__(self) -> None:
        self.tries = 0
        """Attempts to connect that failed one after the other."""
        self._online_at: float | None = None
        self._due_at = 0.0
        self._is_early = False
        """The attempt under way was made before its time, because the person wanted something."""
        self._rest_until = 0.0
        self._rests = 0

    def came_online(self) -> None:
        self._online_at = time.monotonic()

    def begin(self) -> None:
        """A new attempt to connect."""
        self._online_at = None
        self._is_early = time.monotonic() < self._due_at

    def forgive(self) -> None:
        """What failed until now counts no more: the machine slept, or is somewhere else."""
        self.tries = 0
        self._due_at = 0.0

    def failed(self) -> float | None:
        """Seconds until the next attempt; None: at once, for a line that ended after a healthy life is no news."""
        if self._online_at is not None and time.monotonic() - self._online_at > _HEALTHY:
            self.tries = 0
            return None
        now = time.monotonic()
        if self._is_early and self._online_at is None and now < self._due_at:
            return self._due_at - now  # many keys on a machine without a line do not make it wait ever longer
        delay = DELAYS[min(self.tries, len(DELAYS) - 1)] * random.uniform(0.8, 1.2)
        self.tries += 1
        self._due_at = now + delay
        return delay

    # --- a server that wants us to slow down

    def slow_down(self) -> float:
        """How many seconds it is left alone from now."""
        rest = _RESTS[min(self._rests, len(_RESTS) - 1)]
        self._rest_until = time.monotonic() + rest
        self._rests += 1
        return rest

    def went_well(self) -> None:
        self._rests = 0

    @property
    def is_resting(self) -> bool:
        return time.monotonic() < self._rest_until

    @property
    def rest(self) -> float | None:
        """Seconds of rest that are left; None where there is none."""
        left = self._rest_until - time.monotonic()
        return left if left > 0 else None
