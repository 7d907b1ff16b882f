"""The text that tests negotiate about, and who does it."""

from counterpoise.web.people.models import User

PASSWORD = "a hat for the cat"

TEXT = """\
# What both want next.
agreement: counterpoise/v1
title: Next year
in_force: {{from: {start}, if_lapsed: continue}}
roles:   # lowest first
  rep: {{side: sales, default: true}}
  sales_manager: {{side: sales}}
  product_marketing: {{side: marketing}}
  revenue_lead: {{side: both}}
goals:
  - {{id: revenue, metric: net_revenue, at_least: 1000000, shared: true}}
promises:
  marketing:
    - {{id: leads, metric: qualified_leads, at_least: 20, every: month}}
  sales:
    - {{id: response, metric: lead_response, within: 4 working hours}}
discounts:
  limits:
    # big deals first
    - {{id: enterprise, when: {{segment: Enterprise}}, up_to: {{rep: 10%, sales_manager: 20%}}}}
    - {{id: standard, up_to: {{rep: 5%, sales_manager: 15%, revenue_lead: 25%}}}}
  levers:
    - {{id: three_years, when: {{term_months: ">= 36"}}, adds: 5%}}
  lever_cap: 10%
approvals: {{respond_within: 1 working day}}
"""


def make_people() -> dict[str, User]:
    """Make one account a part, all with the same password."""

    def made(name: str, side: str, role: str, **options: bool) -> User:
        return User.objects.create_user(
            f"{name}@example.com", PASSWORD, name=name.title(), side=side, role=role, **options
        )

    return {
        "lead": made("lead", "both", "revenue_lead", may_sign=True),
        "manager": made("manager", "sales", "sales_manager", may_sign=True),
        "deputy": made("deputy", "sales", "sales_manager", may_sign=True),
        "rep": made("rep", "sales", "rep"),
        "marketer": made("marketer", "marketing", "product_marketing", may_sign=True),
        "analyst": made("analyst", "both", "", is_administrator=True),
    }
