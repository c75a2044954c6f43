"""Whether two models say the same."""

import numpy as np

from mlops_tui.services.model_programs.export_program.parity import of_labels, of_numbers


def test_a_tie_is_told_apart_from_a_difference() -> None:
    source, ours = np.array(["a", "a", "b", "a"]), np.array(["a", "b", "a", "a"])
    scores = np.array([[0.9, 0.1], [0.5, 0.5], [0.3, 0.7], [0.8, 0.2]])
    found = of_labels(source, ours, scores, (scores, scores))
    assert (found.agreeing, found.ties, found.differing) == (2, 1, (2,))
    assert not found.passed
    margins = of_labels(source, ours, np.array([2.0, 1e-7, -1.0, 2.0]), None)
    assert (margins.ties, margins.differing) == (1, (2,))
    assert of_labels(source, ours, None, None).differing == (1, 2)


def test_a_label_that_agrees_by_chance_differs_by_its_probabilities() -> None:
    source = np.array([1, 1])
    ours = np.array([[0.1, 0.9], [0.4, 0.6]])
    found = of_labels(source, source, ours, (np.array([[0.1, 0.9], [0.1, 0.9]]), ours))
    assert (found.agreeing, found.differing) == (2, (1,))
    unknown = of_labels(source, source, ours, (ours, ours * np.nan))
    assert unknown.differing == (0, 1)


def test_one_row_in_a_thousand_may_differ() -> None:
    source = np.linspace(-1, 1, 1_000)
    ours = source.copy()
    ours[3] += 0.5
    found = of_numbers(source, ours)
    assert (found.differing, found.agreeing, found.passed) == ((3,), 999, True)
    assert found.describe() == "999 of 1,000 rows agree, 1 differ; the largest difference is 0.5"
    ours[4] = np.nan
    assert not of_numbers(source, ours).passed
    both = np.array([np.nan, 1.0])
    assert of_numbers(both, both).differing == ()


def test_several_numbers_a_row_are_one_row() -> None:
    source = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert of_numbers(source, source + np.array([[0, 0], [0, 9]])).differing == (1,)
