"""What is asked of and done to RFM."""

from typing import Annotated
from uuid import UUID

import strawberry

from shuke.api.context import Info
from shuke.api.errors import UserError, user_error, write
from shuke.api.profile.writes import LocalWordsInput
from shuke.api.segments.rfm_shapes import RfmCells, RfmConfig, RfmConfigInput, RfmPreview
from shuke.domains.identity.types import Actor
from shuke.domains.segments import queries, rules, service
from shuke.domains.segments.types import Cuts, Options, RfmCell
from shuke.domains.segments.types.rfm import CellWords
from shuke.kit.errors import ErrorCode, Refusal


@strawberry.input(description="A new configuration.")
class SaveRfmConfigInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    base_version: int = strawberry.field(description="The version that it takes the place of.")
    config: RfmConfigInput = strawberry.field(description="As it is from now on, whole.")


@strawberry.type(description="Answer to saveRfmConfig.")
class SaveRfmConfigPayload:
    config: RfmConfig | None = strawberry.field(
        default=None, description="As it is now; everybody is placed anew within seconds, in the background."
    )
    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="Why not; of a cut that divides nobody, what to take instead."
    )


@strawberry.input(description="A cell's words. What is left out or empty becomes what comes with the program.")
class RfmCellInput:
    cell: RfmCell = strawberry.field(description="Which.")
    names: LocalWordsInput = strawberry.field(description="Up to 20 characters; no two cells alike.")
    playbooks: LocalWordsInput = strawberry.field(description="Up to 200 characters.")


@strawberry.input(description="Words of cells; those that are not named stay as they are.")
class SaveRfmCellsInput:
    operation_id: UUID = strawberry.field(description="Made by the caller.")
    base_version: int = strawberry.field(description="The version that they take the place of.")
    cells: list[RfmCellInput] = strawberry.field(description="One or more.")


@strawberry.type(description="Answer to saveRfmCells.")
class SaveRfmCellsPayload:
    cells: RfmCells | None = strawberry.field(default=None, description="As they are now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why not.")


@strawberry.type
class RfmQuery:
    @strawberry.field(description="How cells are computed from now on.")
    async def rfm_config(self, info: Info) -> RfmConfig:
        return RfmConfig.of(await queries.rfm_config(info.context.require()))

    @strawberry.field(description="What a configuration would do today; of a large chain it takes a while.")
    async def rfm_preview(
        self, info: Info, config: Annotated[RfmConfigInput, strawberry.argument(description="The configuration.")]
    ) -> RfmPreview:
        actor, locale = info.context.require(), info.context.locale
        try:
            return RfmPreview.of(await service.preview_config(actor, _options(config)), locale)
        except Refusal as refusal:
            if refusal.code is not ErrorCode.INVALID:
                raise
            return RfmPreview(user_errors=[user_error(refusal, locale)])

    @strawberry.field(description="The eight cells: words, customers, value and movement.")
    async def rfm_cells(self, info: Info) -> RfmCells:
        return RfmCells.of(await queries.rfm_board(info.context.require()), info.context.locale)


@strawberry.type
class RfmMutation:
    @strawberry.mutation(description="Changes how cells are computed, unless a cut would divide nobody.")
    async def save_rfm_config(self, info: Info, input: SaveRfmConfigInput) -> SaveRfmConfigPayload:
        async def act(actor: Actor) -> int:
            return await service.save_config(actor, input.base_version, _options(input.config))

        done, errors = await write(info, input, int, act)
        shown = RfmConfig.of(await queries.rfm_config(info.context.require())) if done is not None else None
        return SaveRfmConfigPayload(config=shown, user_errors=errors)

    @strawberry.mutation(description="Changes what cells are called and what is to be done.")
    async def save_rfm_cells(self, info: Info, input: SaveRfmCellsInput) -> SaveRfmCellsPayload:
        cells = [(one.cell, CellWords(_words(one.names), _words(one.playbooks))) for one in input.cells]
        done, errors = await write(info, input, int, lambda actor: service.save_cells(actor, input.base_version, cells))
        if done is None:
            return SaveRfmCellsPayload(user_errors=errors)
        board = await queries.rfm_board(info.context.require())
        return SaveRfmCellsPayload(cells=RfmCells.of(board, info.context.locale))


def _options(said: RfmConfigInput) -> Options:
    """Raises Refusal INVALID for a cut that nobody can read."""
    cuts = Cuts(
        *(rules.read_cut(name, getattr(said, name).strip().lower(), f"{name}={getattr(said, name)}") for name in "rfm")
    )
    lists = ("categories", "without_categories", "without_sources", "without_levels")
    return Options(
        cuts,
        said.refunds,
        window_days=said.window_days,
        **{name: tuple(getattr(said, name)) for name in lists},
        zero=said.zero,
        visit_minutes=said.visit_minutes,
        band=said.band,
    )


def _words(said: LocalWordsInput) -> dict[str, str]:
    pairs = (("zh-CN", said.zh_cn), ("en", said.en))
    return {locale: words for locale, words in pairs if words}
