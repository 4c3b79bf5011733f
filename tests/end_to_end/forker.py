"""
Loads the exporter once, and runs it in a fork per line of standard input; tests start it and kill what it forks.

A line asks `{"environment": {...}, "folder": path, "log": path}`. It is answered by the process's id, then, on a second
line, by its exit status (negative: the signal that ended it).
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import requests  # noqa: F401 - loaded here, it need not be loaded in every fork

import exporter.comparison.compare
import exporter.edges.artifacts
import exporter.edges.dataverse
import exporter.edges.github_record
import exporter.edges.sign_in
import exporter.reporting.summary
import exporter.rules.check
import exporter.rules.explain  # noqa: F401 - the same
from exporter.main import main


def serve() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.chdir(asked["folder"])
            os.environ.clear()
            os.environ.update(asked["environment"])
            main([], asked["environment"])
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()
