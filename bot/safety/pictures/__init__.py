"""Opening, judging and cleaning pictures, however badly they are meant."""
