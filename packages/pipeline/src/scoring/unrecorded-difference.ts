import type { ModelMetadata } from '@risk-scoring/model-storage';
import { packageVersions } from '../provenance.ts';

/** The package whose SQL computes the product's own groups. */
const OWN = '@risk-scoring/features';

/**
 * What is left to differ between the features of a model and those of this version where the columns that its metadata records do not explain it: in
 * words, for a message.
 *
 * @example
 * unrecordedDifference(metadata);
 * // "beyond what is recorded of columns, what can differ is the SQL of alert or address or the relations that it reads, then of @risk-scoring/features …"
 */
export function unrecordedDifference(metadata: ModelMetadata): string {
  const { groups, definitions = [], encodings } = metadata.feature_plan;
  const defined = definitions.map(({ name }) => name);
  const own = groups.filter((name) => !defined.includes(name));
  const recorded = metadata.feature_columns
    ? 'what is recorded of columns'
    : 'their names (nothing else is recorded of the columns)';
  // The plan stands on both sides of what is compared: only an edited file can make it differ.
  const edited = [
    'feature_schema_hash',
    ...(Object.keys(encodings).length > 0 ? [`encodings (${Object.keys(encodings).join(', ')})`] : []),
    ...(defined.length > 0 ? [`definitions (${defined.join(', ')})`] : []),
  ];
  const left = [
    ...(own.length > 0
      ? [`the SQL of ${either(own)} or the relations that it reads, ${versions(metadata)}`]
      : []),
    `the metadata, where it was edited since: ${either(edited)}`,
  ];
  return `beyond ${recorded}, what can differ is ${left.join('; or ')}`;
}

function versions(metadata: ModelMetadata): string {
  const trained = metadata.package_versions[OWN];
  const here = packageVersions({})[OWN];
  if (trained === undefined) return `here of ${OWN} ${here}, then of a version that is not recorded`;
  return trained === here
    ? `both of ${OWN} ${here}, so of another build`
    : `then of ${OWN} ${trained}, here of ${here}`;
}

/** `alert, address or network`. */
function either(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
