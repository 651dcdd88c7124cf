"""The process that answers requests and keeps the jobs beside it: `python -m banggiao.cli.listening HOST PORT WORKERS [jobs]`.

`serve` and `demo` become it when all is prepared. What was prepared may have drawn papers, whose library keeps threads: a worker
forked from that process would wait for threads it has not.
"""

from __future__ import annotations

import os
import subprocess
import sys

#: Bytes of stack of each thread that answers. The server's own 2 MB are too few for linear algebra: solving for 200 countries
#: ran over them, and the process was gone without a word.
STACK = 64 * 1024 * 1024


def listen(host: str, port: int, workers: int, *, jobs: bool) -> None:
    """Answer until told to stop; a worker of jobs that was started here stops with it."""
    child = subprocess.Popen([sys.executable, "-m", "banggiao", "worker"], start_new_session=True) if jobs else None
    try:
        _answer(host, port, workers)
    finally:
        if child is not None:
            child.terminate()
            try:
                child.wait(2)
            except subprocess.TimeoutExpired:
                child.kill()


def _answer(host: str, port: int, workers: int) -> None:
    # Read when the first thread starts; set here, so that no way to start the server can leave it out.
    os.environ["RUST_MIN_STACK"] = str(STACK)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # Two blocking threads a worker: one slow report must not hold up every other page.
    Granian(
        "banggiao.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2,
        workers_kill_timeout=1,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    listen(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), jobs="jobs" in sys.argv[4:])
