from tests.e2e.programs import running
from tests.e2e.tour import answers, blocks, constant


def test_the_tour_of_the_readme_prints_what_it_says() -> None:
    promised = [constant(shown) for _, shown in blocks()]

    with running() as program:
        printed = answers(program.port, program.environment)

    assert [constant(said) for said in printed] == promised
