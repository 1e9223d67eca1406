"""Styles over HTTP."""
