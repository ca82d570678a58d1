import {
  ColumnReadError,
  InvalidInputError,
  readDays,
  readNumbers,
  readTextColumn,
  type TextColumn,
  type TrainingData,
} from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';
import { featureRowsOf } from '../feature-rows.ts';
import type { Comparison, Condition } from './condition.ts';
import { percentileByGroup } from './percentile.ts';

/** What a condition says of an alert: that it does not hold, that it holds, or nothing, as a value is unknown. */
export const TRUTH = { no: 0, yes: 1, unknown: 2 } as const;

/** Values of one column, one per alert. */
type AlertColumn =
  | { readonly kind: 'number'; readonly values: Float64Array }
  | { readonly kind: 'text'; readonly text: TextColumn; readonly rowOf: (alert: number) => number };

/** Evaluates conditions over the alerts of a period; columns are read once. */
export class ConditionEvaluator {
  readonly #data: TrainingData;
  readonly #columns = new Map<string, AlertColumn>();
  #featureRows: Int32Array | undefined;
  #snapshots: { readonly codes: Int32Array; readonly count: number } | undefined;

  constructor(data: TrainingData) {
    this.#data = data;
  }

  /**
   * What a condition says of each alert, in the logic of SQL: a comparison with an unknown value is unknown, and so is `not` of it.
   *
   * @returns a {@link TRUTH} per alert
   * @throws {InvalidInputError} for a column that is not there, or a comparison that its type does not allow
   */
  evaluate(condition: Condition): Uint8Array {
    if ('column' in condition) return this.#compare(condition);
    if ('not' in condition) {
      return this.evaluate(condition.not).map((truth) => (truth === TRUTH.unknown ? truth : 1 - truth));
    }
    const [parts, decides] =
      'all' in condition ? [condition.all, TRUTH.no] : ([condition.any, TRUTH.yes] as const);
    const all = parts.map((part) => this.evaluate(part));
    return Uint8Array.from({ length: this.#data.alerts.numRows }, (_, alert) => {
      let result: number = 1 - decides;
      for (const part of all) {
        if (part[alert] === decides) return decides;
        if (part[alert] === TRUTH.unknown) result = TRUTH.unknown;
      }
      return result;
    });
  }

  #compare(comparison: Comparison): Uint8Array {
    const column = this.#columnOf(comparison.column);
    return column.kind === 'text'
      ? compareTexts(column, comparison, this.#data.alerts.numRows)
      : this.#compareNumbers(column.values, comparison);
  }

  #compareNumbers(values: Float64Array, comparison: Comparison): Uint8Array {
    const wanted = [comparison.equals, comparison.not_equals, ...(comparison.in ?? [])];
    if (wanted.some((value) => typeof value === 'string'))
      throw mistyped(comparison, 'a number, true or false');
    const tests: ((value: number, alert: number) => boolean)[] = [];
    const { above, at_least, below, at_most, equals, not_equals } = comparison;
    if (equals !== undefined) tests.push((value) => value === Number(equals));
    if (not_equals !== undefined) tests.push((value) => value !== Number(not_equals));
    if (comparison.in !== undefined) {
      const set = new Set(comparison.in.map(Number));
      tests.push((value) => set.has(value));
    }
    if (above !== undefined) tests.push((value) => value > above);
    if (at_least !== undefined) tests.push((value) => value >= at_least);
    if (below !== undefined) tests.push((value) => value < below);
    if (at_most !== undefined) tests.push((value) => value <= at_most);
    for (const [p, sign] of [
      [comparison.above_percentile, 1],
      [comparison.below_percentile, -1],
    ] as const) {
      if (p === undefined) continue;
      const { codes, count } = this.#snapshotCodes();
      const limits = percentileByGroup(values, { groups: codes, count, p });
      tests.push((value, alert) => sign * (value - (limits[codes[alert] ?? 0] ?? Number.NaN)) > 0);
    }
    return Uint8Array.from(values, (value, alert) =>
      Number.isNaN(value) ? TRUTH.unknown : tests.every((test) => test(value, alert)) ? TRUTH.yes : TRUTH.no,
    );
  }

  #columnOf(name: string): AlertColumn {
    const held = this.#columns.get(name);
    if (held !== undefined) return held;
    const [tableName = '', column = ''] = name.split('.');
    const { alerts, features } = this.#data;
    const table = tableName === 'alerts' ? alerts : features;
    const field = table.schema.fields.find((each) => each.name === column);
    if (field === undefined) {
      throw new InvalidInputError({
        what: `The column ${name} of a rule`,
        expected: `a column of ${tableName === 'alerts' ? 'raw_alerts' : 'raw_features'}`,
        found: name,
        remedy: 'name the column as SOT names it',
      });
    }
    const rowOf = tableName === 'alerts' ? (alert: number) => alert : this.#featureRowOf();
    const made = isText(field.type)
      ? ({ kind: 'text', text: readTextColumn(table, column), rowOf } as const)
      : ({
          kind: 'number',
          values: numbersPerAlert(table, { name, column, rowOf, rows: alerts.numRows }),
        } as const);
    this.#columns.set(name, made);
    return made;
  }

  #featureRowOf(): (alert: number) => number {
    this.#featureRows ??= featureRowsOf(this.#data.alerts, this.#data.features);
    const rows = this.#featureRows;
    return (alert) => rows[alert] ?? -1;
  }

  #snapshotCodes(): { readonly codes: Int32Array; readonly count: number } {
    if (this.#snapshots === undefined) {
      const days = readDays(this.#data.alerts, 'processing_date');
      const codeOf = new Map<number, number>();
      const codes = days.map((day) => {
        const code = codeOf.get(day) ?? codeOf.size;
        codeOf.set(day, code);
        return code;
      });
      this.#snapshots = { codes, count: codeOf.size };
    }
    return this.#snapshots;
  }
}

function numbersPerAlert(
  table: Table,
  {
    name,
    column,
    rowOf,
    rows,
  }: {
    readonly name: string;
    readonly column: string;
    readonly rowOf: (alert: number) => number;
    readonly rows: number;
  },
): Float64Array {
  try {
    const numbers = readNumbers(table, column);
    return Float64Array.from({ length: rows }, (_, alert) => numbers[rowOf(alert)] ?? Number.NaN);
  } catch (error) {
    if (!(error instanceof ColumnReadError)) throw error;
    throw new InvalidInputError({
      what: `The column ${name} of a rule`,
      expected: 'a column of numbers, texts or Bool',
      found: `a column that is a list or something else`,
      remedy: 'compare another column',
    });
  }
}

function compareTexts(
  { text, rowOf }: Extract<AlertColumn, { kind: 'text' }>,
  comparison: Comparison,
  rows: number,
): Uint8Array {
  const { column, equals, not_equals, in: list, ...others } = comparison;
  const numeric = Object.entries(others).filter(([, value]) => value !== undefined);
  if (numeric.length > 0) throw mistyped(comparison, 'equals, not_equals or in, as it holds texts');
  const wanted = list === undefined ? undefined : new Set(list.map(String));
  const truths = text.values.map(
    (value) =>
      (equals === undefined || value === String(equals)) &&
      (not_equals === undefined || value !== String(not_equals)) &&
      (wanted === undefined || wanted.has(value)),
  );
  return Uint8Array.from({ length: rows }, (_, alert) => {
    const row = rowOf(alert);
    return row < 0 ? TRUTH.unknown : truths[text.codes[row] ?? 0] ? TRUTH.yes : TRUTH.no;
  });
}

/** Arrow's numbers of text types: Utf8, LargeUtf8 and Dictionary, whose values are texts wherever SOT's columns have them. */
function isText(type: { readonly typeId?: number }): boolean {
  return [5, 20, -1].includes(type.typeId ?? 0);
}

function mistyped({ column }: Comparison, expected: string): InvalidInputError {
  return new InvalidInputError({
    what: `The comparison of ${column}`,
    expected,
    found: 'another',
    remedy: 'mend the rule',
  });
}
