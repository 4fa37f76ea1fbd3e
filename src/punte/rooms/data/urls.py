"""The addresses of the data room."""

from __future__ import annotations

from django.urls import path

from punte.rooms.data import views

app_name = "data"

urlpatterns = [
    path("", views.home, name="home"),
    path("bring", views.bring, name="bring"),
    path("costs", views.costs, name="costs"),
    path("bring/<slug:key>", views.upload, name="upload"),
    path("bring/<slug:key>/mapping", views.look_again, name="look_again"),
    path("bring/<slug:key>/mapping.toml", views.proposal, name="proposal"),
    path("bring/<slug:key>/import", views.ask_import, name="ask_import"),
    path("bring/<slug:key>/stop", views.stop, name="stop"),
    path("imports/<slug:load_id>/take-back", views.take_back, name="take_back"),
    path("imports/<slug:load_id>/bring-again", views.bring_again, name="bring_again"),
    path("work/<int:job_id>", views.work, name="work"),
    path("missing", views.missing, name="missing"),
    path("problems", views.problems, name="problems"),
    path("problems.csv", views.problems_csv, name="problems_csv"),
    path("tables/<slug:name>.csv", views.table_csv, name="table_csv"),
    path("tables/<slug:name>.parquet", views.table_parquet, name="table_parquet"),
]
