"""Long random tries, each from one printed seed: `python -m tests.sweeps differential --seeds 20 --server all`.

`differential`: a second program works beside ours, in the end both sides hold the same. `chaos`: the line breaks
anywhere. `killing` (demo servers): the program is killed again and again. `--help` names the servers.
"""
