"""Second witnesses: networks other than the model that look at a picture, for its depth or its words."""
