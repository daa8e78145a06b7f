"""Long random tries, each from one seed: `python -m tests.sweeps differential --seeds 20 --server all`."""
