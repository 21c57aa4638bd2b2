"""Drawn scenes whose truth is known: what the demo model learns from, and what the self-test and the evaluation ask about.

`scenes` draws; `questions` asks and answers. Both are pure functions of a seed, so that "a scene never trained on" is a
statement about integers: training uses seeds below `EVALUATION_SEEDS`, everything that measures uses that number and above.
"""

EVALUATION_SEEDS = 10**9
"""First seed of the scenes kept for measuring. Training never draws one of them."""
