"""行政区划: the country's tree of divisions, who lies inside whom, and how far apart places are."""
