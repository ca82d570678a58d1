import { CancelledError, type ErrorDescription, RiskScoringError } from '@risk-scoring/contract';
import * as errors from '../errors.ts';
import type { TransferredError } from './protocol.ts';

/** Turns an error into something that can be posted to another thread. */
export function packError(error: unknown): TransferredError {
  if (!RiskScoringError.isInstance(error)) return { kind: 'other', error };
  const { name, code, category, summary, expected, found, remedy } = error;
  const optional = Object.entries({ expected, found, remedy }).filter((entry) => entry[1] !== undefined);
  const description: ErrorDescription = { code, category, summary, ...Object.fromEntries(optional) };
  return { kind: 'typed', name, description };
}

/** The error that was packed, of the same class, with a stack of this thread. */
export function unpackError(transferred: TransferredError): unknown {
  if (transferred.kind === 'other') return transferred.error;
  const error = new RiskScoringError(transferred.description);
  const errorClass = Object.values({ ...errors, CancelledError }).find(
    ({ name }) => name === transferred.name,
  );
  // The constructors take the parts that a description is made from; those are not in the description any more.
  if (errorClass) Object.setPrototypeOf(error, errorClass.prototype);
  error.name = transferred.name;
  return error;
}
