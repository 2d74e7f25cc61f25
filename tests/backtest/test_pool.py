"""Many trials: in this process, in a pool, on a Dask cluster."""

import os
import signal
import threading
import time
from dataclasses import replace

import pytest

from alerting.backtest import pool
from alerting.backtest.files import backtest_files
from alerting.backtest.gathering import Asked, Gathering
from alerting.backtest.question import Question
from alerting.output import BadInput
from tests.backtest.recordings import with_peaks, write_csv

QUESTION = Question(widths=(3.0,), datapoints=((3, 3),))


def trials(count):
    """Trials of their own name each."""
    from alerting.backtest import Trial
    from alerting.backtest.choice import choices
    from alerting.cloudwatch import Comparison
    from alerting.cloudwatch.evaluation import Evaluation

    one = Trial(
        name="",
        series=with_peaks(20, days=1),
        evaluation=Evaluation(),
        comparison=Comparison.OUTSIDE_BAND,
        choices=choices((3.0,), ((3, 3),)),
    )
    return [replace(one, name=f"m{at}") for at in range(count)]


@pytest.fixture
def folder(tmp_path):
    for at in range(12):
        write_csv(tmp_path / f"in/{at // 6}/{at}.csv", with_peaks(20 + at, days=2))
    return tmp_path / "in"


def written(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*.csv")
    }


def test_a_pool_and_a_dask_cluster_write_the_same_files_as_one_process(
    folder, tmp_path, monkeypatch
):
    from distributed import LocalCluster

    monkeypatch.setattr(pool, "_WORTH_A_POOL", 1000)
    backtest_files([folder], QUESTION, out=tmp_path / "one")
    monkeypatch.setattr(pool, "_WORTH_A_POOL", 8)
    backtest_files([folder], QUESTION, out=tmp_path / "pool")
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        backtest_files([folder], QUESTION, out=tmp_path / "dask", dask=cluster.scheduler_address)
    assert len(written(tmp_path / "one")) == 12
    assert written(tmp_path / "one") == written(tmp_path / "pool") == written(tmp_path / "dask")


def test_a_dask_scheduler_that_is_not_there_is_bad_input(folder, monkeypatch):
    monkeypatch.setattr(pool, "_PATIENCE", "1s")
    with pytest.raises(BadInput, match="the scheduler cannot be reached"):
        backtest_files([folder], QUESTION, dask="tcp://127.0.0.1:9")


@pytest.mark.parametrize("pooled", [False, True])
def test_a_metric_that_fails_does_not_lose_the_others(pooled, monkeypatch):
    monkeypatch.setattr(pool, "_WORTH_A_POOL", 2 if pooled else 1000)
    asked = [Asked(one) for one in trials(6)]
    asked[2] = Asked(replace(asked[2].trial, choices=()))
    result = Gathering().gather(asked, total=len(asked))
    assert [one.name for one in result.results] == ["m0", "m1", "m3", "m4", "m5"]
    (failure,) = result.failures
    assert failure.startswith("m2: ")


def test_results_come_in_the_order_in_which_they_were_asked_for(monkeypatch):
    monkeypatch.setattr(pool, "_WORTH_A_POOL", 2)
    asked = [Asked(one) for one in trials(10)]
    asked[0] = Asked(replace(asked[0].trial, series=with_peaks(20, days=14)))
    result = Gathering().gather(asked, total=len(asked))
    assert [one.name for one in result.results] == [f"m{at}" for at in range(10)]


def test_few_metrics_are_not_worth_a_pool():
    with pool.workers(3) as executor:
        assert executor is None


def test_trials_are_drawn_as_they_are_needed():
    drawn = []

    def asked():
        for at, one in enumerate(trials(1) * 500):
            drawn.append(at)
            yield at, one

    class Slow(pool.Executor):
        def submit(self, function, /, *arguments):
            future = pool.Future()
            future.set_result(None)
            return future

    next(pool.finished(asked(), Slow()))
    assert len(drawn) < 100


@pytest.mark.parametrize("pooled", [False, True])
def test_an_interrupt_keeps_what_is_finished(pooled, monkeypatch):
    monkeypatch.setattr(pool, "_WORTH_A_POOL", 2 if pooled else 1000)
    gathering, ready = Gathering(), threading.Event()

    def asked():
        for at, one in enumerate(trials(100_000)):
            if at == 150:
                ready.set()
                time.sleep(0.2)
            yield Asked(one)

    def press():
        ready.wait(60)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press).start()
    result = gathering.gather(asked(), total=100)
    assert result.interrupted
    assert 50 < len(result.results) < 1000
    assert result.failures == ()
