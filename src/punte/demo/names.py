"""Made-up names of people, companies and places; any likeness is chance."""

from __future__ import annotations

FIRST = (
    "Ana Andrei Bianca Bogdan Camelia Cezar Corina Cristian Dan Diana Doru Elena Emil Florin Gabriela Horia "
    "Ioana Iulia Laura Liviu Lucian Mara Marius Mihai Mircea Monica Nadia Nicolae Oana Octavian Paul Petra "
    "Raluca Rares Roxana Silviu Simona Stefan Teodora Tiberiu Traian Valeria Vasile Victor Zoe Anke Dirk "
    "Franka Jonas Katja Milena Ivan Agnes Laszlo Piotr Zofia Giulia Marco"
).split()
LAST = (
    "Albu Anton Avram Balan Barbu Birsan Bratu Cazacu Chiriac Cojocaru Costin Croitoru Danciu Dima Dobre "
    "Dragan Enescu Filip Fodor Ganea Gavrila Grosu Hanganu Iacob Ilie Ispas Jianu Lazar Lungu Manea Marin "
    "Mocanu Moldovan Munteanu Neacsu Nistor Olaru Oltean Pana Petcu Pintea Plesa Radulescu Rosca Rusu Sandu "
    "Savu Serban Simion Suciu Tanase Toma Ungur Ursu Vasilescu Zamfir Becker Krause Petrov Nagy Nowak Ricci"
).split()
STEM = (
    "Elmet Carpat Dunar Vibro Termo Nord Sigma Delta Alfa Prim Metal Electro Hidro Optic Pneu Forja Turn "
    "Plast Chim Agro Farma Ambal Auto Robo Senzo Cupru Zinc Titan Basalt Cobalt Helio Aero Mecano Tehno Inox "
    "Fibra Vega Lumen Novo Kappa"
).split()
TAIL = "tech met lab form tron sys line works plan trade prod group ind fab serv cast".split()
LEGAL = ("SRL", "SA", "GmbH", "OOD", "Kft", "Sp. z o.o.", "Srl", "AG")
CITIES = {
    "Romania": ("Cluj-Napoca", "Iași", "Timișoara", "Brașov", "București", "Sibiu", "Ploiești"),
    "Germany": ("Leipzig", "Ulm", "Bremen"),
    "Bulgaria": ("Plovdiv", "Ruse"),
    "Hungary": ("Győr", "Szeged"),
    "Poland": ("Łódź", "Gdańsk"),
    "Italy": ("Brescia", "Modena"),
    "Austria": ("Linz", "Graz"),
}
TITLES = (
    "Quality manager",
    "Maintenance engineer",
    "Head of production",
    "Buyer",
    "Laboratory head",
    "Process engineer",
)
EXECUTIVE_TITLES = ("Managing director", "Chief operating officer", "Plant director")
