"""What numba does not offer: ask for a record before it is needed, read a record as one word.

A run looks at people in no order; each look at a record beyond the cache costs about 100 ns, unless
it was asked for some views earlier. The hint changes no result, in any order.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

AHEAD = 16  # records between asking for one and needing it
TO_READ, TO_WRITE = 0, 1


@intrinsic
def prefetch(typingctx: Any, array: Any, place: Any) -> Any:
    """prefetch(array, (i,)) or (array, (i, j)): bring that element of a contiguous array close."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _hint(context, builder, _address(context, builder, signature, arguments))
        return context.get_dummy_value()

    return types.void(array, place), generate


@intrinsic
def prefetch_to_read(typingctx: Any, array: Any, place: Any) -> Any:
    """The same for what is only read."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _hint(context, builder, _address(context, builder, signature, arguments), TO_READ)
        return context.get_dummy_value()

    return types.void(array, place), generate


def _address(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """A byte pointer to one element."""
    array_type = signature.args[0]
    struct = context.make_array(array_type)(context, builder, arguments[0])
    places = cgutils.unpack_tuple(builder, arguments[1], len(signature.args[1]))
    pointer = cgutils.get_item_pointer(
        context, builder, array_type, struct, places, wraparound=False
    )
    return builder.bitcast(pointer, ir.IntType(8).as_pointer())


def _hint(context: Any, builder: Any, address: Any, purpose: int = TO_WRITE) -> None:
    """llvm.prefetch: keep in all caches, data."""
    integer = ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [address.type, integer, integer, integer])
    hint = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
    builder.call(hint, [address, integer(purpose), integer(3), integer(1)])


@intrinsic
def word(typingctx: Any, array: Any, place: Any) -> Any:
    """word(array, (i,)): the first eight bytes of a record as one uint64, so that a loop over
    records of eight bytes runs many at a time; little-endian, the first field lowest."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address = _address(context, builder, signature, arguments)
        return builder.load(builder.bitcast(address, ir.IntType(64).as_pointer()), align=4)

    return types.uint64(array, place), generate
