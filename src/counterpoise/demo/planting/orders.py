"""Which faults a company has."""

from __future__ import annotations

from dataclasses import dataclass

from counterpoise.demo.planting.fault import Order


@dataclass(frozen=True)
class Faults:
    """The faults asked for, planted in this order."""

    orders: tuple[Order, ...] = ()

    @classmethod
    def none(cls) -> Faults:
        """Ask for a company without any fault."""
        return cls()

    @classmethod
    def default(cls) -> Faults:
        """Ask for the modest set of the demo, on both sides."""
        return cls(
            (
                Order("discount_drift", "rep"),
                Order("leakage", "rep"),
                Order("quarter_end", "team"),
                Order("threshold_hugging"),
                Order("slow_handoff", "rep"),
                Order("list_not_believed", "family"),
                Order("lead_quality", "campaign"),
                Order("persona_miss"),
                Order("budget_overrun", "promotions"),
                Order("tool_gap"),
                Order("goal_gap", "realization"),
            )
        )

    @classmethod
    def only(
        cls, kind: str, variant: str | None = None, *, scale: float = 1.0, count: int = 1
    ) -> Faults:
        """Ask for one kind of fault alone."""
        return cls((Order(kind, variant, scale=scale, count=count),))

    def and_(self, *orders: Order) -> Faults:
        """Ask for more faults besides."""
        return Faults(self.orders + orders)
