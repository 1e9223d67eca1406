"""The front doors: HTTP for programs and people, and the command line."""
