"""Long random tries, each from one printed seed: `python -m tests.sweeps differential --seeds 20 --server all`.

`differential`: a second program works beside ours, in the end both sides hold the same. `chaos`: the line breaks
anywhere, crawls, and says what the server never said. `cuts`: it breaks at every point of a recorded morning, one after
the other. `killing`: the program is killed again and again. `sending`: letters past every mood of a server. `typing`
and `terminal`: keys in a real terminal. `keys`: every action of the palette by its keys, in the three maps. `--help`
names the servers, and takes any other by its `imap:` address.
"""
