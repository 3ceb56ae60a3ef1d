"""One self-hosted communications server for an organisation."""
