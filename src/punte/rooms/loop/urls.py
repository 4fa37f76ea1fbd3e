"""The addresses of the loop."""

from __future__ import annotations

from django.urls import path

from punte.rooms.loop import views

app_name = "loop"

urlpatterns = [
    path("", views.home, name="home"),
    path("table.csv", views.table_csv, name="table_csv"),
    path("flow.svg", views.flow_svg, name="flow_svg"),
    path("models", views.models, name="models"),
    path("funnel", views.funnel, name="funnel"),
    path("behind", views.behind, name="behind"),
    # An id may end with a dot, which what makes links of a chat's addresses leaves out: so they end with a slash.
    path("deal/<str:deal_id>/", views.deal, name="deal"),
    path("person/<str:person_id>/", views.person, name="person"),
    path("company/<str:account_id>/", views.account, name="account"),
    path("campaign", views.campaign, name="campaign"),
]
