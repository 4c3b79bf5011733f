"""
Loads the exporter once, and runs it in a fork per line of standard input; tests start it and kill what it forks.

A line asks `{"environment": {...}, "folder": path, "log": path}`. It is answered by `started` and the process's id,
then, on a second line, by `ended` and its exit status (negative: the signal that ended it).
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
    waiting = 0
    for line in sys.stdin:
        asked = json.loads(line)
        if waiting:
            os.waitpid(waiting, 0)
        child = os.fork()
        if not child:
            log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.chdir(asked["folder"])
            main([], asked["environment"])
        say(f"started {child}")
        # It keeps its number until the next line, so that whoever kills it late kills nobody else.
        end = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        say(f"ended {end.si_status if end.si_code == os.CLD_EXITED else -end.si_status}")
        waiting = child


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
