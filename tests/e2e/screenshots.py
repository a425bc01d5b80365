"""The pictures that the README shows, of the sample: ``make screenshots``."""

from pathlib import Path

from tests.e2e.browsers import Screen, Visitor, chromium, signed_in, visiting
from tests.e2e.programs import running

IMAGES = Path(__file__).parents[2] / "docs" / "images"
MOMENT = 9  # at which fact of the history: the customer has just agreed to the quote
SCREENS = {
    "1280": Screen(width=1280, height=960),
    "360": Screen(width=360, height=780),
}
NIGHT = Screen(width=1280, height=960, scheme="dark")


def main() -> None:
    """Play the sample, look at it, and keep what is seen."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, running(empty=False) as program:
        cookies = signed_in(browser, program)
        for suffix, screen in SCREENS.items():
            with visiting(browser, program, screen, cookies) as visitor:
                look(visitor, suffix)
                measure(visitor, suffix)
        with visiting(browser, program, NIGHT, cookies) as visitor:
            visitor.go("/").screenshot(path=IMAGES / "board-1280-dark.png")
            measure(visitor, "1280-dark")


def look(visitor: Visitor, suffix: str) -> None:
    """Keep what the board, an order and its history look like, the last one as it was once."""
    visitor.go("/").screenshot(path=IMAGES / f"board-{suffix}.png")
    page = visitor.go(order := visitor.order("1"))
    page.screenshot(path=IMAGES / f"order-{suffix}.png")
    visitor.go(f"{order}/historico")
    page.get_by_role("link", name="como era aqui").nth(MOMENT).click()
    page.wait_for_url("**/historico?as_of=*")
    page.screenshot(path=IMAGES / f"history-{suffix}.png")


def measure(visitor: Visitor, suffix: str) -> None:
    """Keep what all figures, one of them, and times and bottlenecks look like."""
    visitor.go("/indicadores").screenshot(path=IMAGES / f"indicadores-{suffix}.png")
    visitor.go("/indicadores/backlog").screenshot(path=IMAGES / f"indicador-{suffix}.png")
    visitor.go("/tempos").screenshot(path=IMAGES / f"tempos-{suffix}.png")


if __name__ == "__main__":
    main()
