"""The way out: store -> measure -> answer; one function a question that people ask."""

from assetmap.questions.answer import Answer, and_words, count_words
from assetmap.questions.gaps import gaps
from assetmap.questions.here import here
from assetmap.questions.lost import lost
from assetmap.questions.strengths import Strength
from assetmap.questions.walks import nearest
from assetmap.questions.whatif import whatif

__all__ = ["Answer", "Strength", "and_words", "count_words", "gaps", "here", "lost", "nearest", "whatif"]
