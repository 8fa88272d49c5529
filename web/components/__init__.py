"""What the page is made of, each part with its template, style and script."""
