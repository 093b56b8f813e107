"""Our side of a session: starts children, asks them, and believes nothing that they say."""
