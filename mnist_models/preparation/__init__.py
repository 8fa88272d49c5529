"""From a picture to digits: what stands out, on what, and which marks are digits."""
