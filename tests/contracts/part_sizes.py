"""The size (width, depth, height in metres) at which each kind of part is asked whether it keeps its promises."""

Size = tuple[float, float, float]

SIZES: dict[str, Size] = {
    "arch": (2.0, 0.24, 2.65),
    "armchair": (0.76, 0.80, 0.88),
    "basket": (0.40, 0.40, 0.38),
    "beam": (0.15, 4.0, 0.16),
    "bed": (1.72, 2.14, 1.08),
    "bench": (1.20, 0.38, 0.45),
    "blanket": (0.45, 0.06, 0.80),
    "blind": (1.50, 0.08, 1.60),
    "books": (0.26, 0.19, 0.081),
    "bowl": (0.28, 0.28, 0.10),
    "box-stack": (0.36, 0.30, 0.30),
    "candles": (0.20, 0.12, 0.24),
    "ceiling-boards": (4.8, 4.9, 0.12),
    "clock": (0.34, 0.04, 0.34),
    "coat-rack": (1.20, 0.14, 0.14),
    "coffee-table": (1.15, 0.66, 0.38),
    "column": (0.24, 0.24, 2.70),
    "console": (1.15, 0.35, 0.80),
    "counter": (1.80, 0.90, 0.90),
    "curtains": (2.00, 0.16, 2.42),
    "desk": (1.55, 0.70, 0.74),
    "desk-set": (0.80, 0.46, 0.26),
    "dining-chair": (0.48, 0.52, 0.82),
    "dining-table": (1.80, 0.90, 0.745),
    "door": (0.90, 0.05, 2.06),
    "dresser": (1.40, 0.46, 0.80),
    "fireplace": (1.50, 0.62, 2.75),
    "firewood": (0.72, 0.40, 0.62),
    "floor-lamp": (0.42, 0.42, 1.55),
    "folding-screen": (1.40, 0.30, 1.70),
    "fruit": (0.34, 0.34, 0.16),
    "hat": (0.36, 0.14, 0.36),
    "mirror": (0.80, 0.03, 0.80),
    "niche": (0.80, 0.10, 1.40),
    "nightstand": (0.46, 0.40, 0.52),
    "oar": (0.30, 0.16, 1.80),
    "office-chair": (0.60, 0.60, 0.84),
    "panelling": (3.00, 0.014, 2.60),
    "pendant": (0.50, 0.50, 0.82),
    "pinboard": (0.84, 0.03, 0.62),
    "pipe": (6.30, 0.26, 0.40),
    "plant": (0.80, 0.80, 1.60),
    "pouf": (0.52, 0.52, 0.36),
    "print": (0.56, 0.028, 0.76),
    "radiator": (1.10, 0.12, 0.50),
    "record-player": (0.44, 0.35, 0.14),
    "rug": (2.70, 1.90, 0.011),
    "sconce": (0.20, 0.18, 0.28),
    "sculpture": (0.20, 0.16, 0.28),
    "shelf": (1.10, 0.34, 1.95),
    "shoe-bench": (1.15, 0.36, 0.46),
    "shutters": (2.40, 0.05, 1.60),
    "side-table": (0.42, 0.42, 0.50),
    "sideboard": (1.60, 0.44, 0.78),
    "sofa": (2.16, 0.92, 0.80),
    "stool": (0.40, 0.40, 0.45),
    "surfboard": (0.55, 0.30, 1.90),
    "table-lamp": (0.30, 0.30, 0.48),
    "tableware": (1.50, 0.80, 0.30),
    "teapot": (0.30, 0.20, 0.14),
    "tray": (0.42, 0.30, 0.03),
    "umbrella-stand": (0.26, 0.26, 0.60),
    "vase": (0.19, 0.19, 0.32),
    "wall-baskets": (0.70, 0.08, 0.74),
    "wall-hanging": (0.72, 0.06, 1.00),
    "wall-shelf": (0.86, 0.24, 0.032),
    "wardrobe": (1.30, 0.58, 2.06),
    "window": (1.50, 0.24, 1.56),
}

FORMS: dict[tuple[str, str], Size] = {
    ("bed", "canopy"): (1.72, 2.14, 2.05),
    ("bed", "floating"): (2.30, 2.20, 0.85),
    ("bed", "platform"): (1.92, 2.20, 0.75),
    ("fireplace", "stove"): (0.70, 0.65, 0.85),
    ("mirror", "leaning"): (0.62, 0.34, 1.72),
    ("plant", "bonsai"): (0.46, 0.36, 0.42),
    ("plant", "cactus"): (0.40, 0.40, 0.90),
    ("plant", "fern"): (0.60, 0.60, 0.60),
    ("plant", "grass"): (0.60, 0.60, 1.50),
    ("plant", "hanging"): (0.44, 0.44, 0.90),
    ("plant", "sword"): (0.42, 0.42, 0.95),
    ("plant", "trailing"): (0.42, 0.42, 0.60),
    ("shelf", "low"): (1.50, 0.36, 0.86),
    ("stool", "bar"): (0.40, 0.40, 0.72),
    ("coat-rack", "stand"): (0.50, 0.50, 1.75),
    ("wall-shelf", "ledge"): (0.86, 0.12, 0.06),
}
"""Forms that are asked at a size of their own."""
SOFT = {
    "heavy",
    "leaf",
    "cushion1",
    "cushion2",
    "throw",
    "duvet",
    "sheet",
    "pillow1",
    "pillow2",
    "coat1",
    "coat2",
    "bag",
    "shoes",
}
"""Slots of cloth and leaves, which may hang 10 cm out of the size; what is hard keeps within 3 cm of it."""

BEYOND = {"curtains", "coat-rack", "door", "fireplace", "umbrella-stand", "window"}
"""Kinds whose width is the opening's or the body's: rods, linings, mantels, hung coats and handles go past it."""

STICKING_OUT = {"desk", "door", "umbrella-stand"}
"""What has more above its height: umbrellas, a gallery, the rail that a door slides on."""

WALL: set[str] = {
    "blind", "clock", "coat-rack", "door", "hat", "mirror", "niche", "oar", "panelling", "pinboard", "print", "sconce",
    "shutters", "wall-baskets", "wall-hanging", "wall-shelf",
}  # fmt: skip
"""Kinds with the wall at y = 0 and their body before it."""

FREE_STANDING = {("coat-rack", "stand"), ("mirror", "leaning"), ("oar", "leaning")}
"""Forms of these that stand on the floor all the same."""

MIDDLE = {
    "clock",
    "coat-rack",
    "hat",
    "mirror",
    "oar",
    "pinboard",
    "print",
    "sconce",
    "wall-baskets",
    "wall-hanging",
    "wall-shelf",
}
"""Kinds of the wall that hang about z = 0; the others stand on it, as high as their size."""

CEILING = {"beam", "ceiling-boards", "pendant", "pipe"}
"""Kinds that hang below z = 0."""

HANGING = {("plant", "hanging")}
"""Forms that do, of kinds that do not."""

OFF_THE_FLOOR = {("curtains", "cafe"), ("radiator", "panel"), ("sideboard", "floating")}
"""Forms that hang on the wall before which they are placed."""

LOW = {"blind", "fireplace", "plant", "window"}
"""What may reach past z = 0 or its height: tendrils, sills, a blind's folds, a stove's pipe up to the ceiling."""

SURFACES = {
    "bench", "coffee-table", "console", "counter", "desk", "dining-table", "dresser", "nightstand", "side-table",
    "sideboard", "stool",
}  # fmt: skip
"""Kinds that things are put on: their upper face is at their height."""

LEAVES = {("fruit", "stem"), ("plant", "leaf"), ("plant", "stem"), ("vase", "leaf"), ("vase", "stem")}
"""Slots whose texture coordinates run over a leaf and not along metres."""

_CLASSES = {
    6_000: "arch beam books bowl candles column hat niche oar pinboard pipe print sconce stool surfboard "
    "tray umbrella-stand wall-shelf",
    12_000: "blanket box-stack ceiling-boards clock console desk desk-set dining-chair dining-table door firewood "
    "folding-screen nightstand record-player sculpture shutters side-table sideboard teapot window",
    16_000: "coffee-table counter floor-lamp fruit mirror office-chair panelling rug shoe-bench table-lamp wardrobe",
    20_000: "basket bench blind curtains radiator vase",
    25_000: "armchair fireplace pouf tableware wall-baskets wall-hanging",
    30_000: "coat-rack dresser pendant plant shelf sofa",
    37_000: "bed",
}
BUDGETS: dict[str, int] = {kind: most for most, kinds in _CLASSES.items() for kind in kinds.split()}
"""How many triangles a part of each kind may have."""

FORM_BUDGETS = {("sofa", "chesterfield"): 38_000, ("pouf", "leather"): 12_000, ("dining-chair", "ybow"): 10_000}
"""Forms whose work is finer, or was made lighter on purpose."""
