"""The transparency log over the event log: tree, checkpoints, proofs, audit, verifier."""
