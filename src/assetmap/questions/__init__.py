"""The way out: store -> measure -> answer; one function a question that people ask."""

from assetmap.questions.access import access
from assetmap.questions.answer import Answer, and_words, count_words
from assetmap.questions.deprivation import deprivation
from assetmap.questions.gaps import gaps
from assetmap.questions.here import here
from assetmap.questions.lost import lost
from assetmap.questions.over_time import lost_over_time
from assetmap.questions.play_streets import play_street_candidates
from assetmap.questions.profile import profile
from assetmap.questions.sites import sites
from assetmap.questions.strengths import Strength
from assetmap.questions.walks import nearest
from assetmap.questions.whatif import whatif
from assetmap.questions.who_lost import who_lost

__all__ = [
    "Answer",
    "Strength",
    "access",
    "and_words",
    "count_words",
    "deprivation",
    "gaps",
    "here",
    "lost",
    "lost_over_time",
    "nearest",
    "play_street_candidates",
    "profile",
    "sites",
    "whatif",
    "who_lost",
]
