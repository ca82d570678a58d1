import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { describe, expect, it } from 'vitest';
import { Booster } from './booster.ts';
import { describeLibrary } from './capi/library-location.ts';
import { Dataset, datasetInternals } from './dataset.ts';
import { createToyProblem, everyRow, onSharedMemory } from './testing/toy-problem.ts';

const toy = createToyProblem();
const label = Float32Array.from(toy.labels);

/** The bin of every value, row by row, as LightGBM itself writes it down for debugging. */
function binsOfRows(dataset: Dataset): string[] {
  const dump = koffi
    .load(describeLibrary().path)
    .func('int LGBM_DatasetDumpText(void* handle, const char* filename)');
  const folder = mkdtempSync(join(tmpdir(), 'dataset-dump-'));
  try {
    const path = join(folder, 'dump.txt');
    expect(dump(datasetInternals(dataset).handle.pointer, path)).toBe(0);
    const lines = readFileSync(path, 'utf8').split('\n');
    const lastHeaderLine = lines.findIndex((line) => line.startsWith('forced_bins'));
    return lines.slice(lastHeaderLine + 1 + toy.columns).filter((line) => line !== '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('Dataset', () => {
  it('says how many rows and columns it has, and how many bins', () => {
    using dataset = Dataset.fromColumns({ ...toy, parameters: { max_bin: 15 } });
    expect(dataset.rows).toBe(toy.rows);
    expect(dataset.columns).toBe(toy.columns);
    expect(dataset.binsOf(0)).toBe(15);
  });

  it('reads shared memory in place, with the same bins as ordinary memory', () => {
    using ordinary = Dataset.fromColumns(toy);
    using shared = Dataset.fromColumns({ ...toy, values: onSharedMemory(toy.values) });
    expect(binsOfRows(shared)).toEqual(binsOfRows(ordinary));
  });

  it('takes selected rows in the order given, as a matrix with its rows in that order', () => {
    const selected = everyRow(toy.rows).sort((a, b) => ((a * 7919) % toy.rows) - ((b * 7919) % toy.rows));
    const values = new Float32Array(toy.values.length);
    for (let column = 0; column < toy.columns; column++) {
      for (const [i, row] of selected.entries())
        values[column * toy.rows + i] = toy.values[column * toy.rows + row] as number;
    }
    using dataset = Dataset.fromColumns({ ...toy, selected });
    using alone = Dataset.fromColumns({ ...toy, values });
    using inOrder = Dataset.fromColumns(toy);
    expect(binsOfRows(dataset)).toEqual(binsOfRows(alone));
    expect(binsOfRows(dataset)).not.toEqual(binsOfRows(inOrder));
  });

  it('takes selected rows as if the others had never been', () => {
    const selected = everyRow(toy.rows, { start: 1, step: 3 });
    const only = new Float32Array(selected.length * toy.columns);
    for (let column = 0; column < toy.columns; column++) {
      for (const [i, row] of selected.entries()) {
        only[column * selected.length + i] = toy.values[column * toy.rows + row] as number;
      }
    }
    using dataset = Dataset.fromColumns({ ...toy, selected });
    using alone = Dataset.fromColumns({ values: only, rows: selected.length, columns: toy.columns });
    expect(binsOfRows(dataset)).toEqual(binsOfRows(alone));
  });

  it('gives a subset the bins of the whole', () => {
    using whole = Dataset.fromColumns(toy);
    const rows = everyRow(toy.rows, { step: 7 });
    using subset = whole.subset(rows);
    using rebinned = Dataset.fromColumns({ ...toy, selected: rows });
    const expected = binsOfRows(whole).filter((_, row) => row % 7 === 0);
    expect(binsOfRows(subset)).toEqual(expected);
    expect(binsOfRows(rebinned)).not.toEqual(expected);
  });

  it('takes a row into a subset as often as it is listed, in dense and in sparse columns', () => {
    const values = toy.values.slice();
    // LightGBM keeps a column of mostly zeros in another form.
    for (let row = 0; row < toy.rows; row++) if (row % 9 > 0) values[3 * toy.rows + row] = 0;
    using whole = Dataset.fromColumns({ ...toy, values });
    const rows = everyRow(2 * toy.rows).map((i) => Math.floor(i / 2));
    using twice = whole.subset(rows);
    expect(twice.rows).toBe(2 * toy.rows);
    expect(binsOfRows(twice)).toEqual(binsOfRows(whole).flatMap((bins) => [bins, bins]));
    expect(() => whole.subset(Int32Array.of(5, 5, 4))).toThrow(/4 after 5/);
  });

  it('counts the rows of a nested subset within its parent', () => {
    using whole = Dataset.fromColumns(toy);
    using even = whole.subset(everyRow(toy.rows, { step: 2 }));
    using nested = even.subset(everyRow(even.rows, { start: 1, step: 2 }));
    expect(binsOfRows(nested)).toEqual(binsOfRows(whole).filter((_, row) => row % 4 === 2));
  });

  it.each([
    { what: 'a short matrix', change: { values: new Float32Array(3) }, found: /3 values/ },
    { what: 'no rows', change: { rows: 0, values: new Float32Array(0) }, found: /0 rows/ },
    { what: 'a short label', change: { label: new Float32Array(5) }, found: /5 numbers/ },
    {
      what: 'an infinite weight',
      change: { weight: label.map(() => Number.POSITIVE_INFINITY) },
      found: /Infinity/,
    },
    { what: 'a NaN label', change: { label: label.map(() => Number.NaN) }, found: /NaN in row 0/ },
    { what: 'a negative weight', change: { weight: label.map(() => -1) }, found: /-1 in row 0/ },
    { what: 'groups that are not all rows', change: { group: Int32Array.of(1, 2) }, found: /sum is 3/ },
    {
      what: 'more cells than can be counted, before it looks at them',
      change: { rows: 2 ** 26, columns: 32 },
      found: /67108864 rows × 32 columns = 2147483648 values/,
    },
    { what: 'an empty selection', change: { selected: new Int32Array(0) }, found: /none/ },
    { what: 'a row twice', change: { selected: Int32Array.of(1, 1) }, found: /1 twice/ },
    {
      what: 'a row that is not there',
      change: { selected: Int32Array.of(toy.rows) },
      found: /2000 at position 0/,
    },
    { what: 'too few names', change: { featureNames: ['a'] }, found: /1 names/ },
    { what: 'a name twice', change: { featureNames: toy.names.map(() => 'a') }, found: /"a" twice/ },
    {
      what: 'white space in a name',
      change: { featureNames: [...toy.names.slice(1), 'a b'] },
      found: /"a b"/,
    },
  ])('refuses $what', ({ change, found }) => {
    expect(() => Dataset.fromColumns({ ...toy, ...change })).toThrow(
      expect.objectContaining({ code: 'LIGHTGBM_DATA', found: expect.stringMatching(found) }),
    );
  });

  it('says in LightGBM’s words what LightGBM refuses', () => {
    expect(() => Dataset.fromColumns({ ...toy, parameters: { max_bin: 'many' } })).toThrow(
      expect.objectContaining({ code: 'LIGHTGBM_CALL_FAILED', found: expect.stringContaining('max_bin') }),
    );
  });

  it('cannot be used after it was disposed of, and may be disposed of twice', () => {
    const dataset = Dataset.fromColumns({ ...toy, label });
    dataset.dispose();
    dataset.dispose();
    const disposed = expect.objectContaining({ code: 'LIGHTGBM_DISPOSED' });
    expect(() => dataset.binsOf(0)).toThrow(disposed);
    expect(() => dataset.subset(Int32Array.of(0))).toThrow(disposed);
    expect(() => dataset.setLabel(label)).toThrow(disposed);
    expect(() => Booster.create(dataset, {})).toThrow(disposed);
  });

  it('stays with a booster that still reads it', () => {
    const dataset = Dataset.fromColumns({ ...toy, label });
    using booster = Booster.create(dataset, { objective: 'binary' });
    dataset.dispose();
    for (let i = 0; i < 5; i++) booster.updateOneIteration();
    expect(booster.currentIteration).toBe(5);
  });
});
