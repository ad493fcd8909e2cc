"""What is posted, from what, and when."""
