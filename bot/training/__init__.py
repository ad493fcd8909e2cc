"""What the project trains itself; each is a `hearthbot train …`."""
