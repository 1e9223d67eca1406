"""Scenes over HTTP: asking, looking, judging, listening."""
