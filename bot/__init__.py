"""Studybot: an exam paper becomes a course in your chat."""

__version__ = "0.1.0"
