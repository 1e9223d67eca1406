import contextlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from styles.library import default_library

IMAGEGEN = str(Path(sys.executable).with_name("imagegen"))


@pytest.fixture
def style():
    return default_library().styles()[0].slug


@pytest.fixture
def goods(cli, home):
    """Two products whose photos are noise, so that making their scenes fails at once, and one without a photo."""
    noise = np.random.default_rng(3).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(home / "noise.png")
    rows = ["SOFA-1,Sofa,sofa,210,92,80,noise.png", "RUG-1,Rug,rug,200,300,1,noise.png", "BARE-1,Vase,vase,20,20,30,"]
    text = "\n".join(["sku,name,category,width_cm,depth_cm,height_cm,photos", *rows])
    (home / "goods.csv").write_text(text)
    assert cli("catalog", "import", home / "goods.csv").code == 0


@contextlib.contextmanager
def a_worker(home):
    process = subprocess.Popen([IMAGEGEN, "worker"], cwd=home, env=dict(os.environ), stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


@pytest.mark.usefixtures("goods")
class TestRegenerate:
    def test_a_dry_run_says_what_would_be_made_and_why_and_asks_for_nothing(self, cli, style):
        for _ in range(2):
            items = cli("bulk", "regenerate", "--style", style, "--dry-run", "--json").json["items"]
            reasons = {item["sku"]: (item["wanted"], item["reason"]) for item in items}
            assert reasons == {
                "SOFA-1": (True, "never made"),
                "RUG-1": (True, "never made"),
                "BARE-1": (False, "has no photo"),
            }
        said = cli("bulk", "regenerate", "--style", style, "--dry-run")
        assert said.code == 0
        assert "2 to be made; left as they are: 1 has no photo." in said.words

    def test_a_category_limits_it(self, cli, style):
        items = cli("bulk", "regenerate", "--style", style, "--category", "rug", "--dry-run", "--json").json["items"]
        assert [item["sku"] for item in items] == ["RUG-1"]

    def test_an_unknown_style_is_told(self, cli):
        said = cli("bulk", "regenerate", "--style", "brutal-baroque")
        assert said.code == 2
        assert "brutal-baroque" in said.err

    def test_what_was_asked_for_is_not_asked_for_again(self, cli, style):
        said = cli("bulk", "regenerate", "--style", style, "--no-wait")
        assert said.code == 0
        assert "2 scenes are asked for" in said.words
        again = cli("bulk", "regenerate", "--style", style, "--no-wait", "--json").json
        assert again["run"]["asked"] == 2
        assert {item["reason"] for item in again["items"]} == {"in progress", "has no photo"}

    def test_it_waits_and_tells_what_failed_and_a_third_time_leaves_it_alone(self, cli, style, home):
        cli("bulk", "regenerate", "--style", style, "--changed-only", "--no-wait")
        with a_worker(home):
            said = cli("bulk", "regenerate", "--style", style, "--changed-only")
        assert said.code == 1
        assert "2 scenes: 2 failed." in said.words
        third = cli("bulk", "regenerate", "--style", style, "--changed-only", "--json").json
        assert {item["reason"] for item in third["items"]} == {"would fail as before", "has no photo"}


def test_an_empty_catalog_has_nothing_to_do(cli, style):
    said = cli("bulk", "regenerate", "--style", style)
    assert said.code == 0
    assert "0 to be made." in said.words
