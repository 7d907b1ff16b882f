"""The addresses of the API, a module a thing that programs ask for."""

from counterpoise.web.api.routes import (
    agreements,
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
    both_sides.router,
    joint.router,
    talk.router,
)
