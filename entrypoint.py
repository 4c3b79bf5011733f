"""Starts the exporter: hands the command line and the environment to `exporter.main`."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from exporter.main import main

if __name__ == "__main__":
    main(sys.argv[1:], os.environ)
