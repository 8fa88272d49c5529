"""What five student projects state of networks like ours."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """What a project states of its network.

    Why the measurement is another stands in the words files, as `why_` and the network's name.

    Attributes:
        accuracy: Share of digits read right, 0..1.
        seconds_per_epoch: On its own machine; None where nothing is stated.
        milliseconds_per_digit: On its own machine; None where nothing is stated.
    """

    accuracy: float
    seconds_per_epoch: float | None = None
    milliseconds_per_digit: float | None = None


CLAIMS: dict[str, Claim] = {
    "cnn": Claim(0.9992),
    "linear": Claim(0.9782),
    "lenet_bn": Claim(0.9981),
    "linear_mse": Claim(0.9792),
    "lenet5": Claim(0.9939, seconds_per_epoch=80, milliseconds_per_digit=127),
    "mlp": Claim(0.9836, seconds_per_epoch=6, milliseconds_per_digit=67),
    "convnet": Claim(0.98),
}
"""By network. What another project calls its CNN and its linear model stands with ours."""
