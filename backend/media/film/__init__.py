"""Films → Pictures: frames at the times that are asked for, decoded as they are taken.

    with open_film(path) as film:
        for picture in film.frames(uniform(film.info, 8)):
            picture.time, picture.name      # 12.4, "film.mp4@00:12.40"

Time, never the frame's number, says which frame is meant: phones film at a rate that varies. A frame's time is when it is
first shown, in seconds from the film's first frame, and what is asked for is the frame that is *shown* then.
"""

from backend.media.film.film import Film, open_film
from backend.media.film.info import FilmInfo

__all__ = ["Film", "FilmInfo", "open_film"]
