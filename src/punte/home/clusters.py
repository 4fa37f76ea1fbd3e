"""Records that are one: connected components over links, named by their smallest record_id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


@dataclass(frozen=True)
class Edges:
    """Pairs of records that are one, as places in the sorted list of records."""

    left: np.ndarray
    right: np.ndarray


def places(record_ids: pa.Array, wanted: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """Where each wanted id stands in the sorted list of records; -1 where it does not."""
    found = pc.index_in(wanted, value_set=record_ids)
    return pc.fill_null(found, -1).cast(pa.int64()).to_numpy(zero_copy_only=False)


def labels(n_records: int, edges: Iterable[Edges]) -> np.ndarray:
    """For each record the place of the smallest record that it is one with."""
    parts = [*edges, Edges(np.array([], np.int64), np.array([], np.int64))]
    left, right = (np.concatenate([getattr(part, side) for part in parts]) for side in ("left", "right"))
    if not len(left):
        return np.arange(n_records)
    graph = coo_array((np.ones(len(left), np.int32), (left, right)), shape=(n_records, n_records))
    _, component = connected_components(graph, directed=False)
    _, first = np.unique(component, return_index=True)
    return first[component]


@dataclass(frozen=True)
class Groups:
    """Records that share a value: pairs (value, record), each once, ordered by value, then by record."""

    value: np.ndarray
    record: np.ndarray

    @classmethod
    def of(cls, values: pa.Array | pa.ChunkedArray, records: np.ndarray) -> Groups:
        """Group records (places) by their values; rows without a value or with place -1 are left out."""
        whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
        value = pc.fill_null(whole.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False)
        usable = (value >= 0) & (records >= 0)
        return cls(*_distinct_pairs(value[usable], records[usable]))

    @property
    def starts(self) -> np.ndarray:
        """Where each value's records begin."""
        return np.flatnonzero(np.append(True, self.value[1:] != self.value[:-1])[: len(self.value)])

    @property
    def sizes(self) -> np.ndarray:
        """How many records share each value."""
        return np.diff(np.append(self.starts, len(self.value)))

    def n_distinct(self, marks: np.ndarray) -> np.ndarray:
        """How many different marks the records of each value have; ``marks`` is per record, -1 for none."""
        group = np.repeat(np.arange(len(self.sizes)), self.sizes)
        mark = marks[self.record]
        distinct, _ = _distinct_pairs(group[mark >= 0], mark[mark >= 0])
        return np.bincount(distinct, minlength=len(self.sizes))

    def edges(self, usable: np.ndarray) -> Edges:
        """Links between the records of each usable value: each with the first of its value."""
        chosen = np.repeat(usable, self.sizes)
        first = np.repeat(self.record[self.starts], self.sizes) if len(self.record) else self.record
        return Edges(first[chosen], self.record[chosen])


def _distinct_pairs(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each pair of numbers from 0 on once, in order.

    Both are sorted as one number, in half of the memory; it stays below 2**63, because they count rows in memory.
    """
    width = int(second.max(initial=0)) + 1
    pairs = np.unique(first.astype(np.int64) * width + second)
    return pairs // width, pairs % width


def cluster_table(record_ids: pa.Array, label: np.ndarray, name: str) -> pa.Table:
    """One row per record with the smallest record_id of its cluster in column ``name``."""
    return pa.table({"record_id": record_ids, name: record_ids.take(pa.array(label))})
