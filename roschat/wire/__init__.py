"""Messages: what parts of the program, clients and bots say to each other, each declared once."""
