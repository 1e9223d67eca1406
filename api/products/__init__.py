"""The catalog's HTTP side."""
