"""Page-shaped reads of this room."""

from collaboratives.queries.programs import Seats, seats

__all__ = ["Seats", "seats"]
