"""The static page: the same pad, answers and layers, computed in the browser, with no server."""
