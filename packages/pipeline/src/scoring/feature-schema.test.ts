import type { FeatureGroup } from '@risk-scoring/contract';
import { columnsOf, DEFAULT_GROUPS, planOf, schemaHash } from '@risk-scoring/features';
import type { ModelMetadata } from '@risk-scoring/model-storage';
import { describe, expect, it } from 'vitest';
import { packageVersions } from '../provenance.ts';
import { assertSchema, schemaOf } from './feature-schema.ts';

const encodings = { typology: ['fan_in', 'fan_out'] };
const groups = DEFAULT_GROUPS.slice(0, 2);

/** The metadata of a model that was trained where the groups were others, with all that it says of features. */
function trainedOn(trained: readonly FeatureGroup[], change: Partial<ModelMetadata> = {}): ModelMetadata {
  const columns = columnsOf(trained);
  const metadata: Partial<ModelMetadata> = {
    model_id: 'alert_scorer_simnet_v1',
    model_type: 'alert_scorer',
    feature_names: columns.map(({ name }) => name),
    feature_columns: columns,
    feature_plan: { groups: groups.map(({ name }) => name), encodings },
    feature_schema_hash: schemaHash(trained, encodings),
    package_versions: { '@risk-scoring/features': '0.0.1-older' },
    ...change,
  };
  return metadata as ModelMetadata;
}

/** The groups with one of their columns changed. */
function withColumn(name: string, change: object): FeatureGroup[] {
  return groups.map((group) => ({
    ...group,
    columns: group.columns.map((column) => (column.name === name ? { ...column, ...change } : column)),
  }));
}

function refusal(metadata: ModelMetadata): { code: string; expected: string; found: string } {
  try {
    assertSchema({ metadata }, schemaOf(metadata));
  } catch (error) {
    return error as { code: string; expected: string; found: string };
  }
  throw new Error('nothing was refused');
}

describe('the features of a model', () => {
  it('pass where they are those of the training', () => {
    const metadata = trainedOn(groups);
    expect(() => assertSchema({ metadata }, schemaOf(metadata))).not.toThrow();
  });

  it('are refused with the column whose kind is another, and nothing else', () => {
    expect(refusal(trainedOn(withColumn('pagerank', { kind: 'boolean' })))).toMatchObject({
      code: 'FEATURE_SCHEMA_MISMATCH',
      expected: 'pagerank (kind boolean)',
      found: 'pagerank (kind numeric)',
    });
  });

  it('are refused with each column that differs, in the order of the matrix', () => {
    const trained = withColumn('pagerank', { absent: 7 }).map((group) => ({
      ...group,
      columns: group.columns.map((column) =>
        column.name === 'alert_volume_usd' ? { ...column, kind: 'categorical' as const } : column,
      ),
    }));
    expect(refusal(trainedOn(trained))).toMatchObject({
      expected: 'alert_volume_usd (kind categorical), pagerank (absent 7)',
      found: 'alert_volume_usd (kind numeric), pagerank (no absent)',
    });
  });

  it('are refused with what is left where the SQL is another, and with columns that read otherwise', () => {
    const rewritten = groups.map((group) =>
      group.name === 'address' ? { ...group, sql: `${group.sql} ` } : group,
    );
    const { expected, found } = refusal(trainedOn(rewritten));
    expect(expected).toMatch(/^features of the schema hash [0-9a-f]{64}$/);
    const version = packageVersions({})['@risk-scoring/features'];
    expect(found).toMatch(
      /^the schema hash [0-9a-f]{64}; beyond what is recorded of columns, what can differ is the SQL of alert or address /,
    );
    expect(found).toContain(`then of @risk-scoring/features 0.0.1-older, here of ${version}`);
    expect(found).toContain('feature_schema_hash or encodings (typology)');

    const renamed = rewritten.map((group) => ({
      ...group,
      columns: group.columns.map((column) =>
        column.name === 'pagerank' ? { ...column, unit: 'EUR' } : column,
      ),
    }));
    const both = refusal(trainedOn(renamed));
    expect(both.expected).toBe('pagerank (unit EUR)');
    expect(both.found).toMatch(
      /^pagerank \((?:no unit|unit \w+)\); beyond what is recorded of columns, .*the SQL of/,
    );
  });

  it('are refused with what is known where metadata records no more than names', () => {
    const { feature_columns: _, ...metadata } = trainedOn(withColumn('pagerank', { kind: 'boolean' }));
    expect(refusal(metadata).found).toContain('nothing else is recorded of the columns');
  });

  it('are refused with the definitions of groups of others, which only an edit makes differ', () => {
    const mine: FeatureGroup = {
      specificationVersion: 'v1',
      name: 'mine',
      per: 'alert',
      columns: [
        { name: 'id_length', kind: 'numeric', meaning: 'length of the id', missing: 'never missing' },
      ],
      sql: 'SELECT processing_date, alert_id, length(alert_id) AS id_length FROM alerts',
    };
    const { found } = refusal(
      trainedOn([mine], {
        feature_plan: {
          ...planOf([{ ...mine, sql: `${mine.sql} ` }], {}),
          encodings: {},
        } as ModelMetadata['feature_plan'],
      }),
    );
    expect(found).toContain(
      'what can differ is the metadata, where it was edited since: feature_schema_hash or definitions (mine)',
    );
    expect(found).not.toContain('@risk-scoring/features');
  });
});
