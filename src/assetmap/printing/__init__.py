"""A place and a question -> a sheet to print, or files for others: the same numbers as on screen, and their sources."""

from assetmap.printing.answers import ABOUT, About, Terms, sheet_of
from assetmap.printing.could_open import play_sheet, sites_sheet
from assetmap.printing.files import export_layers, layers_to_export, licence_text, parts_of, source_line, sources_table
from assetmap.printing.over_time import over_time_sheet
from assetmap.printing.part import profile_sheet
from assetmap.printing.parts import MAPPED_STREETS
from assetmap.printing.scenario import scenario_sheet
from assetmap.printing.shades import SHADES, as_asked
from assetmap.printing.shared import MAPPED_BY, access_sheet, deprivation_sheet, who_lost_sheet

__all__ = [
    "ABOUT",
    "MAPPED_BY",
    "MAPPED_STREETS",
    "SHADES",
    "About",
    "Terms",
    "access_sheet",
    "as_asked",
    "deprivation_sheet",
    "export_layers",
    "layers_to_export",
    "licence_text",
    "over_time_sheet",
    "parts_of",
    "play_sheet",
    "profile_sheet",
    "scenario_sheet",
    "sheet_of",
    "sites_sheet",
    "source_line",
    "sources_table",
    "who_lost_sheet",
]
