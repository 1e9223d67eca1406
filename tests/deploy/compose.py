"""The compose file as Docker Compose would read it: merged, and with its variables filled in."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
SECRETS = {"IMAGEGEN_SECRET": "s" * 40, "IMAGEGEN_API_TOKENS": "t" * 40, "POSTGRES_PASSWORD": "p" * 20}
OURS = ("api", "worker-cpu", "worker-gpu", "reconciler", "backup")


class MissingVariableError(Exception):
    """A variable without which Compose refuses to go on."""


def filled(text, variables):
    """``text`` with ${NAME}, ${NAME:-default} and ${NAME:?message} replaced as the Compose Specification says."""

    def value(match):
        name, kind, rest = match[1], match[2], match[3] or ""
        given = variables.get(name, "")
        if given or not kind:
            return given
        if kind == ":?":
            raise MissingVariableError(f"{name}: {rest}")
        return rest

    return re.sub(r"\$\{(\w+)(?:(:[?-])([^}]*))?\}", value, text)


def read(variables=SECRETS):
    """The whole file as a dictionary."""
    return yaml.safe_load(filled((ROOT / "docker-compose.yml").read_text(), variables))
