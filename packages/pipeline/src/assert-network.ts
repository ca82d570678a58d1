import { InvalidInputError, type TrainingPeriod } from '@risk-scoring/contract';

/**
 * Checks that a period is of the network that a database serves.
 *
 * @throws {InvalidInputError} for another one
 */
export function assertNetwork({ network }: TrainingPeriod, served: string): void {
  if (network === served) return;
  throw new InvalidInputError({
    what: 'The network of the period',
    expected: `'${served}', which the database serves`,
    found: network,
  });
}
