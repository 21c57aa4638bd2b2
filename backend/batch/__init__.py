"""Many pictures asked the same questions: listed, read ahead, answered by one or several models, and written as they come.

    names → listing → readers → desk → workers of stations → outcomes → ledger (JSONL)

Pictures pass through a desk that holds only so many bytes of them; the ledger alone says what is done, so that a run that was
killed goes on where its file ends. Everything but the ledger runs in threads of its own.
"""
