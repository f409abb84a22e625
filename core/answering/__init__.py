"""From a pack to an answer whose every sentence names the lines it rests on."""
