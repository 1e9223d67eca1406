import io
import json
import logging
import subprocess
import sys

import pytest

from workers import logs
from workers.settings import load_settings

log = logging.getLogger("workers.some.module")


@pytest.fixture
def written(tmp_path):
    """Sets logging up as a process would; gives what was written since. Everything is as before afterwards."""
    names = ["", *logs.QUIET]
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    handlers = logging.getLogger().handlers[:]
    out = io.StringIO()

    def configure(**settings):
        logs.configure(load_settings(data_dir=tmp_path, **settings), out)

        def read():
            text = out.getvalue()
            out.seek(0)
            out.truncate()
            return text

        return read

    yield configure
    logging.getLogger().handlers[:] = handlers
    for logger, level in before:
        logger.setLevel(level)


@pytest.fixture
def lines(written):
    """The same, as JSON."""
    read = written(log_format="json")
    return lambda: [json.loads(line) for line in read().splitlines()]


def told(error):
    """The error is raised where a variable holds what nobody must read, and logged."""

    def fails():
        held = f"the-{sys.platform}-variable"
        raise error if held else AssertionError

    try:
        fails()
    except Exception:
        log.exception("It failed.")


def test_a_line_carries_what_was_bound_around_it_and_what_it_adds_itself(lines):
    with logs.bound_contextvars(request="r-1", scene="abc"):
        log.info("Scene %s: made.", "abc", extra={"seconds": 2.5})
    log.warning("Later.")
    first, second = lines()
    assert first["event"] == "Scene abc: made."
    assert (first["request"], first["scene"], first["seconds"]) == ("r-1", "abc", 2.5)
    assert (first["level"], first["logger"]) == ("info", "workers.some.module")
    assert first["timestamp"].endswith("Z")
    assert "request" not in second


def test_a_librarys_lines_take_the_same_form(lines):
    logging.getLogger("some.library").error("Lost %d", 3)
    [line] = lines()
    assert (line["event"], line["logger"], line["level"]) == ("Lost 3", "some.library", "error")


def test_an_error_is_told_with_its_trace_in_one_line_and_without_the_values_of_variables(lines):
    told(ValueError("broken"))
    [line] = lines()
    assert "ValueError: broken" in line["exception"]
    assert f"the-{sys.platform}" not in json.dumps(line)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql+psycopg://me:hush-hush@db/x",
        "redis://:hush-hush@broker:6379/0",
        "Authorization: Bearer hush-hush",
        "whsec_hush+hush/",
        "0123456789abcdef_hush" + "h" * 39,
    ],
)
def test_secrets_are_not_told_wherever_they_stand(lines, text):
    log.info("It said %s", text, extra={"answer": text})
    told(RuntimeError(text))
    said = json.dumps(lines())
    assert "hush" not in said
    assert said.count(logs.HIDDEN) == 3


@pytest.mark.parametrize("name", ["token", "s3_secret_access_key", "Authorization", "password", "api_key", "cookie"])
def test_what_is_named_like_a_secret_is_not_told(lines, name):
    log.info("Set.", extra={name: "hush"})
    [line] = lines()
    assert line[name] == logs.HIDDEN


def test_a_prompt_is_not_told_in_full(lines):
    prompt = "a sunny room with " + "very " * 300 + "green walls"
    log.info("Asked.", extra={"request_body": {"prompt": prompt}, "prompt": prompt})
    [line] = lines()
    assert "green walls" not in json.dumps(line)
    assert f"({len(prompt)} characters)" in line["prompt"]


def test_on_a_terminal_nobody_writes_lines_of_their_own(written):
    read = written(log_format="text")
    log.info("Asked for %s", "a\n2026-01-01 [info] all is well\x1b[2J", extra={"sku": "x\ny"})
    text = read()
    assert len(text.splitlines()) == 1
    assert "\x1b" not in text
    assert "\\x0a" in text


def test_production_writes_json_and_development_writes_for_eyes(written):
    safe = {
        "environment": "production",
        "secret": "s" * 32,
        "database_url": "postgresql+psycopg://db/x",
        "broker_url": "redis://broker/0",
    }
    read = written(**safe)
    log.info("One.")
    assert json.loads(read())["event"] == "One."
    read = written()
    log.info("One.")
    assert not read().startswith("{")
    read = written(log_format="text", **safe)
    log.info("One.")
    assert not read().startswith("{")


def test_the_level_is_a_setting_and_chatty_libraries_are_quiet(written):
    read = written(log_level="warning")
    log.info("Unheard.")
    log.warning("Heard.")
    assert "Unheard" not in (text := read())
    assert "Heard" in text
    read = written(log_level="debug")
    log.debug("Heard.")
    logging.getLogger("httpx").info("HTTP Request: POST https://hook.example/?key=1")
    assert "hook.example" not in (text := read())
    assert "Heard" in text


def test_celery_leaves_logging_as_it_is():
    # In a process of its own: Celery sets logging up once.
    told = subprocess.run([sys.executable, "-c", CELERY], capture_output=True, text=True, check=False, timeout=120)
    assert told.returncode == 0, told.stderr
    assert [json.loads(line)["event"] for line in told.stderr.splitlines()] == ["Still heard."]


CELERY = """
import logging
from workers import logs
from workers.app import make_app
from workers.settings import load_settings
settings = load_settings(log_format="json", broker_url="memory://")
logs.configure(settings)
make_app(settings).log.setup(loglevel="WARNING", redirect_stdouts=False)
logging.getLogger("workers").info("Still heard.")
"""
