"""What training draws: other hands and pens, foreign forms, and what is no digit."""
