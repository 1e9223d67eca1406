"""What the service bears: scenes accepted, jobs done, lists of a million scenes, listeners.

Everything is real: PostgreSQL and Redis of Debian's packages with their own defaults (a commit reaches the disk), API
processes under uvicorn, worker processes, HTTP over loopback. Only the pictures are tiny. The clients run on the same
cores, so what they cost is in the figures.
"""
