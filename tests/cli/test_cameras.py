import io
import json

import numpy as np
import pytest
from PIL import Image

from tests.pose import furniture as f

HEAD = "sku,name,category,width_cm,depth_cm,height_cm,mount,photos"


@pytest.fixture
def wardrobes(home):
    """Five wardrobes that a studio shot alike, in a catalog file."""
    lines = [HEAD]
    for number, yaw in enumerate((-22, -21, -20, -19, -18)):
        cutout, _ = f.shoot(f.wardrobe(1.2, 0.6, 2.0), 2.0, yaw, 7, 6.0)
        grey = np.where(cutout.alpha > 0.5, 110, 245).astype(np.uint8)
        file = io.BytesIO()
        Image.fromarray(np.repeat(grey[..., None], 3, axis=2)).save(file, "PNG")
        (home / f"{number}.png").write_bytes(file.getvalue())
        lines.append(f"WAR-{number},Wardrobe,wardrobe,120,60,200,floor,{number}.png")
    path = home / "goods.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_studio_is_learnt_kept_given_to_new_products_and_forgotten(cli, wardrobes, home):
    assert cli("catalog", "import", wardrobes).code == 0
    told = cli("catalog", "cameras", "--json").json
    assert len(told["photos"]) == 5
    assert told["habits"]["wardrobe"]["yaw"][0] == pytest.approx(-20, abs=3)
    assert not told["kept"]
    kept = cli("catalog", "cameras", "--keep")
    assert kept.code == 0
    assert "Kept" in kept.words
    (home / "more.csv").write_text(f"{HEAD}\nWAR-9,Another,wardrobe,120,60,200,floor,0.png\n")
    assert cli("catalog", "import", home / "more.csv").code == 0
    habit = json.loads(cli("catalog", "show", "WAR-9", "--json").out)["habit"]
    assert habit["yaw"][0] == pytest.approx(-20, abs=3)
    assert "learnt from" in cli("catalog", "show", "WAR-9").words
    (home / "other.csv").write_text(f"{HEAD}\nWAR-9,Another,bookcase,120,60,200,floor,0.png\n")
    assert cli("catalog", "import", home / "other.csv").code == 0
    assert json.loads(cli("catalog", "show", "WAR-9", "--json").out)["habit"] is None
    assert json.loads(cli("catalog", "show", "WAR-1", "--json").out)["habit"] is not None
    assert cli("catalog", "cameras", "--forget").code == 0
    assert json.loads(cli("catalog", "show", "WAR-1", "--json").out)["habit"] is None


def test_a_photo_that_is_no_packshot_is_told_and_teaches_nothing(cli, home):
    noise = np.random.default_rng(1).integers(0, 255, (400, 400, 3), dtype=np.uint8)
    Image.fromarray(noise).save(home / "noise.png")
    (home / "goods.csv").write_text(f"{HEAD}\nSOFA-1,Sofa,sofa,200,90,80,floor,noise.png\n")
    assert cli("catalog", "import", home / "goods.csv").code == 0
    said = cli("catalog", "cameras")
    assert said.code == 1
    assert "SOFA-1" in said.words
    assert "nothing is learnt" in said.words


def test_keeping_and_forgetting_exclude_each_other(cli):
    assert cli("catalog", "cameras", "--keep", "--forget").code == 2
