"""Running a small network beside the event loop: one core, no spinning, no pickle."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["open_network"]

ERRORS_ONLY = 3


def open_network(
    weights: bytes | Path, *, keeps_arena: bool = True
) -> "InferenceSession":
    """Return a session for ONNX weights whose checksum was looked at.

    A file takes less memory than its bytes. Without an arena, inputs of many sizes do
    not pile up memory.

    Raises:
        ImportError: onnxruntime is not installed.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS_ONLY
    options.enable_cpu_mem_arena = keeps_arena
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        weights, options, providers=["CPUExecutionProvider"]
    )
