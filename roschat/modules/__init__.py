"""What is installed and started separately: one folder each."""
