"""Many hands on one set of answers: who is here, who is typing, two versions of one answer, and
what was answered before. For every room whose forms several people fill in."""
