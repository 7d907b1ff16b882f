"""The addresses of the API, a module a thing that programs ask for."""

from counterpoise.web.api.routes import (
    agreements,
    both_sides,
    cracks,
    decisions,
    handoffs,
    holder,
    joint,
    journeys,
    rehearsals,
    requests,
    reviews,
    talk,
    tools,
)

ROUTERS = (
    holder.router,
    decisions.router,
    agreements.router,
    requests.router,
    reviews.router,
    journeys.router,
    cracks.router,
    handoffs.router,
    rehearsals.router,
    tools.router,
    joint.router,
    talk.router,
    both_sides.router,
)
