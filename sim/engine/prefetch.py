"""Ask the processor for a record before it is needed.

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


@intrinsic
def prefetch(typingctx: Any, array: Any, place: Any) -> Any:
    """prefetch(array, (i,)) or (array, (i, j)): bring that element of a contiguous array close."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array_type = signature.args[0]
        struct = context.make_array(array_type)(context, builder, arguments[0])
        places = cgutils.unpack_tuple(builder, arguments[1], len(signature.args[1]))
        pointer = cgutils.get_item_pointer(
            context, builder, array_type, struct, places, wraparound=False
        )
        byte_pointer = builder.bitcast(pointer, ir.IntType(8).as_pointer())
        integer = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte_pointer.type, integer, integer, integer])
        hint = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(hint, [byte_pointer, integer(1), integer(3), integer(1)])
        return context.get_dummy_value()

    return types.void(array, place), generate
