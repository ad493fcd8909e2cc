"""Charts as pictures, to be looked at in a chat."""
