"""The figures: pictures drawn by the server as SVG from frozen records, each with a table behind it.

Pure Python without Django. ``figure.svg(width)`` is for a page (colours from the stylesheet), ``figure.svg(width,
standalone=True)`` for a file, a mail or a PDF, ``figure.as_table()`` for the table.
"""

from punte.web.figures.bars import Bar, Bars
from punte.web.figures.distribution import Bin, Distribution, Point
from punte.web.figures.figure import NARROW_BELOW, Column, Figure, FigureTable, Tone
from punte.web.figures.funnel import Funnel, Stage
from punte.web.figures.heatmap import Heatmap
from punte.web.figures.line import Line, Lines, Moment
from punte.web.figures.refusals import CannotDraw
from punte.web.figures.sankey import Band, FlowColumn, Node, Sankey
from punte.web.figures.sparkline import Sparkline
from punte.web.figures.waterfall import Step, Waterfall

__all__ = [
    "NARROW_BELOW",
    "Band",
    "Bar",
    "Bars",
    "Bin",
    "CannotDraw",
    "Column",
    "Distribution",
    "Figure",
    "FigureTable",
    "FlowColumn",
    "Funnel",
    "Heatmap",
    "Line",
    "Lines",
    "Moment",
    "Node",
    "Point",
    "Sankey",
    "Sparkline",
    "Stage",
    "Step",
    "Tone",
    "Waterfall",
]
