import { createHash } from 'node:crypto';
import type { ModelArtifact } from '@risk-scoring/contract';
import { EnsembleModelError } from '../errors.ts';
import {
  checkHeader,
  type EnsembleHeader,
  type MemberHeader,
  type PartHeader,
  refuse,
} from './ensemble-header.ts';

const FORMAT = 'risk-scoring ensemble 1';
/** The format, the bytes of the header and their sha256. */
const FIRST_LINE = /^risk-scoring ensemble 1 (\d{1,12}) ([0-9a-f]{64})\n/;
const LONGEST_FIRST_LINE = FORMAT.length + 1 + 12 + 1 + 64 + 1;

/** An ensemble as its file holds it. */
export interface SavedEnsemble extends Pick<EnsembleHeader, 'combine' | 'hyperparameters' | 'featureNames'> {
  readonly members: readonly SavedMember[];
}

/** A member and what its trainer loads it from. */
export interface SavedMember extends Pick<MemberHeader, 'name' | 'trainer'> {
  readonly artifacts: readonly ModelArtifact[];
}

/**
 * The native file: a line with the format, the length of the header and its sha256; the header, JSON in a line; then the members' artifacts, end
 * to end, whose lengths and sha256 are in the header.
 */
export function writeEnsemble(saved: SavedEnsemble): Uint8Array {
  const { combine, hyperparameters, featureNames, members } = saved;
  const header: EnsembleHeader = {
    combine,
    hyperparameters,
    featureNames,
    members: members.map(({ name, trainer, artifacts }) => ({
      name,
      trainer,
      artifacts: artifacts.map(({ role, extension, bytes }) => ({
        role,
        extension,
        length: bytes.length,
        sha256: sha256(bytes),
      })),
    })),
  };
  const text = Buffer.from(`${JSON.stringify(header)}\n`);
  const first = Buffer.from(`${FORMAT} ${text.length} ${sha256(text)}\n`);
  const parts = members.flatMap(({ artifacts }) => artifacts.map(({ bytes }) => bytes));
  return new Uint8Array(Buffer.concat([first, text, ...parts]));
}

/**
 * Reads a native file; every byte of it is covered by a length and a sha256.
 *
 * @throws {EnsembleModelError} where it is another format, cut, longer than it says or edited
 */
export function readEnsemble(bytes: Uint8Array): SavedEnsemble {
  const start = Buffer.from(bytes.subarray(0, LONGEST_FIRST_LINE)).toString('latin1');
  const [line, length, digest] =
    FIRST_LINE.exec(start) ?? refuse(`a file that starts with '${FORMAT}'`, 'another');
  const end = line.length + Number(length);
  const text = checked(bytes.subarray(line.length, end), {
    what: 'the header',
    length: Number(length),
    sha256: digest,
  });
  const { members, ...header } = checkHeader(parse(text));
  let at = end;
  const take = (part: PartHeader, name: string): ModelArtifact => {
    const { role, extension } = part;
    const what = `the ${role} file of '${name}'`;
    const own = checked(bytes.subarray(at, at + part.length), { ...part, what });
    at += part.length;
    return { role, extension, bytes: own };
  };
  const read = members.map(({ name, trainer, artifacts }) => ({
    name,
    trainer,
    artifacts: artifacts.map((part) => take(part, name)),
  }));
  if (at !== bytes.length) refuse(`${at} bytes`, `${bytes.length} bytes`);
  const { combine, hyperparameters, featureNames } = header;
  return { combine, hyperparameters, featureNames, members: read };
}

function checked(
  bytes: Uint8Array,
  { what, length, sha256: expected }: { what: string; length: number; sha256: string },
): Uint8Array {
  if (bytes.length !== length) refuse(`${length} bytes of ${what}`, `${bytes.length}: the file is cut`);
  if (sha256(bytes) !== expected) refuse(`${what} with the sha256 ${expected.slice(0, 12)}…`, 'edited bytes');
  return bytes;
}

function parse(text: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(text));
  } catch (cause) {
    throw new EnsembleModelError({ expected: 'JSON as header', found: 'something else', cause });
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
