"""What tests, benchmarks and pictures of the page share."""
