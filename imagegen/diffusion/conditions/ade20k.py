"""The 150 classes of ADE20K's scene parsing benchmark: their names and the colours that they are painted in.

Classes: Zhou et al. 2017 ("Scene Parsing through ADE20K Dataset"), numbered from 1, the most common first.
Colours: the benchmark's own palette (color150, CSAILVision/semantic-segmentation-pytorch), in which the segmentation
ControlNets were trained (Zhang et al. 2023). The names are this project's words for them.
"""

from __future__ import annotations

import re

import numpy as np

from imagegen.mounts import plain_words
from imagegen.types import Labels

_NAMES = """
wall building sky floor tree ceiling road bed window grass cabinet sidewalk person earth door table mountain plant
curtain chair car water painting sofa shelf house sea mirror rug field armchair seat fence desk rock wardrobe lamp
bathtub railing cushion pedestal box column signboard dresser counter sand sink skyscraper fireplace refrigerator
grandstand path stairs runway showcase pool_table pillow screen_door stairway river bridge bookcase blind
coffee_table toilet flower book hill bench countertop stove palm kitchen_island computer swivel_chair boat bar
arcade_machine hovel bus towel light truck tower chandelier awning streetlight booth television airplane dirt_track
apparel pole land bannister escalator pouf bottle sideboard poster stage van ship fountain conveyor_belt canopy
washer toy swimming_pool stool barrel basket waterfall tent bag minibike cradle oven ball food step tank brand_name
microwave pot animal bicycle lake dishwasher screen blanket sculpture hood sconce vase traffic_light tray bin fan
pier crt_screen plate monitor bulletin_board shower radiator glass clock flag
"""

_COLOURS = """
787878 b47878 06e6e6 503232 04c803 787850 8c8c8c cc05ff e6e6e6 04fa07 e005ff ebff07 96053d 787846 08ff33 ff0652
8fff8c ccff04 ff3307 cc4603 0066c8 3de6fa ff0633 0b66ff ff0747 ff09e0 0907e6 dcdcdc ff095c 7009ff 08ffd6 07ffe0
ffb806 0aff47 ff290a 07ffff e0ff08 6608ff ff3d06 ffc207 ff7a08 00ff14 ff0829 ff0599 0633ff eb0cff a09614 00a3ff
8c8c8c fa0a0f 14ff00 1fff00 ff1f00 ffe000 99ff00 0000ff ff4700 00ebff 00adff 1f00ff 0bc8c8 ff5200 00fff5 003dff
00ff70 00ff85 ff0000 ffa300 ff6600 c2ff00 008fff 33ff00 0052ff 00ff29 00ffad 0a00ff adff00 00ff99 ff5c00 ff00ff
ff00f5 ff0066 ffad00 ff0014 ffb8b8 001fff 00ff3d 0047ff ff00cc 00ffc2 00ff52 000aff 0070ff 3300ff 00c2ff 007aff
00ffa3 ff9900 00ff0a ff7000 8fff00 5200ff a3ff00 ffeb00 08b8aa 8500ff 00ff5c b800ff ff001f 00b8ff 00d6ff ff0070
5cff00 00e0ff 70e0ff 46b8a0 a300ff 9900ff 47ff00 ff00a3 ffcc00 ff008f 00ffeb 85ff00 ff00eb f500ff ff007a fff500
0abed4 d6ff00 00ccff 1400ff ffff00 0099ff 0029ff 00ffcc 2900ff 29ff00 ad00ff 00f5ff 4700ff 7a00ff 00ffb8 005cff
b8ff00 0085ff ffd600 19c2c2 66ff00 5c00ff
"""

NAMES = ("unknown", *(name.replace("_", " ") for name in _NAMES.split()))
"""By class index; 0 is unknown."""


def _palette() -> Labels:
    colours = np.zeros((256, 3), np.uint8)
    known = np.frombuffer(bytes.fromhex("".join(_COLOURS.split())), np.uint8).reshape(-1, 3)
    colours[1 : len(known) + 1] = known
    return colours


PALETTE = _palette()
"""(256, 3) uint8 sRGB by class index; black for what is unknown."""

_CATEGORIES: tuple[tuple[str, str], ...] = (
    ("chandelier", "chandelier"),
    ("sconce|wall (lamp|light)", "sconce"),
    ("pendant|ceiling (lamp|light)|hanging (lamp|light)|suspension", "light"),
    ("lamp|light", "lamp"),
    ("coffee table|cocktail table", "coffee table"),
    ("desk chair|office chair|task chair|swivel chair", "swivel chair"),
    ("armchair|lounge chair|easy chair|recliner", "armchair"),
    ("pouf|ottoman|footstool", "pouf"),
    ("stool", "stool"),
    ("bench", "bench"),
    ("chair", "chair"),
    ("desk", "desk"),
    ("nightstand|bedside", "dresser"),
    ("bookcase|bookshelf", "bookcase"),
    ("shelf|shelves|shelving|coat rack|wall unit", "shelf"),
    ("sideboard|credenza|buffet|console|tv (stand|unit)", "sideboard"),
    ("wardrobe|closet", "wardrobe"),
    ("dresser|drawers", "dresser"),
    ("cabinet|cupboard", "cabinet"),
    ("sofa|couch|settee|loveseat", "sofa"),
    ("mirror", "mirror"),
    ("clock", "clock"),
    ("rug|carpet|runner|doormat|mat", "rug"),
    ("painting|picture|poster|print|frame|canvas|tapestry|wall (art|decor|hanging)", "painting"),
    ("cushion|pillow", "cushion"),
    ("blanket|throw", "blanket"),
    ("basket", "basket"),
    ("vase|jug", "vase"),
    ("plant|planter", "plant"),
    ("sculpture|figurine|ornament", "sculpture"),
    ("screen|divider", "screen"),
    ("tray", "tray"),
    ("bowl|plate", "plate"),
    ("bed|daybed", "bed"),
    ("table", "table"),
)
"""What a shop calls goods, and which class that is; the first line with a word of the category's speaks."""


def class_of(category: str) -> int:
    """The class index of a product's category, such as "Dining_Chair"; 0 where none is meant."""
    words = plain_words(category)
    name = next((name for said, name in _CATEGORIES if re.search(rf"\b({said})s?\b", words)), words)
    return NAMES.index(name) if name in NAMES else 0
