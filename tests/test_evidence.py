"""The maps of evidence show what the models computed, in colors that anyone can tell apart."""

import base64
import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mnist_models import Prediction, Reader
from web.components.evidence import AGAINST, FOR, draw_maps, show_evidence
from web.guard.uploads import EXAMPLES
from web.words import PROGRAMS

# What is left of linear red, green and blue (Machado, Oliveira and Fernandes 2009, severity 1).
VISION = {
    "full": np.eye(3),
    "without red cones": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "without green cones": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "without blue cones": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def picture(url: str) -> NDArray[np.uint8]:
    """Return the pixels of a PNG in a data URL."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition("base64,")[2]))))


def linear(color: tuple[int, int, int]) -> NDArray[np.float64]:
    """Return a color's linear red, green and blue, 0..1."""
    levels = np.array(color) / 255
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("seen", VISION.values(), ids=VISION)
def test_for_and_against_differ_to_every_kind_of_eye(seen: list[list[float]]) -> None:
    colors = [np.clip(seen @ linear(color), 0, 1) for color in (FOR, AGAINST)]
    assert np.abs(colors[0] - colors[1]).max() > 0.2


@pytest.mark.parametrize("paper", [(255, 253, 247), (20, 23, 28)], ids=["light", "dark"])
@pytest.mark.parametrize("color", [FOR, AGAINST])
def test_both_colors_stand_out_from_paper_in_light_and_dark(
    color: tuple[int, int, int], paper: tuple[int, int, int]
) -> None:
    light = sorted(linear(shade) @ (0.2126, 0.7152, 0.0722) + 0.05 for shade in (color, paper))
    assert light[1] / light[0] >= 3  # WCAG 2.1, 1.4.11


def test_a_map_shows_sign_by_color_strength_by_opacity_and_labels_in_a_row() -> None:
    evidence = np.zeros((2, 3, 10), np.float32)
    evidence[0, 1, 4], evidence[1, 2, 7] = 4, -1
    maps = draw_maps(evidence)
    assert maps.shape == (2, 30, 4)
    assert tuple(maps[0, 4 * 3 + 1]) == (*FOR, 255)
    assert tuple(maps[1, 7 * 3 + 2]) == (*AGAINST, 127)
    assert np.count_nonzero(maps[..., 3]) == 2


def test_no_evidence_at_all_is_an_empty_map() -> None:
    assert not draw_maps(np.zeros((7, 7, 10), np.float32))[..., 3].any()


@pytest.mark.parametrize("name", ["cnn", "linear"])
def test_the_map_of_a_digit_sums_to_the_score_that_is_told(name: str) -> None:
    reading = Reader.default().read(sorted(EXAMPLES.glob("7_*"))[0])
    prediction: Prediction = reading[name]
    value = show_evidence(prediction, PROGRAMS)
    assert value["label"] == 7
    assert np.array_equal(picture(value["maps"]), draw_maps(prediction.evidence[0]))
    sums = prediction.evidence[0].sum((0, 1))
    told = [float(score.partition(": ")[2]) for score in value["scores"]]
    assert told == pytest.approx(sums.tolist(), abs=0.051)
