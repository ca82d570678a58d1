import { meanOf, parseAmount, sumOf, usd } from './exact.ts';
import { numberOf, type RawRow, textOf } from './raw-rows.ts';
import { grouped, keyOf, type Surroundings } from './world.ts';

const ANOMALY_SCORES = ['behavioral', 'graph', 'neighborhood', 'global'].map(
  (kind) => `${kind}_anomaly_score`,
);

/** The address's money flows in the snapshot, and what its counterparties are like. */
export function networkFeatures(surroundings: Surroundings): Record<string, number> {
  const { flowsIn, flowsOut } = surroundings;
  const received = direction(flowsIn, 'from_address');
  const sent = direction(flowsOut, 'to_address');
  const flows = [...flowsIn, ...flowsOut];
  return {
    flow_in_degree: received.degree,
    flow_out_degree: sent.degree,
    flow_total_degree: received.degree + sent.degree,
    flow_in_usd: received.usd,
    flow_out_usd: sent.usd,
    flow_in_usd_mean: received.usd / received.degree,
    flow_out_usd_mean: sent.usd / sent.degree,
    flow_in_tx_count: received.transfers,
    flow_out_tx_count: sent.transfers,
    flow_bidirectional_share: meanOf(flows.map((flow) => numberOf(flow, 'is_bidirectional'))),
    flow_in_concentration: received.concentration,
    flow_out_concentration: sent.concentration,
    flow_in_out_ratio: received.usd / (sent.usd + 1),
    ...counterparties(surroundings),
  };
}

/** Flows of one direction. A counterparty is one, however its address is spelled. */
function direction(flows: readonly RawRow[], other: string) {
  const amounts = [...grouped(flows, (flow) => keyOf(flow, other)).values()].map((rows) =>
    usd(sumOf(rows.map((flow) => parseAmount(textOf(flow, 'amount_usd_sum'))))),
  );
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  return {
    degree: amounts.length,
    usd: total,
    transfers: flows.reduce((sum, flow) => sum + numberOf(flow, 'tx_count'), 0),
    /** Herfindahl index: Σ (share of a counterparty)². */
    concentration: total === 0 ? Number.NaN : amounts.reduce((sum, amount) => sum + (amount / total) ** 2, 0),
  };
}

function counterparties({ flowsIn, flowsOut, features }: Surroundings): Record<string, number> {
  const keys = new Set([
    ...flowsIn.map((flow) => keyOf(flow, 'from_address')),
    ...flowsOut.map((flow) => keyOf(flow, 'to_address')),
  ]);
  const known = [...keys].map((key) => features.get(key)).filter((row) => row !== undefined);
  const mean = (column: string) => meanOf(known.map((row) => numberOf(row, column)));
  return {
    counterparty_known_share: known.length / keys.size,
    ...Object.fromEntries(ANOMALY_SCORES.map((score) => [`counterparty_${score}`, mean(score)])),
    counterparty_exchange_share: mean('is_exchange_like'),
    counterparty_mixer_share: mean('is_mixer_like'),
  };
}
