"""The command line: `banggiao <noun> <verb>`."""
