"""搜索: finding sections by their words, behind a small port; whoosh is the engine that comes along."""
