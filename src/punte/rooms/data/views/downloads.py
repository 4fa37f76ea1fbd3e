"""What can be taken away: tables, and rows with something wrong."""

from __future__ import annotations

from io import StringIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from punte.errors import UnknownName
from punte.rooms.data import queries
from punte.rooms.data.rules import CannotSeeRows
from punte.rooms.data.views.frame import refused
from punte.rooms.data.views.missing import asked_problems

CSV = "text/csv; charset=utf-8"


@require_safe
def table_csv(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """A table as CSV, sent while it is read."""
    table = _table(request, name)
    return StreamingHttpResponse(table.csv(), content_type=CSV, headers=_named(table, "csv"))


@require_safe
def table_parquet(request: HttpRequest, name: str) -> FileResponse:
    """A table as Parquet."""
    table = _table(request, name)
    return FileResponse(
        table.parquet(), content_type="application/vnd.apache.parquet", headers=_named(table, "parquet")
    )


@require_safe
def problems_csv(request: HttpRequest) -> HttpResponse:
    """The rows of a filter, all of them."""
    try:
        rows = queries.get_problem_rows_for(user=request.user, asked=asked_problems(request))
    except CannotSeeRows as error:
        return refused(request, error, 403, "missing")
    if rows is None:
        raise Http404("Nothing was imported yet.")
    out = StringIO()
    from punte.records.handout import write_csv  # analytics are loaded by the first page that needs them

    write_csv(rows, out)
    headers = {"Content-Disposition": 'attachment; filename="punte-row-problems.csv"'}
    return HttpResponse(out.getvalue(), content_type=CSV, headers=headers)


def _table(request: HttpRequest, name: str) -> queries.TableFile:
    try:
        return queries.get_table_for(user=request.user, name=name)
    except UnknownName as error:
        raise Http404(str(error)) from error


def _named(table: queries.TableFile, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="punte-{table.name}-{table.snapshot_id}.{ending}"'}
