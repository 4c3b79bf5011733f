"""Loads a definition, walks through it, resolves references."""
