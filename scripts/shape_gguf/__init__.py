"""GGUF pairs with the exact shapes of Qwen3-VL and random weights, to measure with: speed and memory depend on shapes only."""
