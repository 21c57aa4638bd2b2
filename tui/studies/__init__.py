"""What is found out about pictures beyond an answer: things followed through a film, the depth of a pair, what changed between
two pictures, the place they belong to. Each is a value that a tab shows and the table tells, made in a thread."""
