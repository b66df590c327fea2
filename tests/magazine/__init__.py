"""Makes the bundled sample: a clip, the truth about it, and an answer in every dialect."""
