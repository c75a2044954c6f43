"""Several arguments of one name made into one: each way to set it is a way to write its field."""

from collections.abc import Iterable
from dataclasses import replace

from mlops_tui.domain.jobs.argument import Argument
from mlops_tui.domain.jobs.recipe import to_text


def joined_by_name(arguments: Iterable[Argument]) -> tuple[tuple[Argument, ...], list[str]]:
    """Return one argument for each name, then the flags that found no place in one of them."""
    found: dict[str, Argument] = {}
    left: list[str] = []
    for argument in arguments:
        name = argument.parameter.name
        before = found.setdefault(name, argument)
        if before is argument:
            continue
        both = _joined(before, argument)
        if both is None:
            left.append(argument.flag or argument.off_flag)
        else:
            found[name] = both
    return tuple(map(limited, found.values())), left


def limited(argument: Argument) -> Argument:
    """Return a switch that offers only what the program has a flag for, or does without one."""
    default = argument.parameter.default
    if not argument.is_switch:
        return argument
    ways = {"true": argument.flag, "false": argument.off_flag}
    if default is not None:
        ways[to_text(default)] = "nothing"
    choices = tuple(text for text, way in ways.items() if way)
    if len(choices) == len(ways):
        return argument
    lacking = next(text for text in ways if text not in choices)
    help_ = "; ".join(filter(None, (argument.parameter.help, f"it has no flag for {lacking}")))
    return replace(argument, parameter=replace(argument.parameter, choices=choices, help=help_))


def _joined(first: Argument, other: Argument) -> Argument | None:
    """Return both as one, None where they have too little in common; the first's default holds."""
    if first.flag == other.flag and first.off_flag == other.off_flag and first.flag:
        return _either(first, other)
    if first.is_switch and other.is_switch:
        return replace(
            first, flag=first.flag or other.flag, off_flag=first.off_flag or other.off_flag
        )
    if not (first.constants or other.constants) or first.is_switch or other.is_switch:
        return None
    if first.flag and other.flag:
        return None
    valued = other if other.flag else first
    own, others = first.parameter, other.parameter
    constants = {**other.constants, **first.constants}
    is_typed = bool(valued.flag) and not valued.parameter.choices
    choices = () if is_typed else tuple(dict.fromkeys((*own.choices, *others.choices)))
    helps = dict.fromkeys(filter(None, (own.help, others.help)))
    parameter = replace(
        valued.parameter,
        default=own.default,
        help="; ".join(helps),
        choices=choices,
        constants=tuple(constants),
    )
    return replace(valued, parameter=parameter, constants=constants)


def _either(first: Argument, other: Argument) -> Argument:
    """Return what is added in one place or in another: which default holds is not known."""
    own, others = first.parameter, other.parameter
    if own.default == others.default:
        return first
    words = " or ".join(to_text(each.default) or "none" for each in (own, others))
    help_ = "; ".join(filter(None, (own.help, f"default: {words}")))
    return replace(first, parameter=replace(own, default=None, help=help_))
