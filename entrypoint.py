"""Starts the exporter: hands the command line and the environment to `exporter.main`."""

import gc
import os
import sys

gc.disable()  # the process is short-lived: collecting is a twentieth of a small run, and doubles a large one
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from exporter.main import main

if __name__ == "__main__":
    main(sys.argv[1:], os.environ)
