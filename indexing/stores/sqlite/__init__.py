"""The one truth of an index: files, chunks, symbols, edges and clone classes in SQLite.

`schema.py` (tables and versions), `writer.py` (one process writes), `reader.py` (snapshots for everybody else).
"""
