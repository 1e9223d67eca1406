from collections.abc import Callable, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import api.cli
from workers.settings import get_settings


@dataclass(frozen=True, slots=True)
class Said:
    """What a command line left behind: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        import json

        return json.loads(self.out)

    @property
    def words(self) -> str:
        """Everything it said, with line breaks as spaces."""
        return " ".join((self.out + self.err).split())


Cli = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty installation: its folder is the working directory."""
    monkeypatch.setenv("IMAGEGEN_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("IMAGEGEN_DATABASE_URL", sqlite_url)
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()


@pytest.fixture
def cli(home: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command line in this process, as ``imagegen`` would."""
    del home

    def run(*arguments: object) -> Said:
        capsys.readouterr()
        # What a command sets for the rest of its process ends with it.
        code = copy_context().run(api.cli.run, [str(argument) for argument in arguments])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return Said(code, told.out, told.err)

    return run
