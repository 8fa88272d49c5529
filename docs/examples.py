"""Make the photographed examples: the tests' own strokes on photographed paper.

python -m docs.examples
"""

import numpy as np

from testing import EXAMPLES
from testing.scenes import photograph
from testing.strokes import DIGITS

PHOTOGRAPHS: dict[str, dict[str, str]] = {
    "3_ruled_paper.jpg": {"lines": "ruled", "light": "lamp", "pen": "blue ballpoint"},
    "4_photo_shadow.jpg": {"lines": "blank", "light": "hard shadow", "pen": "marker"},
    "5_squared_paper.jpg": {"lines": "squared", "light": "soft shadow", "pen": "green pen"},
    "8_desk_in_view.jpg": {"lines": "blank", "edge": "desk in view", "pen": "red pen"},
}
"""By file name, which begins with the truth, the conditions that the photograph shows."""

if __name__ == "__main__":
    for seed, (name, conditions) in enumerate(PHOTOGRAPHS.items(), 20):
        random = np.random.default_rng(seed)
        scene = photograph(DIGITS[name[0]], random, longest=700, **conditions)
        (EXAMPLES / name).write_bytes(scene.data)
