import { addressTexts } from './address-text.ts';

/** What kind of public service an address is. */
export type ServiceKind = 'exchange' | 'mixer' | 'contract';

/** A public service that everybody may deal with: known by name, a hub, never alerted. */
export interface Service {
  readonly kind: ServiceKind;
  readonly name: string;
  readonly address: string;
}

const numbers: readonly (readonly [ServiceKind, number])[] = [
  ['exchange', 12],
  ['mixer', 4],
  ['contract', 8],
];

/** The services of a simulated network, the same in every snapshot. */
export function createServices(seed: number): readonly Service[] {
  const nextAddress = addressTexts(seed, 'services');
  return numbers.flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, i) => ({ kind, name: `${kind} ${i + 1}`, address: nextAddress() })),
  );
}
