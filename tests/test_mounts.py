import pytest

from imagegen.mounts import plain_words, usual_mount


@pytest.mark.parametrize(
    ("category", "mount"),
    [
        ("Pendant Lamp", "ceiling"),
        ("ceiling-light", "ceiling"),
        ("Chandeliers", "ceiling"),
        ("wall_clock", "wall"),
        ("mirror", "wall"),
        ("wall shelf", "wall"),
        ("floor mirror", "floor"),
        ("floor lamp", "floor"),
        ("table lamp", "surface"),
        ("vase", "surface"),
        ("rugs", "rug"),
        ("dining chair", "floor"),
        ("side table", "floor"),
        ("wardrobe", "floor"),
        ("wicker pot", "floor"),
        ("chest of drawers", "floor"),
        ("", "floor"),
    ],
)
def test_a_category_gives_its_mount_away(category, mount):
    assert usual_mount(category) == mount


@pytest.mark.parametrize("written", ["Dining_Chair", "dining-chair", "  dining   chair "])
def test_a_category_has_one_way_to_be_written(written):
    assert plain_words(written) == "dining chair"
