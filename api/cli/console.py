"""What the command line prints with: tables and progress for people, JSON for scripts."""

from __future__ import annotations

import csv
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What begins a formula, in its full-width forms too."""
CONTROLS = ("\t", "\r", "\n")

TINTS = {
    "pass": "green",
    "warn": "yellow",
    "fail": "bold red",
    "ok": "green",
    "missing": "bold red",
    "slow": "yellow",
    "odd": "yellow",
}


def out() -> Console:
    """Standard output, for results."""
    from rich.console import Console  # noqa: PLC0415 - rich costs 60 ms that --help of one command need not pay

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def err() -> Console:
    """Standard error, for progress and complaints."""
    from rich.console import Console  # noqa: PLC0415 - as above

    return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())


def plain(value: object, tint: str = "") -> Text:
    """``value`` as it is: neither markup nor control characters in it reach the terminal."""
    from rich.text import Text  # noqa: PLC0415 - as above

    readable = "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in str(value))
    return Text(readable, style=tint)


def complain(message: str, hint: str = "") -> None:
    """One line of what is wrong, one of what would help, on standard error."""
    console = err()
    console.print(plain("Error: ", "bold red") + plain(_shortened(message)))
    if hint:
        console.print(plain("  Hint: ", "bold") + plain(_shortened(hint)))


def _shortened(text: str, most: int = 1000) -> str:
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"


def emit(value: Any) -> None:
    """``value`` as JSON on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def emit_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows as CSV on standard output; no cell of them is a formula to a spreadsheet."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([tame(cell) for cell in row] for row in rows)


def tame(cell: object) -> object:
    """A cell that a spreadsheet takes as text: one that would begin a formula gets an apostrophe before it."""
    if isinstance(cell, str) and (cell[:1] in CONTROLS or cell.lstrip().startswith(FORMULAS)):
        return f"'{cell}"
    return cell


def operator() -> str:
    """Whoever works at this terminal, as the log names them."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        name = f"uid {os.getuid()}"
    return f"{name} (command line)"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """A table on standard output; a cell that is a verdict is tinted. Where nobody watches, lines are not cut."""
    from rich import box  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above

    drawn = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        drawn.add_column(column, justify="right" if column.endswith(("seconds", "score", "row")) else "left")
    for row in rows:
        drawn.add_row(*(plain(cell, TINTS.get(str(cell), "")) for cell in row))
    console = out()
    if not console.is_terminal:
        console.width = 1000
    console.print(drawn)


def swatches(colours: Mapping[str, str]) -> None:
    """Named colours (``#rrggbb``) as blocks of themselves."""
    from rich.text import Text  # noqa: PLC0415 - as above

    line = Text()
    for name, colour in colours.items():
        line.append("    ", style=f"on {colour}")
        line.append(f" {name} {colour}   ")
    out().print(line)


@contextmanager
def progress_bar(what: str, *, quiet: bool = False) -> Iterator[Callable[[str, float], None]]:
    """A bar on standard error that lives as long as the ``with``; call it with (what is done now, share 0..1)."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above

    console = err()
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=32),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}", markup=False, style="dim"),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )
    with bar:
        task = bar.add_task(what, total=1.0, now="")
        yield lambda now, share: bar.update(task, completed=share, now=now)
