"""The shortest time in which Xero's limits let so many calls through."""

from collections import deque

LATENCY = 2.0
CALLS, WINDOW = 60, 60.0
LANES = 5


def shortest_seconds(calls: int, *, latency: float = LATENCY) -> float:
    """At most 60 calls begun in any 60 s, five under way; none waits for another."""
    lanes = deque([0.0] * LANES)
    begun: deque[float] = deque()
    end = 0.0
    for _ in range(calls):
        start = lanes.popleft()
        if len(begun) == CALLS:
            start = max(start, begun.popleft() + WINDOW)
        begun.append(start)
        end = start + latency
        lanes.append(end)
    return end


def most_in_a_window(moments: list[float], *, window: float = WINDOW) -> int:
    """The largest number of calls that began within any ``window`` seconds."""
    recent: deque[float] = deque()
    most = 0
    for moment in sorted(moments):
        recent.append(moment)
        while recent[0] <= moment - window:
            recent.popleft()
        most = max(most, len(recent))
    return most
