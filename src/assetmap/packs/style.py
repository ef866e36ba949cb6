"""How the page of a pack looks, in the colours and the type of everything else; on paper it is set for A4."""

from __future__ import annotations

from typing import Final

from assetmap import look

_SMALL, _PLAIN, _LARGE, _HEADING, _TITLE = look.SCREEN_SIZES_PX
_FONTS: Final = ", ".join(f'"{family}"' if " " in family else family for family in look.FONT_FAMILIES)

STYLE: Final = f"""
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; background: {look.PAGE}; color: {look.INK}; font: {_LARGE}px/1.5 {_FONTS}, sans-serif;
  font-variant-numeric: tabular-nums; }}
header, main {{ max-width: 1040px; margin: 0 auto; padding: 0 24px; }}
header {{ padding-top: 32px; }}
h1 {{ font-size: {_TITLE}px; line-height: 1.25; margin: 8px 0 16px; text-wrap: balance; }}
h2 {{ font-size: {_HEADING}px; line-height: 1.3; margin: 48px 0 8px; padding-top: 16px;
  border-top: 1px solid {look.LINE}; }}
h3 {{ font-size: {_LARGE}px; margin: 24px 0 4px; }}
p, ul, ol {{ max-width: 76ch; margin: 8px 0; }}
li {{ margin: 4px 0; }}
a {{ color: {look.INK}; text-underline-offset: 3px; overflow-wrap: anywhere; }}
a:focus-visible, [tabindex]:focus-visible {{ outline: 3px solid {look.INK}; outline-offset: 2px; }}
.about, .quiet, figcaption, caption {{ color: {look.QUIET}; }}
.beside {{ color: {look.QUIET}; font-size: {_PLAIN}px; }}
.about {{ margin: 0; }}
.made-up {{ background: {look.INK}; color: {look.PAGE}; font-weight: 600; padding: 8px 16px; margin: 0 0 16px;
  max-width: none; }}
.finding {{ font-weight: 600; font-size: {_HEADING}px; line-height: 1.35; }}
figure {{ margin: 16px 0; }}
img {{ display: block; max-width: 100%; max-height: 1000px; height: auto; border: 1px solid {look.LINE}; }}
figcaption {{ margin-top: 8px; font-size: {_PLAIN}px; }}
.wide {{ overflow-x: auto; }}
.inline {{ padding: 0; list-style: none; }}
.inline li {{ display: inline-block; margin-right: 16px; }}
table {{ border-collapse: collapse; width: 100%; font-size: {_PLAIN}px; line-height: 1.4; }}
caption {{ text-align: left; padding: 8px 0; }}
th, td {{ text-align: left; vertical-align: top; padding: 8px 16px 8px 0; border-bottom: 1px solid {look.LINE}; }}
thead th {{ color: {look.QUIET}; font-weight: 600; border-bottom: 2px solid {look.INK}; }}
tbody th {{ font-weight: 600; }}
.numbers tbody th {{ font-size: {_TITLE}px; line-height: 1.15; white-space: nowrap; }}
.numbers td:nth-child(2) {{ font-size: {_LARGE}px; }}
@media print, (min-width: 721px) {{
  .numbers td:nth-child(2) {{ width: 28%; }}
  .numbers td:nth-child(3) {{ width: 32%; }}
  .numbers td:nth-child(4) {{ width: 25%; }}
}}
.count {{ text-align: right; white-space: nowrap; }}
.sources th[scope=row] {{ min-width: 240px; width: 38%; }}
.whose {{ font-weight: 400; color: {look.QUIET}; }}
.whose code {{ font-size: {_SMALL}px; }}
code, .digest {{ font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; font-size: {_PLAIN}px;
  overflow-wrap: anywhere; }}
pre {{ background: {look.PANEL}; border: 1px solid {look.LINE}; padding: 12px 16px;
  white-space: pre-wrap; margin: 8px 0; }}
.digest {{ font-size: {_SMALL}px; color: {look.QUIET}; }}
@media screen and (max-width: 720px) {{
  header, main {{ padding-left: 16px; padding-right: 16px; }}
  .numbers thead {{ position: absolute; clip-path: inset(50%); }}
  .numbers tr, .numbers tbody th, .numbers tbody td {{ display: block; width: auto; border: 0; padding: 0 0 4px; }}
  .numbers tr {{ border-bottom: 1px solid {look.LINE}; padding: 12px 0; }}
}}
@media print {{
  @page {{ size: A4; margin: 15mm; }}
  body {{ font-size: 10pt; line-height: 1.35; }}
  header, main {{ max-width: none; padding: 0; }}
  p, ul, ol {{ max-width: none; margin: 4px 0; }}
  h2, h3 {{ break-after: avoid; }}
  h3 {{ font-size: 10.5pt; margin-top: 10px; }}
  .finding {{ font-size: 13pt; }}
  main > .answer:first-of-type {{ break-before: page; }}
  main > .answer:first-of-type h2 {{ border: 0; padding: 0; margin-top: 0; }}
  h2 {{ margin-top: 24px; }}
  nav, .on-screen {{ display: none; }}
  tr, figure, li {{ break-inside: avoid; }}
  figure {{ margin: 8px 0; }}
  img {{ max-height: 116mm; }}
  table, .beside {{ font-size: 8pt; }}
  .numbers tbody th {{ font-size: 17pt; }}
  .numbers td:nth-child(2) {{ font-size: 10pt; }}
  th, td {{ padding: 5px 8px 5px 0; }}
  .digest, code, .whose code {{ font-size: 7pt; }}
  .wide {{ overflow: visible; }}
  .sources {{ font-size: 7.5pt; }}
  .sources th[scope=row] {{ min-width: 0; width: 34%; }}
  .count {{ white-space: normal; }}
}}
"""
