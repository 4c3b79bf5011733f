"""Decides what to do; nothing is done here."""
