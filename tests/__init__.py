"""One file of tests per module, and one each for page, API, browser, README and imports."""
