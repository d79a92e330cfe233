"""Owns which slots a reader looks at: the later the day and the place in it, the fewer."""

from dataclasses import dataclass

from emulators.travellers.chance import Chance


@dataclass(frozen=True, slots=True)
class Gaze:
    """How one reader looks at an itinerary; all but `severity` are probabilities.

    P(examined | day d, order k) = attention · daily^(d-1) · k^(-severity)

    The position-based model (Richardson, Dominowska and Ragno 2007; the power of the position as
    in Joachims, Swaminathan and Schnabel 2017), over two positions: an itinerary is read day by
    day. After each slot that was looked at the reader goes on with probability `perseverance`, as
    in the cascade models (Craswell et al. 2008; Chapelle and Zhang 2009).
    """

    attention: float
    daily: float
    severity: float
    perseverance: float

    def examined(self, day: int, order: int) -> float:
        """The probability that the slot is looked at by a reader who has not gone; from 1, 1."""
        share: float = self.attention * self.daily ** (day - 1) * order**-self.severity
        return share


def gaze_of(chance: Chance) -> Gaze:
    """The gaze of a traveller: people differ in how fast they tire of scrolling."""
    return Gaze(
        attention=chance.between(0.92, 1.0, "gaze", "attention"),
        daily=chance.between(0.84, 0.97, "gaze", "daily"),
        severity=chance.around(0.3, 0.4, "gaze", "severity"),
        perseverance=chance.between(0.96, 0.995, "gaze", "perseverance"),
    )
