"""What visitors and clients meet: the page and the endpoints."""
