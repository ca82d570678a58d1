import type { FeatureRow } from './feature-row.ts';
import { median, moments, sum } from './statistics.ts';

const SMALL_CENTS = 100_00;

/** Sums, averages, medians and the spread of amounts. */
export function writeAmounts({ columns, row, activity }: FeatureRow): void {
  const { cents, received } = activity;
  const incoming = cents.filter((_, i) => received[i] === 1).sort();
  const outgoing = cents.filter((_, i) => received[i] === 0).sort();
  const totalIn = sum(incoming);
  const totalOut = sum(outgoing);
  columns.total_in_usd[row] = totalIn;
  columns.total_out_usd[row] = totalOut;
  columns.net_flow_usd[row] = totalIn - totalOut;
  columns.total_volume_usd[row] = totalIn + totalOut;
  columns.avg_tx_in_usd[row] = Math.round(totalIn / Math.max(1, incoming.length));
  columns.avg_tx_out_usd[row] = Math.round(totalOut / Math.max(1, outgoing.length));
  columns.median_tx_in_usd[row] = Math.round(median(incoming));
  columns.median_tx_out_usd[row] = Math.round(median(outgoing));
  columns.max_tx_usd[row] = Math.max(incoming.at(-1) ?? 0, outgoing.at(-1) ?? 0);
  columns.min_tx_usd[row] = Math.min(incoming[0] ?? Infinity, outgoing[0] ?? Infinity);
  columns.tx_in_count[row] = incoming.length;
  columns.tx_out_count[row] = outgoing.length;
  columns.tx_total_count[row] = cents.length;
  columns.small_transaction_ratio[row] = cents.filter((amount) => amount < SMALL_CENTS).length / cents.length;
  writeSpread({ columns, row, activity });
}

function writeSpread({ columns, row, activity }: FeatureRow): void {
  const usd = activity.cents.map((amount) => amount / 100);
  const { mean, variance, skewness, kurtosis } = moments(usd);
  const deviation = Math.sqrt(variance);
  columns.amount_variance[row] = variance;
  columns.amount_skewness[row] = skewness;
  columns.amount_kurtosis[row] = kurtosis;
  columns.amount_predictability[row] = 1 / (1 + deviation / mean);
  columns.outlier_transactions[row] = usd.filter((amount) => amount > mean + 3 * deviation).length;
  columns.outlier_score[row] = columns.max_tx_usd[row] / (100 * mean);
}
