import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import FakeClock, SystemClock
from bot.config import ChatModelConfig, Config, WebConfig
from bot.doctor.check import Check, State, is_healthy, to_json
from bot.doctor.doctor import Doctor
from bot.doctor.machine_checks import (
    check_clock,
    check_disks,
    check_extras,
    check_gpu,
    check_memory,
    check_python,
)
from bot.doctor.place_checks import check_folder, check_port, check_store
from bot.doctor.setup_checks import check_models, check_secrets
from bot.models.catalogue import STARTER
from bot.models.machine import Disk, Gpu, Machine
from bot.models.presence import model_path
from bot.store.lock import held_lock
from bot.words import T

GB = 10**9
BARE = Machine("Linux x86_64", (3, 11, 9), 4, 16 * GB, 12 * GB)
CUDA = replace(
    BARE,
    gpus=(Gpu("NVIDIA H100", 80 * GB),),
    has_transformers=True,
    has_cuda_torch=True,
)


def chat(**settings: object) -> Config:
    return Config.model_validate({"models": {"chat": settings}})


def put_starter(folder: Path) -> None:
    """Put a file of the right size and the wrong content where the starter lies."""
    folder.mkdir(parents=True, exist_ok=True)
    model_path(STARTER, folder).touch()
    os.truncate(model_path(STARTER, folder), 98_362_432)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def port_of(listening: socket.socket) -> int:
    return int(listening.getsockname()[1])


@pytest.mark.parametrize(
    ("python", "state"), [((3, 10, 9), State.FAIL), ((3, 11, 0), State.OK)]
)
def test_check_python_wants_311(python: tuple[int, int, int], state: State) -> None:
    check = check_python(replace(BARE, python=python))
    assert check.state is state
    assert (check.cure is None) is (state is State.OK)


@pytest.mark.parametrize(
    ("machine", "state", "said"),
    [
        (BARE, State.OK, "No GPU: models run on 4 CPUs"),
        (CUDA, State.OK, "NVIDIA H100 (80 GB)"),
        (replace(CUDA, has_cuda_torch=False), State.WARN, "built without CUDA"),
        (replace(CUDA, has_transformers=False), State.WARN, "hearthbot[transformers]"),
    ],
)
def test_check_gpu_says_whether_it_is_used(
    machine: Machine, state: State, said: str
) -> None:
    check = check_gpu(machine)
    assert check.state is state
    assert said in f"{check.text} {check.cure}"


@pytest.mark.parametrize(
    ("needed_gb", "on_gpu", "state"),
    [
        (20, False, State.FAIL),
        (14, False, State.WARN),
        (10, False, State.OK),
        (20, True, State.OK),
        (90, True, State.FAIL),
    ],
)
def test_check_memory_compares_with_the_device(
    needed_gb: int, on_gpu: bool, state: State
) -> None:
    check = check_memory(CUDA, needed_bytes=needed_gb * GB, on_gpu=on_gpu)
    assert check.state is state
    assert (check.cure is None) is (state is State.OK)


def test_check_memory_of_unknown_gpu_is_no_failure() -> None:
    machine = replace(CUDA, gpus=(Gpu("odd", 0),))
    assert check_memory(machine, needed_bytes=GB, on_gpu=True).state is State.OK


def test_check_disks_tells_each(tmp_path: Path) -> None:
    disks = tuple(Disk(tmp_path, free) for free in (10**7, 10**8 * 5, 10**10))
    states = [check.state for check in check_disks(replace(BARE, disks=disks))]
    assert states == [State.FAIL, State.WARN, State.OK]


@pytest.mark.parametrize(
    ("clock", "last", "zones", "said"),
    [
        (FakeClock(datetime(1970, 1, 1, tzinfo=UTC)), 0.0, ["UTC"], "which is past"),
        (FakeClock(), 1.0, ["UTC"], "goes back"),
        (FakeClock(), 0.0, [], "no time zones"),
    ],
)
def test_check_clock_that_is_wrong_says_so(
    clock: FakeClock, last: float, zones: list[str], said: str
) -> None:
    check = check_clock(clock, last_monotonic=last, zones=lambda: zones)
    assert check.state is State.FAIL
    assert said in str(check.text)
    assert check.cure is not None


def test_check_clock_of_this_machine_is_right() -> None:
    clock = SystemClock()
    assert check_clock(clock, last_monotonic=clock.monotonic()).state is State.OK


@pytest.mark.parametrize(
    ("machine", "backend", "state"),
    [
        (BARE, "transformers", State.FAIL),
        (BARE, "auto", State.OK),
        (CUDA, "transformers", State.OK),
    ],
)
def test_check_extras_fails_only_where_needed(
    machine: Machine, backend: str, state: State
) -> None:
    config = ChatModelConfig.model_validate({"backend": backend})
    assert check_extras(machine, config).state is state


def test_check_folder_that_is_a_file_fails(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    check = check_folder("data", tmp_path / "file" / "inner")
    assert check.state is State.FAIL
    assert check.cure is not None


def test_check_folder_makes_nothing(tmp_path: Path) -> None:
    assert check_folder("data", tmp_path / "a" / "b").state is State.OK
    assert list(tmp_path.iterdir()) == []


def test_check_port_in_use_fails_unless_it_is_ours(listener: socket.socket) -> None:
    config = WebConfig(port=port_of(listener))
    taken = check_port(config, is_running=False)
    assert taken.state is State.FAIL
    assert "port" in str(taken.cure)
    assert check_port(config, is_running=True).state is State.OK


def test_check_port_of_foreign_host_fails() -> None:
    config = WebConfig(host="192.0.2.1", port=0)
    assert check_port(config, is_running=True).state is State.FAIL


def test_check_port_that_is_free_or_not_wanted() -> None:
    assert check_port(WebConfig(port=0), is_running=False).state is State.OK
    off = check_port(WebConfig(enabled=False), is_running=False)
    assert "switched off" in str(off.text)


def make_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE t (text)")
        db.executemany("INSERT INTO t VALUES (?)", [("x" * 1000,)] * 50)
        db.commit()


def test_check_store_that_is_no_database_fails(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    path.write_bytes(b"something else entirely")
    check, is_running = check_store(path)
    assert (check.state, is_running) == (State.FAIL, False)
    assert "not a database" in str(check.text)


def test_check_store_that_is_torn_fails(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    make_database(path)
    content = bytearray(path.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    path.write_bytes(content)
    assert check_store(path)[0].state is State.FAIL


def test_check_store_that_is_a_folder_fails(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    path.mkdir()
    assert check_store(path)[0].state is State.FAIL


def test_check_store_tells_whether_a_bot_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    assert check_store(path) == (
        Check(
            "store", State.OK, T("{path} will be made at the first start", path=path)
        ),
        False,
    )
    make_database(path)
    assert check_store(path)[1] is False
    assert list(tmp_path.iterdir()) == [path], "looking leaves nothing behind"
    with held_lock(path):
        check, is_running = check_store(path)
    assert (check.state, is_running) == (State.OK, True)
    assert "in use by a running bot" in str(check.text)
    assert check_store(path)[1] is False


def test_check_models_that_are_not_here_fail(tmp_path: Path) -> None:
    config = chat(allowed=["startr"])
    found = list(check_models(config, machine=BARE, models_folder=tmp_path))
    assert [check.state for check, _ in found] == [State.FAIL, State.FAIL]
    assert "models fetch starter" in str(found[0][0].text)
    assert [spec for _, spec in found] == [None, None]


def test_check_models_reads_them_to_the_end(tmp_path: Path) -> None:
    put_starter(tmp_path)
    ((check, spec),) = check_models(chat(), machine=BARE, models_folder=tmp_path)
    assert check.state is State.FAIL
    assert "damaged" in str(check.text)
    assert "models fetch starter" in str(check.cure)
    assert spec is not None


@pytest.mark.parametrize(
    ("name", "has_cure"), [("qwen3-4b", True), ("some/model", False)]
)
def test_check_models_of_the_hub_warn_until_fetched(
    tmp_path: Path, name: str, has_cure: bool
) -> None:
    config = chat(model=name)
    ((check, _),) = check_models(config, machine=CUDA, models_folder=tmp_path)
    assert check.state is State.WARN
    assert (check.cure is not None) is has_cure


def test_check_models_behind_a_server(tmp_path: Path, listener: socket.socket) -> None:
    up = chat(model="m", base_url=f"http://127.0.0.1:{port_of(listener)}/v1")
    ((check, _),) = check_models(up, machine=BARE, models_folder=tmp_path)
    assert check.state is State.OK
    down = chat(model="m", base_url="http://127.0.0.1:1/v1")
    ((check, _),) = check_models(down, machine=BARE, models_folder=tmp_path)
    assert check.state is State.FAIL
    assert "does not answer" in str(check.text)
    assert "base_url" in str(check.cure)


@pytest.mark.parametrize(
    ("config", "environ", "states"),
    [
        (chat(), {}, [State.OK]),
        (chat(), {"HEARTHBOT_PASSWORD": "hush"}, [State.OK]),
        (chat(api_key_env="KEY"), {}, [State.FAIL, State.OK]),
        (chat(api_key_env="KEY"), {"KEY": " "}, [State.FAIL, State.OK]),
        (chat(api_key_env="KEY"), {"KEY": "hush"}, [State.OK, State.OK]),
        (Config.model_validate({"adapters": {"web": {"enabled": False}}}), {}, []),
    ],
)
def test_check_secrets_looks_whether_they_are_set(
    config: Config, environ: dict[str, str], states: list[State]
) -> None:
    checks = list(check_secrets(config, environ))
    assert [check.state for check in checks] == states
    assert "hush" not in str(to_json(checks))


def test_is_healthy_forgives_warnings() -> None:
    text = T("x")
    assert is_healthy([Check("a", State.OK, text), Check("b", State.WARN, text)])
    assert not is_healthy([Check("a", State.OK, text), Check("b", State.FAIL, text)])


def test_to_json_is_plain() -> None:
    check = Check("disk", State.WARN, T("{n} GB", n=1), T("Make room."))
    assert to_json([check, Check("gpu", State.OK, T("none"))]) == {
        "healthy": True,
        "checks": [
            {"name": "disk", "state": "warn", "text": "1 GB", "cure": "Make room."},
            {"name": "gpu", "state": "ok", "text": "none", "cure": None},
        ],
    }


def test_doctor_examines_everything_and_changes_nothing(tmp_path: Path) -> None:
    config = Config.model_validate(
        {
            "models": {"chat": {"backend": "fake"}},
            "adapters": {"web": {"port": 0}},
        }
    )
    doctor = Doctor(
        config,
        environ={},
        machine=replace(BARE, disks=(Disk(tmp_path, GB * 9),)),
        models_folder=tmp_path / "cache" / "models",
        store_path=tmp_path / "data" / "store.sqlite3",
        clock=FakeClock(),
    )
    checks = doctor.examine()
    assert [check.name for check in checks] == [
        "python",
        "gpu",
        "memory",
        "disk",
        "model",
        "guard",
        "pictures",
        "listening",
        "speaking",
        "drawing",
        "meaning",
        "extras",
        "secrets",
        "data",
        "cache",
        "store",
        "port",
        "clock",
    ]
    assert is_healthy(checks)
    assert list(tmp_path.iterdir()) == []


def test_doctor_measures_models_against_the_gpu(tmp_path: Path) -> None:
    doctor = Doctor(
        chat(model="llama3.3-70b"),
        environ={},
        machine=CUDA,
        models_folder=tmp_path,
        store_path=tmp_path / "store.sqlite3",
        clock=FakeClock(),
    )
    by_name = {check.name: check for check in doctor.examine()}
    assert by_name["memory"].state is State.FAIL
    assert "of 80.0 GB" in str(by_name["memory"].text)
