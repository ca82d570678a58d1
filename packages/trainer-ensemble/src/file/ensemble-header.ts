import type { OnnxCombination } from '@risk-scoring/onnx';
import { EnsembleModelError } from '../errors.ts';

/** What the file says of one artifact of a member; its bytes follow the header. */
export interface PartHeader {
  readonly role: 'native' | 'onnx';
  readonly extension: string;
  readonly length: number;
  readonly sha256: string;
}

/** What the file says of one member. */
export interface MemberHeader {
  readonly name: string;
  /** Name of the trainer that made it, and can load it. */
  readonly trainer: string;
  readonly artifacts: readonly PartHeader[];
}

/** All that the file holds besides the members' own bytes. */
export interface EnsembleHeader {
  readonly combine: OnnxCombination;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly featureNames: readonly string[];
  readonly members: readonly MemberHeader[];
}

/**
 * Checks that parsed JSON is a header: the sha256 shows that nobody edited it, not that whoever wrote it wrote a header.
 *
 * @throws {EnsembleModelError} where it is none
 */
export function checkHeader(parsed: unknown): EnsembleHeader {
  if (!isRecord(parsed)) return refuse('a JSON object as header', 'another value');
  const { combine, hyperparameters, featureNames, members } = parsed;
  if (!isTexts(featureNames) || featureNames.length === 0) refuse('featureNames as a list of texts', 'none');
  if (!isRecord(hyperparameters)) refuse('hyperparameters as an object', typeof hyperparameters);
  if (!Array.isArray(members) || members.length === 0 || !members.every(isMember))
    refuse('members with names, trainers and artifacts', 'others');
  const count = (members as readonly MemberHeader[]).length;
  if (!isRecord(combine) || !isCombination(combine, count))
    refuse(`a combination of ${count} members`, JSON.stringify(combine)?.slice(0, 80) ?? 'none');
  return parsed as unknown as EnsembleHeader;
}

function isCombination(combine: Record<string, unknown>, members: number): boolean {
  switch (combine.method) {
    case 'average':
    case 'average-raw':
      return isNumbers(combine.weights, members);
    case 'stacking':
      return isNumbers(combine.coefficients, members) && Number.isFinite(combine.intercept);
    default:
      return false;
  }
}

function isMember(value: unknown): boolean {
  if (!isRecord(value) || typeof value.name !== 'string' || typeof value.trainer !== 'string') return false;
  return Array.isArray(value.artifacts) && value.artifacts.every(isPart);
}

function isPart(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { role, extension, length, sha256 } = value;
  const isLength = typeof length === 'number' && Number.isSafeInteger(length) && length >= 0;
  const isNamed = (role === 'native' || role === 'onnx') && typeof extension === 'string';
  return isLength && isNamed && typeof sha256 === 'string';
}

function isNumbers(value: unknown, count: number): boolean {
  return Array.isArray(value) && value.length === count && value.every((item) => Number.isFinite(item));
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Refuses a file, by the typed error. */
export function refuse(expected: string, found: string): never {
  throw new EnsembleModelError({ expected, found });
}
