"""When one machine is not enough: the same reading on engines that scale."""
