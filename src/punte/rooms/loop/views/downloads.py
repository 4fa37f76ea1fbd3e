"""What can be taken away: the table as CSV, the flow as a picture."""

from __future__ import annotations

from io import StringIO

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from punte.errors import UnknownName
from punte.rooms.loop import queries
from punte.rooms.loop.views.frame import asked_by
from punte.rooms.loop.views.pictures import flow_picture

WIDTH = 1080


@require_safe
def table_csv(request: HttpRequest) -> HttpResponse:
    """The table of the question with every column and every row, as the command line hands it out."""
    question = asked_by(request).question
    try:
        table, basis = queries.get_table_for(user=request.user, question=question)
    except (queries.NothingImported, UnknownName) as error:
        raise Http404(str(error)) from error
    from punte.records.handout import write_csv  # brings Arrow, which the start of the site does not wait for

    out = StringIO()
    write_csv(table, out)
    name = f"punte-loop-{basis.at_on.isoformat()}.csv"
    return _file(out.getvalue().encode(), "text/csv; charset=utf-8", name)


@require_safe
def flow_svg(request: HttpRequest) -> HttpResponse:
    """The flow of the question as an SVG file of its own, in the light theme."""
    question = asked_by(request).question
    try:
        page = queries.get_loop_page_for(user=request.user, question=question)
    except (queries.NothingImported, UnknownName) as error:
        raise Http404(str(error)) from error
    picture = flow_picture(page.flow, question, page.basis.currency, reverse("loop:home"))
    svg = picture.svg(WIDTH, standalone=True)
    return _file(svg.encode(), "image/svg+xml; charset=utf-8", f"punte-flow-{page.basis.at_on.isoformat()}.svg")


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
