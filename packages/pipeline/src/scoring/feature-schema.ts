import {
  type FeatureGroup,
  type FeatureMatrix,
  FeatureSchemaMismatchError,
  RiskScoringError,
} from '@risk-scoring/contract';
import { ALL_GROUPS, CLUSTER_GROUPS, columnsOf, groupsOfPlan, schemaHash } from '@risk-scoring/features';
import type { ModelMetadata, StoredModel } from '@risk-scoring/model-storage';
import { columnDifferences, listed, namesOf } from './column-differences.ts';
import { unrecordedDifference } from './unrecorded-difference.ts';

/** What a model must find again of the features that it was trained on. */
export type FeatureSchema = Pick<FeatureMatrix, 'columns' | 'schemaHash'>;

/**
 * What a matrix of a model's features would look like, as this version computes them.
 *
 * @throws {FeatureSchemaMismatchError} where it has groups or columns that this version does not know
 * @example
 * assertSchema(model, schemaOf(model.metadata)); // before anything is computed
 */
export function schemaOf(metadata: ModelMetadata): FeatureSchema {
  const { encodings, excluded } = metadata.feature_plan;
  try {
    const groups = groupsOf(metadata);
    return { columns: columnsOf(groups, excluded), schemaHash: schemaHash(groups, encodings, excluded) };
  } catch (cause) {
    if (!RiskScoringError.isInstance(cause) || cause.category !== 'input') throw cause;
    throw new FeatureSchemaMismatchError({
      modelId: metadata.model_id,
      expected: cause.expected ?? 'feature groups that this version has',
      found: cause.found ?? cause.message,
    });
  }
}

/**
 * Checks that features are those that a model was trained on: the same columns in the same order, computed the same way.
 *
 * @throws {FeatureSchemaMismatchError} naming the columns that differ and in what; where nothing that the metadata records of them differs, what is left
 * @example
 * assertSchema(model, matrix);
 */
export function assertSchema({ metadata }: Pick<StoredModel, 'metadata'>, found: FeatureSchema): void {
  assertNames(metadata, namesOf(found.columns));
  if (found.schemaHash === metadata.feature_schema_hash) return;
  const differences = columnDifferences(metadata.feature_columns ?? [], found.columns);
  const left = explainsAll(metadata, found) ? undefined : unrecordedDifference(metadata);
  const recorded = differences.length > 0;
  throw new FeatureSchemaMismatchError({
    modelId: metadata.model_id,
    expected: recorded
      ? listed(differences.map(({ name, expected }) => `${name} (${expected})`))
      : `features of the schema hash ${metadata.feature_schema_hash}`,
    found: [
      recorded
        ? listed(differences.map(({ name, found: parts }) => `${name} (${parts})`))
        : `the schema hash ${found.schemaHash}`,
      ...(left === undefined ? [] : [left]),
    ].join('; '),
  });
}

function assertNames(metadata: ModelMetadata, names: readonly string[]): void {
  const trained = metadata.feature_names;
  if (names.length === trained.length && names.every((name, index) => name === trained[index])) return;
  const missing = trained.filter((name) => !names.includes(name));
  const unknown = names.filter((name) => !trained.includes(name));
  const moved = names.find((name, index) => name !== trained[index]);
  throw new FeatureSchemaMismatchError({
    modelId: metadata.model_id,
    expected: `${trained.length} features in the order of training`,
    found: [
      `${names.length} features`,
      ...(missing.length > 0 ? [`without ${listed(missing)}`] : []),
      ...(unknown.length > 0 ? [`with ${listed(unknown)}, which it does not know`] : []),
      ...(missing.length + unknown.length === 0 ? [`in another order from ${moved} on`] : []),
    ].join(', '),
  });
}

/** Whether the kinds and values of absent rows that the metadata records are all that makes the hash another one. */
function explainsAll(metadata: ModelMetadata, { columns }: FeatureSchema): boolean {
  const recorded = new Map((metadata.feature_columns ?? []).map((column) => [column.name, column]));
  if (columns.some(({ name, group }) => recorded.get(name)?.group !== group)) return false;
  const { encodings, excluded } = metadata.feature_plan;
  const groups = groupsOf(metadata).map((group) => ({
    ...group,
    columns: group.columns.map((column) => recorded.get(column.name) ?? column),
  }));
  return schemaHash(groups, encodings, excluded) === metadata.feature_schema_hash;
}

function groupsOf({ model_type: modelType, feature_plan: plan }: ModelMetadata): FeatureGroup[] {
  return groupsOfPlan(plan, modelType === 'cluster_scorer' ? CLUSTER_GROUPS : ALL_GROUPS);
}
