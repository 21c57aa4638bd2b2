"""Training of the demo model: a small model of the true Qwen3-VL architecture, taught on scenes that are drawn as it
learns.

`architecture` is the network, `cell_code` the language its two halves are taught to speak to each other, `tokenizer` the
vocabulary, `pictures` and `conversations` make batches, `stages` teaches, `gguf_files` writes the pair that llama.cpp runs
and reads it back.
"""
