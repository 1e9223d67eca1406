"""The insertion benchmark: the pipeline's pictures beside path-traced truth, the same room with the real product in it.

    python -m bench.insertion [--split reported] [--pairs N] [--only SKU ...] [--skip previous] [--out FOLDER]
    python -m bench.insertion pose [--split reported] [--count 60] [--workers 1]

The first makes pictures and measures them: a table, ``results.json`` and ``page.html``. The second measures cutout and
pose alone over a whole catalog. Both keep what they have made under ``var/bench`` and go on where they were stopped.
``docs/benchmarks.md`` says how to read them, ``docs/decisions/0017-what-truth-is.md`` what truth is and what is fair.
"""
