"""Facts of MNIST that everything else is built on."""

SIDE = 28
"""Height and width of a digit, in pixels."""

BOX = 20
"""The longest side of a digit's ink, in pixels (LeCun, Cortes and Burges, "The MNIST database")."""

CENTER = 14
"""The pixel, counted from 0, on which the ink's center of mass lies (Yadav and Bottou 2019)."""

LABELS = tuple("0123456789")
"""The ten classes, in the order of every model's outputs."""
