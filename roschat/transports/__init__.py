"""Sockets live here: HTTP, long polling and WebSocket in front of the bus. No business rules."""
