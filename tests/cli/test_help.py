import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

import api.cli

Found = tuple[tuple[str, ...], Any]


def commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[Found]:
    """Every command with its words, groups left out."""
    group = group or typer.main.get_command(api.cli.app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def examples(command: Any) -> list[str]:
    """The example command lines in a help text, each on one line."""
    _, _, shown = (command.help or "").partition("For example:")
    blocks = [" ".join(block.split()) for block in shown.split("\n\n")]
    return [block for block in blocks if block.startswith("imagegen ")]


ALL = list(commands())
NAMES = [" ".join(path) for path, _ in ALL]


def test_the_promised_commands_are_all_there():
    promised = {"catalog import", "catalog list", "catalog show", "styles list", "styles show", "styles validate"}
    promised |= {"scene", "bulk regenerate", "serve", "worker", "api", "sweep", "doctor", "demo"}
    assert promised <= set(NAMES)


@pytest.mark.parametrize(("path", "command"), ALL, ids=NAMES)
def test_every_command_teaches_with_examples_that_it_accepts(path, command):
    assert len((command.help or "").split("For example:")[0]) > 40
    assert examples(command)
    for line in examples(command):
        words = shlex.split(re.split(r"\s[>|]\s", line)[0])[1:]
        assert tuple(words[: len(path)]) == path
        command.make_context("imagegen", words[len(path) :])


@pytest.mark.parametrize(("path", "command"), ALL, ids=NAMES)
def test_every_option_says_what_it_is_for(path, command):
    del path
    silent = [parameter.name for parameter in command.params if not getattr(parameter, "help", "")]
    assert silent == []


def test_help_of_the_whole_loads_nothing_heavy():
    heavy = ["numpy", "sqlalchemy", "celery", "fastapi", "mitsuba", "torch", "scipy", "PIL", "trimesh", "uvicorn"]
    probe = f"import sys, api.cli; api.cli.run(['--help']); print([m for m in {heavy} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"


def test_a_wrong_option_is_told_in_a_line_and_leaves_with_2(cli):
    said = cli("scene", "--colour-of-money", "green")
    assert said.code == 2
    assert "No such option" in said.words


def test_nothing_asked_shows_the_help(cli):
    assert "styles" in cli().words
