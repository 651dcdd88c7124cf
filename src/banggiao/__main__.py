"""Lets `python -m banggiao` be the command `banggiao`."""

from banggiao.cli.main import main

main()
