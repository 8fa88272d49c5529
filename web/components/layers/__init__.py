"""Every layer of both networks, computed in the browser from the digit that is shown."""

from typing import Any

from mnist_models.models.record import BUNDLED, SERVED
from mnist_models.words import Words
from web.components.evidence import AGAINST, FOR
from web.components.spoken import SpokenHTML, read_parts

FILES = {name: BUNDLED / f"{name}.layers" for name in SERVED}
"""By model, what the browser computes it by; the page lets them be fetched."""

FEW = 8
"""Maps of a layer that are shown before all are asked for: a row of them."""

MOST_TOLD = 3
"""Maps that a number comes of, of which patch, filter and products are shown."""

KEYS = (
    *("look_inside", "layers_empty", "layers_intro", "layers_failed", "cnn", "linear"),
    *("ink_step", "ink_says", "layer_step", "first_layer_says", "layer_says", "pooled_layer_says"),
    *("classes_step", "classes_says", "doubt_says", "products_step", "products_says"),
    *("show_all", "show_few", "map_of_layer", "map_of_digit", "products_of_digit", "maps_of_step"),
    *("score_row", "share_row", "cell_of_layer", "cell_of_digit", "cell_of_ink", "cell_row"),
    *("cell_column", "cell_field", "cell_on_ink", "cell_on_maps", "cell_of_many", "cell_numbers"),
    *("cell_filter", "cell_products", "cell_part", "cell_rest", "cell_bias", "cell_sum"),
    *("cell_kept", "cell_cut", "class_average", "class_share", "pixel_ink", "pixel_product"),
    *("pixel_sum",),
)
"""The words that it shows; the browser fills their gaps."""

LIBRARIES = ("layers/network", "layers/picture")
"""The scripts that compute a digit's values; they know no page."""


class Layers(SpokenHTML):
    """What each layer makes of a digit, from ink to probabilities; closed until it is opened.

    It has no value: a `look-at` event in it carries the address of the digit's `picture`, or null,
    and that of the `page`, from which the weights are fetched once it is opened. A page that has
    computed the digit anyway gives it `read`: a function that resolves, for a picture's address, to
    {model: {network, values}}.

    Args:
        **kwargs: As for `gr.HTML`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            write_words,
            **read_parts("layers/layers", *LIBRARIES),
            apply_default_css=False,
            files={name: str(path) for name, path in FILES.items()},
            colors={"for": FOR, "against": AGAINST},
            few=FEW,
            mostTold=MOST_TOLD,
            **kwargs,
        )


def write_words(words: Words) -> dict[str, str]:
    """Return the sentences with their gaps."""
    return {key: words.sentences[key] for key in KEYS}
