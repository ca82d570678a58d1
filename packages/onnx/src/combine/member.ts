import { FeatureSchemaMismatchError } from '@risk-scoring/contract';
import type { Link } from '../convert/objectives.ts';
import { OnnxCombinationError, OnnxModelError } from '../errors.ts';
import { UNFOLLOWED } from '../graph/field-numbers.ts';
import type { OnnxModelParts } from '../graph/onnx-parts.ts';
import { readScoringParts } from '../graph/scoring-parts.ts';
import { readOnnxMetadata } from '../model-metadata.ts';
import type { OnnxCombination } from './combination.ts';

/** A model to be combined with others. */
export interface OnnxMember {
  readonly bytes: Uint8Array;
  /** For messages. */
  readonly name: string;
}

/** Takes a member apart and refuses it where it does not fit. */
export function readMember(
  member: OnnxMember,
  featureNames: readonly string[],
  method: OnnxCombination['method'],
): OnnxModelParts {
  const metadata = readOnnxMetadata(member.bytes);
  const parts = readScoringParts(member.bytes);
  for (const { number } of parts.others) {
    const what = UNFOLLOWED.model.get(number);
    if (what !== undefined) {
      throw new OnnxModelError({
        expected: `an ONNX model without ${what}`,
        found: `'${member.name}' with them`,
      });
    }
  }
  assertFeatures(member.name, metadata.featureNames, featureNames);
  assertLink(member.name, metadata.link, method);
  return parts;
}

function assertFeatures(modelId: string, found: readonly string[], expected: readonly string[]): void {
  const wrong = Array.from({ length: Math.max(found.length, expected.length) }).findIndex(
    (_, i) => found[i] !== expected[i],
  );
  if (wrong < 0) return;
  const name = (names: readonly string[]) =>
    wrong < names.length ? `'${names[wrong]}' as feature ${wrong}` : `${names.length} features`;
  throw new FeatureSchemaMismatchError({ modelId, expected: name(expected), found: name(found) });
}

function assertLink(name: string, link: Link, method: OnnxCombination['method']): void {
  const wantsRaw = method === 'average-raw';
  if ((link === 'identity') === wantsRaw) return;
  throw new OnnxCombinationError({
    expected: wantsRaw
      ? "members of the link 'identity', as rankers have it"
      : `members whose scores are probabilities, for the method '${method}'`,
    found: `'${name}' with the link '${link}'`,
    remedy: "combine rankers by 'average-raw', scorers by 'average' or 'stacking', never both kinds",
  });
}
