"""Run one workload in all frameworks: processes, one at a time, in alternating order."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from peers import Peer
from plan import Workload

# measure key -> peer name -> one sample per repetition
Samples = dict[str, dict[str, list[float]]]

TIMEOUT = 900


class WorkloadError(Exception):
    """A program of a workload failed; the message holds the end of its standard error."""


def _run(command: list[str], env: dict[str, str]) -> tuple[float, str]:
    """Return the wall time in seconds and the standard output."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        try:
            done = subprocess.run(
                command,
                env=env,
                cwd=folder,
                capture_output=True,
                encoding="utf-8",
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise WorkloadError(f"still running after {TIMEOUT} s") from None
        seconds = time.perf_counter() - start
    if done.returncode:
        raise WorkloadError(done.stderr[-2000:])
    return seconds, done.stdout


def _sample(workload: Workload, peer: Peer, cache: Path, quick: bool) -> dict[str, float]:
    """One repetition: the median of what an "inside" program reports, or process wall times."""
    arguments = (workload.arguments or {}).get(peer.name, ()) + (("quick",) if quick else ())
    command = peer.command(workload.files[peer.name], arguments, workload.alias)
    if workload.kind == "inside":
        _, output = _run(command, peer.environment(cache))
        reported = json.loads(output.splitlines()[-1])
        return {key: median(samples) for key, samples in reported.items()}
    if peer.name != "reflow":  # nothing is kept from one run to the next
        seconds, _ = _run(command, peer.environment(cache))
        return {"first": seconds, "second": seconds}
    with tempfile.TemporaryDirectory() as empty:
        env = peer.environment(Path(empty))
        first, _ = _run(command, env)
        second, _ = _run(command, env)
    return {"first": first, "second": second}


def measure(
    workload: Workload, peers: list[Peer], repetitions: int, quick: bool, failures: list[str]
) -> Samples:
    """Run `workload` once in each peer to warm caches, then `repetitions` times, alternating.

    A peer that fails is left out from then on and named in `failures`.
    """
    able = [peer for peer in peers if peer.name in workload.files]
    samples: Samples = {m.key: {} for m in workload.measures}
    with tempfile.TemporaryDirectory() as cache:
        for repetition in range(0 if quick else -1, repetitions):  # -1: the warm-up
            for peer in able[:: -1 if repetition % 2 else 1]:
                try:
                    sample = _sample(workload, peer, Path(cache), quick)
                except WorkloadError as error:
                    failures.append(f"{workload.name} on {peer.title} failed:\n{error}")
                    able = [p for p in able if p is not peer]
                    continue
                if repetition >= 0:
                    for key in samples.keys() & sample.keys():  # not every peer has all of them
                        samples[key].setdefault(peer.name, []).append(sample[key])
    return samples
