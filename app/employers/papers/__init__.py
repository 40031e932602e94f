"""单位材料: photographed licences and proofs of a firm: taken in, sealed, checked by the office, run out."""
