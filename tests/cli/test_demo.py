import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from api.cli.contact_sheet import Card, contact_sheet


def card(name="Wing chair", verdict="pass", size=(608, 416)):
    picture = Image.new("RGB", size, (150, 120, 90))
    return Card(picture, Image.new("RGBA", (300, 500), (255, 255, 255, 0)), name, "Scandinavian", 19.7, verdict)


@pytest.mark.parametrize(("number", "rows"), [(1, 1), (4, 1), (5, 2), (12, 3), (13, 4)])
def test_a_sheet_grows_by_rows_of_four(number, rows):
    one = contact_sheet([card()] * min(number, 4), "", "").height
    two = contact_sheet([card()] * 8, "", "").height - contact_sheet([card()] * 4, "", "").height
    assert contact_sheet([card()] * number, "", "").height == one + (rows - 1) * two


def test_pictures_lie_on_the_sheet_in_their_own_colours():
    sheet = np.asarray(contact_sheet([card(), card(), card(), card()], "Demo", "Four scenes"))
    assert (sheet == (150, 120, 90)).all(axis=-1).mean() > 0.4


@pytest.mark.parametrize("verdict", ["pass", "warn", "fail", ""])
def test_long_names_and_every_verdict_find_room(verdict):
    sheet = contact_sheet([card(name="A very long name " * 20, verdict=verdict, size=(900, 300))], "Demo", "")
    assert sheet.width == 2600


@pytest.fixture
def unusable(home):
    """A catalog of one product, whose photo is no packshot."""
    noise = np.random.default_rng(3).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(home / "noise.png")
    head = "sku,name,category,width_cm,depth_cm,height_cm,photos"
    (home / "goods.csv").write_text(f"{head}\nSOFA-1,Sofa,sofa,210,92,80,noise.png\n")
    return home / "goods.csv"


def test_a_demo_whose_photo_cannot_be_cut_out_says_so_and_leaves_no_sheet(cli, home, unusable):
    said = cli("demo", "--catalog", unusable, "--workers", 1)
    assert said.code == 1
    assert "SOFA-1" in said.words
    assert "/review" in said.words
    assert not (home / "var/demo/contact-sheet.png").exists()


@pytest.mark.parametrize(("level", "told"), [(None, False), ("info", True)])
def test_the_console_of_a_demo_shows_what_its_workers_log_only_where_that_was_asked_for(unusable, home, level, told):
    program = str(Path(sys.executable).with_name("imagegen"))
    environment = {name: value for name, value in os.environ.items() if name != "IMAGEGEN_LOG_LEVEL"}
    said = subprocess.run(
        [program, "demo", "--catalog", str(unusable), "--workers", "1"],
        env=environment | ({"IMAGEGEN_LOG_LEVEL": level} if level else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "SOFA-1" in said.stdout
    assert ("[info" in said.stderr) == told, said.stderr
    assert ("shutdown" in said.stdout) == told, said.stdout
    assert told or said.stderr == ""
