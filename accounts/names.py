"""Names of people, as pages write them."""

TITLES = {"dr", "dra", "mr", "mrs", "ms", "mx", "prof", "profa", "rev", "sr", "sra"}


def initials(name: str) -> str:
    """DW for Dana Whitfield, EA for Dr. Elena Alvarez: the first and the last word."""
    words = [word for word in name.split() if word[0].isalnum()]
    words = [word for word in words if word.rstrip(".").lower() not in TITLES] or words
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()
