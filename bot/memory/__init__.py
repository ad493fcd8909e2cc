"""What people ask it to remember, and how that reaches a prompt."""
