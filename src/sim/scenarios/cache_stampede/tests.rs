//! What the machinery does, one thing at a time.
