"""Puts plans and reports into words: Markdown, annotations, JSON, pages."""
