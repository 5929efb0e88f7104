"""A recipe in a pipeline of Ray Data.

    photos = ray.data.read_binary_files("photos", include_paths=True)
    made = photos.map_batches(
        RunRecipe,
        fn_constructor_kwargs={"recipe": "white-background"},
        batch_size=8,
        compute=ray.data.ActorPoolStrategy(size=1),
        num_cpus=1,
    )

Leave a core for reading: actors that take all of them wait for ever. This module imports no Ray: `RunRecipe` is a
callable from a dictionary of columns to a dictionary of columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from . import _packshot, _pixels
from ._arguments import a_type, refused_type
from .engine import Engine
from .errors import PackshotError
from .recipe import Recipe, RecipeLike

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .options import EngineOptions
    from .photo import Array

    Column: TypeAlias = Sequence[Any] | Array

_MADE = ("rendition", "format", "width", "height", "error", "message")


class RunRecipe:
    """Runs a recipe on each photo of a column, for `Dataset.map_batches`.

    It adds the columns `rendition` (the bytes of the file), `format`, `width` and `height` (of its picture, in pixels),
    and `error` and `message`: the code of what went wrong with this photo, and what to do about it. A photo that fails
    does not stop the others: where `error` is not `None`, the columns before it are, and the other way round.
    """

    def __init__(
        self,
        recipe: RecipeLike,
        *,
        column: str = "bytes",
        variables: Mapping[str, str] | None = None,
        keep: bool = False,
        **options: Unpack[EngineOptions],
    ) -> None:
        """A recipe or the name of a preset, and an engine with these options for each actor.

        - `column`: the photos: bytes of files, as `ray.data.read_binary_files` gives them, paths, or arrays of pixels.
        - `variables`: which variables of the recipe come from columns: the name of the variable, and of the column. A
          row with `None` leaves the variable as it is.
        - `keep`: whether the photos stay in the dataset.

        `threads` is 1 unless it is given: Ray counts the cores, and an actor with `num_cpus=1` has one.

        Raises `OptionError` for a recipe that does not exist, or does not have these variables.
        """
        if variables is not None and not isinstance(variables, Mapping):
            raise refused_type(f"variables are a dictionary of names to columns, not {a_type(variables)}", "variables")
        self._recipe = Recipe(recipe)
        self._column = column
        self._variables = dict(variables or {})
        self._keep = keep
        # To hear now, and not of each row, of a variable that the recipe does not have.
        known = self._recipe.variables
        self._recipe.with_variables(**{name: known.get(name, "") for name in self._variables})
        options.setdefault("threads", 1)
        self._engine = Engine(**options)

    def __call__(self, batch: Mapping[str, Column]) -> dict[str, Column]:
        """The batch with the new columns: arrays of objects where the photos are an array, and lists otherwise.

        Raises `OptionError` for a column that the batch does not have.
        """
        if not isinstance(batch, Mapping):
            raise refused_type(f"a batch is a dictionary of columns, not {a_type(batch)}")
        photos = _taken(batch, self._column)
        columns = [_taken(batch, column) for column in self._variables.values()]
        rows = [self._run(photo, values) for photo, *values in zip(photos, *columns, strict=True)]
        kept = {name: column for name, column in batch.items() if self._keep or name != self._column}
        return kept | {name: _like(photos, [row[at] for row in rows]) for at, name in enumerate(_MADE)}

    def _run(self, photo: Any, values: Sequence[Any]) -> tuple[Any, ...]:
        try:
            recipe = self._recipe.with_variables(**dict(zip(self._variables, values, strict=True)))
            made = self._engine.run_recipe(photo, recipe)
        except PackshotError as error:
            return None, None, None, None, error.code, str(error)
        return made.bytes, made.format, made.width, made.height, None, None


def _taken(batch: Mapping[str, Column], name: str) -> Column:
    if name not in batch:
        raise _packshot.refusal(
            f"the batch has no column `{name}`; it has {', '.join(f'`{known}`' for known in batch)}"
        )
    return batch[name]


def _like(photos: Column, values: list[Any]) -> Column:
    """As an array of objects: one of bytes would lose zeros at the end of a file."""
    if not _pixels.is_array(photos):
        return values
    array: Array = _pixels.needed("numpy", "NumPy").empty(len(values), dtype=object)
    array[:] = values
    return array
