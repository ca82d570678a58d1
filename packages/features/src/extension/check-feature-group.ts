import type { FeatureGroup, FeatureRow } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { KEY_COLUMN, relationsOf } from '../relations/compose-query.ts';
import { assertDeclaration } from './check-declaration.ts';
import { analyseSql } from './check-sql.ts';
import { FeatureGroupError } from './errors.ts';
import { type DescribedColumn, describeRelation } from './mock-relations.ts';

const KEY_TYPES: Readonly<Record<FeatureRow, RegExp>> = {
  alert: /^(?:String|LowCardinality\(String\))$/,
  address: /^UInt128$/,
  cluster: /^(?:String|LowCardinality\(String\))$/,
};

const plainNumber = '(?:U?Int\\d+|Float\\d+|BFloat16|Decimal\\([^()]+\\)|Bool)';
/** Not within LowCardinality: as such the engine would deliver it, in codes. */
const NUMBER = new RegExp(`^(?:${plainNumber}|Nullable\\(${plainNumber}\\))$`);

/**
 * Checks a feature group before it is used: its declaration, that its SQL reads nothing but the relations it may, that it uses nothing random or of the
 * clock, and that its result has the key and the declared columns. Reads no rows, so it costs the same for any amount of data.
 * What depends on the rows (each alert once, no look ahead) is for `describeFeatureGroup()` of @risk-scoring/testkit.
 *
 * @param database an initialised one: its tables say which columns the relations have
 * @throws {FeatureGroupError} saying what is wrong and what to do
 * @throws {UnsupportedSpecificationError} when it was written for another contract
 * @example
 * await checkFeatureGroup(database, group); // resolves where it can be used
 */
export async function checkFeatureGroup(database: Database, group: FeatureGroup): Promise<void> {
  assertDeclaration(group);
  await assertEncodedColumns(database, group);
  const columns = await analyseSql(database, group);
  assertKey(group, columns, 'processing_date', /^Date(?:32)?$/);
  assertKey(group, columns, KEY_COLUMN[group.per], KEY_TYPES[group.per]);
  for (const { name } of group.columns) assertNumber(group, columns, name);
}

/** Codes are fitted on the texts of alerts; the columns of labels are not among what the relation shows. */
async function assertEncodedColumns(database: Database, group: FeatureGroup): Promise<void> {
  const encodings = Object.entries(group.encodings ?? {});
  if (encodings.length === 0) return;
  const alerts = await describeRelation(database, 'alerts', relationsOf(group));
  const texts = alerts.filter(({ type }) => KEY_TYPES.alert.test(type)).map(({ name }) => name);
  for (const [encoding, column] of encodings) {
    if (texts.includes(column)) continue;
    throw new FeatureGroupError({
      group: group.name,
      expected: `encodings of text columns of raw_alerts that are no labels: ${texts.join(', ')}`,
      found: `the encoding ${encoding} of ${column}`,
      remedy: 'name one of these columns, or remove the encoding',
    });
  }
}

function assertKey(
  group: FeatureGroup,
  columns: readonly DescribedColumn[],
  name: string,
  expected: RegExp,
): void {
  const { type } = theOne(group, columns, name, `a group per ${group.per} is known by it`);
  if (expected.test(type)) return;
  throw new FeatureGroupError({
    group: group.name,
    expected: `${name} as the relations have it, never NULL`,
    found: `${name} as ${type}`,
    remedy: `give ${name} as it is in the relation; of a LEFT JOIN, that of the left side`,
  });
}

function assertNumber(group: FeatureGroup, columns: readonly DescribedColumn[], name: string): void {
  const { type } = theOne(group, columns, name, 'the group declares it');
  if (NUMBER.test(type)) return;
  throw new FeatureGroupError({
    group: group.name,
    expected: `${name} as a number (integer, float, decimal or Bool, which may be Nullable)`,
    found: `${name} as ${type}`,
    remedy:
      'turn it into a number; of a date, the days before processing_date; of a text, its code in an encoding',
  });
}

/** The column of that name, which must stand in the result once. */
function theOne(
  group: FeatureGroup,
  columns: readonly DescribedColumn[],
  name: string,
  why: string,
): DescribedColumn {
  const [first, second] = columns.filter((column) => column.name === name);
  if (first !== undefined && second === undefined) return first;
  throw new FeatureGroupError({
    group: group.name,
    expected: `a result with the column ${name} once: ${why}`,
    found:
      first === undefined ? `columns ${columns.map((column) => column.name).join(', ')}` : `${name} twice`,
    remedy: `SELECT … AS ${name} once, and the declared columns by their names`,
  });
}
