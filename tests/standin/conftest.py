"""The stand-in is a program that tests start; there is nothing to collect in it."""

collect_ignore_glob = ["*.py"]
