import re
from importlib.metadata import distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.compose import ROOT

PAGE = (ROOT / "docs/licences.md").read_text()
ROWS = dict(re.findall(r"(?m)^\| \*{0,2}([a-z0-9-]+)\*{0,2} \| (.+) \|$", PAGE))


def test_every_dependency_that_ships_is_on_the_page():
    wanted = [Requirement(text) for text in distribution("imagegen").requires or []]
    stays = ("test", "bench")  # tools of whoever works on the project
    ships = [r.name for r in wanted if r.marker is None or not any(r.marker.evaluate({"extra": e}) for e in stays)]
    assert [name for name in ships if canonicalize_name(name) not in ROWS] == []


def test_nothing_that_ships_is_under_a_licence_that_we_do_not_take():
    refused = re.compile(r"(?<!L)GPL|AGPL|SSPL|BUSL|non-?commercial", re.IGNORECASE)
    assert {name: said for name, said in ROWS.items() if refused.search(said)} == {}


def test_the_licence_is_apache_in_full():
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
