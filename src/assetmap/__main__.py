"""``python -m assetmap`` is the same door as ``assetmap``."""

from assetmap.cli import main

main()
