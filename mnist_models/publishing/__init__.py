"""To the Hub: models with their cards, and the page as a Space."""
