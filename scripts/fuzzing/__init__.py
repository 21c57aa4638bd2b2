"""What scripts/fuzz runs: properties that hold for every text, mutations that know what answers look like, and large texts."""
