"""Making text, pictures and sound on this machine's devices."""
