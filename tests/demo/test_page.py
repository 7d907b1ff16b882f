"""The page about the demo company names every fault as the code has it."""

from pathlib import Path

from counterpoise.demo import Faults, all_faults


def test_the_page_has_a_row_for_every_kind(root: Path) -> None:
    page = (root / "docs/reference/demo-company.md").read_text(encoding="utf-8")
    for kind, fault in all_faults().items():
        variants = ", ".join(f"`{variant}`" for variant in fault.variants)
        assert f"| `{kind}` | {variants} |" in page
        assert f"| {fault.says} | {fault.strength:g}: {fault.strength_is} |" in page


def test_the_page_names_what_the_demo_plants(root: Path) -> None:
    page = (root / "docs/reference/demo-company.md").read_text(encoding="utf-8")
    [planted] = [line for line in page.splitlines() if line.startswith("By default eleven")]
    assert len(Faults.default().orders) == 11
    assert all(f"`{order.kind}`" in planted for order in Faults.default().orders)
