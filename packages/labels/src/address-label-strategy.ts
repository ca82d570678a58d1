import {
  addressKey,
  type LabelSet,
  type LabelStrategy,
  readTextColumn,
  throwIfCancelled,
  UNLABELLED,
} from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';
import { type AddressLabel, resolveAddressLabels } from './address-labels.ts';
import { validateLabelSet } from './validate-label-set.ts';

const NAME = 'address';

/**
 * The baseline that everybody starts from: an alert has the label of its address in raw_address_labels. Risk level high or critical is
 * suspicious, low or medium is normal, whatever the letter case; the row's confidence is the weight.
 *
 * A label belongs to an address: all its alerts in the period share it. Where an address has several rows, see
 * `resolveAddressLabels` for which one counts. A row of confidence 0 says nothing, so it leaves its alerts unlabelled.
 *
 * @example
 * const strategy = createAddressLabelStrategy();
 * const { labels, weights } = await strategy.deriveLabels(data.alerts, data, { seed: 42 });
 */
export function createAddressLabelStrategy(): LabelStrategy {
  return {
    specificationVersion: 'v1',
    name: NAME,
    settings: {
      positive_risk_levels: ['high', 'critical'],
      negative_risk_levels: ['low', 'medium'],
      conflict_policy: 'highest-confidence',
    },
    requires: ['alerts', 'addressLabels'],
    columns: {
      alerts: ['address'],
      addressLabels: ['processing_date', 'address', 'risk_level', 'confidence_score', 'source'],
    },
    async deriveLabels(alerts, data, { signal }) {
      throwIfCancelled(signal, 'labelling the alerts');
      return labelAlerts(alerts, resolveAddressLabels(data.addressLabels));
    },
    validateLabels: (labelSet) => validateLabelSet(NAME, labelSet),
    getLabelWeights: (labelSet) => labelSet.weights,
  };
}

function labelAlerts(alerts: Table, labelOf: ReadonlyMap<string, AddressLabel>): LabelSet {
  const addresses = readTextColumn(alerts, 'address');
  const found = addresses.values.map((address) => labelOf.get(addressKey(address)));
  const names = [...new Set(found.map((label) => label?.source).filter((name) => name !== undefined))].sort();
  const codeOfName = new Map(names.map((name, code) => [name, code]));

  const labels = new Int8Array(alerts.numRows).fill(UNLABELLED);
  const weights = new Float32Array(alerts.numRows);
  const codes = new Int32Array(alerts.numRows).fill(-1);
  for (let row = 0; row < alerts.numRows; row++) {
    const held = found[addresses.codes[row] ?? -1];
    if (held === undefined || held.confidence === 0) continue;
    labels[row] = held.label;
    weights[row] = held.confidence;
    codes[row] = codeOfName.get(held.source) ?? -1;
  }
  return { labels, weights, sources: { names, codes } };
}
