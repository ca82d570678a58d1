export { createAddressLabelStrategy } from './address-label-strategy.ts';
export { type AddressLabel, resolveAddressLabels } from './address-labels.ts';
export { InvalidAddressLabelsError } from './errors.ts';
export { validateLabelSet } from './validate-label-set.ts';
