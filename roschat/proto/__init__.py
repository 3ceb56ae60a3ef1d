"""Protocol code without sockets: bytes in, packets out, one file per noun of the specification."""
