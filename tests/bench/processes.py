"""Jobs in processes of their own, whose memory is watched meanwhile."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from tests.bench.memory import PeakMemory
from tests.services import ROOT

Figures = dict[str, Any]


def run_job(
    job: str, arguments: Mapping[str, object], environment: Mapping[str, str]
) -> Figures:
    """What the job has found out, and ``peak``: its own memory at its most, in MiB."""
    options = json.dumps({"job": job, **arguments})
    command = [sys.executable, "-m", "tests.bench.child", options]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        peak = PeakMemory(process.pid)
        peak.start()
        written = process.stdout.read()
    peak.join()
    assert process.returncode == 0, f"{job} ended with {process.returncode}"
    figures: Figures = json.loads(written)
    return figures | {"peak": peak.most}
