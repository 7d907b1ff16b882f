"""The addresses of the API, a module a thing that programs ask for."""

from counterpoise.web.api.routes import (
    agreements,
    both_sides,
    cracks,
    decisions,
    giving,
    handoffs,
    holder,
    journeys,
    rehearsals,
    requests,
    reviews,
    shelf,
    sitting,
    talk,
    talking,
    tools,
)

ROUTERS = (
    holder.router,
    decisions.router,
    agreements.router,
    requests.router,
    reviews.router,
    journeys.router,
    shelf.router,
    cracks.router,
    handoffs.router,
    rehearsals.router,
    tools.router,
    sitting.router,
    talk.router,
    talking.router,
    both_sides.router,
    giving.router,
)
