"""Plain mode: the same questions and answers as lines of text, for screen readers, dumb terminals and pipes.

Nothing is drawn and nothing that was written is changed again: what goes out is printable text and line ends. Textual is not
imported here. A line that begins with a slash is a command, every other line a question about the picture that is open.
"""
