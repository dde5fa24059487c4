"""Page-shaped reads of this room."""

from collaboratives.queries.programs import Seats, Window, seats, window

__all__ = ["Seats", "Window", "seats", "window"]
