"""What the measures share: sizes, stages, and figures that others compare with."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.bench.processes import Figures
from tests.bench.sizes import Sizes
from tests.bench.staging import Stage


@dataclass
class Bench:
    folder: Path
    sizes: Sizes
    profile: bool = False
    figures: dict[str, Figures] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def ours_is_full(self) -> Stage:
        return self._stage("ours", self.sizes, ours=True)

    @cached_property
    def theirs_is_full(self) -> Stage:
        return self._stage("theirs", self.sizes, theirs=True)

    def small(self, name: str, sizes: Sizes) -> Stage:
        """A stage of its own, to see what grows with the size and what does not."""
        is_ours = name == "ours"
        return self._stage(
            f"{name}-{sizes.contacts}", sizes, ours=is_ours, theirs=not is_ours
        )

    def close(self) -> None:
        self._open.close()

    def _stage(
        self, name: str, sizes: Sizes, *, ours: bool = False, theirs: bool = False
    ) -> Stage:
        stage = Stage(
            self.folder / name, sizes, ours=ours, theirs=theirs, profile=self.profile
        )
        return self._open.enter_context(stage)


def per_10_000(seconds: float, records: int) -> float:
    return seconds * 10_000 / records
