"""Shapes what is exported: which operations, what overlays add to them, which gaps are filled."""
