import type { FeatureRow } from './feature-row.ts';
import { countPositive, evenness, herfindahl, indexOfGreatest, sum } from './statistics.ts';

/** Degrees, and how transfers and volume are spread over counterparties. */
export function writePartners({ columns, row, activity }: FeatureRow): void {
  const { partners } = activity;
  const count = partners.nodes.length;
  const senders = countPositive(partners.receivedCents);
  const recipients = countPositive(partners.sentCents);
  const volume = sum(partners.cents);
  columns.degree_in[row] = senders;
  columns.degree_out[row] = recipients;
  columns.degree_total[row] = senders + recipients;
  columns.unique_counterparties[row] = count;
  columns.unique_senders_count[row] = senders;
  columns.unique_recipients_count[row] = recipients;
  columns.flow_concentration[row] = herfindahl(partners.cents);
  columns.counterparty_concentration[row] = herfindahl(partners.transfers);
  columns.concentration_ratio[row] = partners.cents[indexOfGreatest(partners.cents)] / volume;
  columns.flow_diversity[row] = evenness(partners.cents, count);
  columns.reciprocity_ratio[row] = (senders + recipients - count) / count;
  columns.flow_reciprocity_entropy[row] = evenness(
    Float64Array.of(sum(partners.receivedCents), sum(partners.sentCents)),
    2,
  );
  columns.counterparty_stability[row] = shareWithReturning({ columns, row, activity });
}

/** The share of transfers with counterparties that were met on at least two days. */
function shareWithReturning({ activity }: FeatureRow): number {
  const { transfers, firstDay, lastDay } = activity.partners;
  let returning = 0;
  for (let i = 0; i < transfers.length; i++) if (lastDay[i] > firstDay[i]) returning += transfers[i];
  return returning / sum(transfers);
}
