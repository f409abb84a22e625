"""The index for editors and agents, over the Model Context Protocol."""
