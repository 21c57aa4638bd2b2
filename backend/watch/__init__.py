"""The loop: a source of pictures that goes on, answered frame by frame."""
