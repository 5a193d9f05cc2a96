"""Runs one command and writes its wall seconds, peak memory (MB), exit code and errors as JSON.

A process of its own, because Linux counts the memory of whoever starts a command as the command's own at first: started from the
bench itself, which holds whole manuals, every command would look as large as the bench.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path


def main(result: str, words: list[str]) -> None:
    start = time.perf_counter()
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    seconds = time.perf_counter() - start
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    found = {"seconds": seconds, "megabytes": megabytes, "code": done.returncode, "errors": done.stderr.decode(errors="replace")[-800:]}
    Path(result).write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
