"""From a picture to digits: what stands out, on what, and which marks are digits.

Every constant here says what it trades. Unless it names another source, it was chosen by
``benchmarks/reading`` on the development half of the pen strokes, never on the half that is
published.
"""
