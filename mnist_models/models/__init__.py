"""From digits to answers: the served models, where they come from, what was measured of them."""
