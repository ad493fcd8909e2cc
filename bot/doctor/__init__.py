"""What `hearthbot doctor` looks at."""
