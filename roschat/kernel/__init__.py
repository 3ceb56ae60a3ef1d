"""The runtime under the modules; it knows none of them by name."""
