"""Catalogues of the program's sentences, for its translators."""
