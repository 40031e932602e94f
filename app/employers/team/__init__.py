"""单位的同事: owners and colleagues of a firm, invited by phone."""
