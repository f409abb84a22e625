"""Facts of files to the code graph: `whole.link`. Importing a part of it, as readers of an index do, imports no linker."""
