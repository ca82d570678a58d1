import type { FeatureTable } from '../features/feature-row.ts';
import type { Evidence } from './evidence.ts';

/** What a rule may look at. */
export interface RuleInput {
  readonly columns: FeatureTable['columns'];
  readonly evidence: Evidence;
  readonly row: number;
}

/** A monitoring rule: which addresses it flags, how strongly, and what it says of them. */
export interface Rule {
  readonly typology: string;
  readonly patternType: string;
  readonly indicator: string;
  /** Greater is more striking; 0 when the rule does not fire. */
  strength(input: RuleInput): number;
  /** A sentence for analysts, and the numbers behind it. */
  explain(input: RuleInput): {
    readonly description: string;
    readonly numbers: Readonly<Record<string, number>>;
  };
}

const usd = (cents: number) => Math.round(cents / 100);
const percent = (share: number) => Math.round(100 * share);

/** The rules of the simulated monitoring. They see behaviour, never labels or the hidden truth. */
export const RULES: readonly Rule[] = [
  {
    typology: 'fan_in',
    patternType: 'network',
    indicator: 'many_senders',
    strength: ({ columns, row }) => fan(columns.degree_in[row], columns.degree_out[row]),
    explain: ({ columns, row }) => explainFan('senders', columns.degree_in[row], columns.degree_out[row]),
  },
  {
    typology: 'fan_out',
    patternType: 'network',
    indicator: 'many_recipients',
    strength: ({ columns, row }) => fan(columns.degree_out[row], columns.degree_in[row]),
    explain: ({ columns, row }) => explainFan('recipients', columns.degree_out[row], columns.degree_in[row]),
  },
  {
    typology: 'rapid_pass_through',
    patternType: 'flow',
    indicator: 'fast_turnover',
    strength: ({ columns, row }) =>
      columns.velocity_score[row] >= 0.7 && columns.total_in_usd[row] >= 500_00
        ? columns.velocity_score[row] * Math.log(columns.total_in_usd[row])
        : 0,
    explain: ({ columns, row }) => ({
      description: `${percent(columns.velocity_score[row])}% of inflow left within 24 hours`,
      numbers: {
        velocity: percent(columns.velocity_score[row]) / 100,
        total_in_usd: usd(columns.total_in_usd[row]),
      },
    }),
  },
  {
    typology: 'structuring',
    patternType: 'amount',
    indicator: 'near_equal_amounts',
    strength: ({ columns, row }) =>
      columns.structuring_score[row] >= 0.35 && columns.tx_total_count[row] >= 10
        ? columns.structuring_score[row] * Math.sqrt(columns.tx_total_count[row])
        : 0,
    explain: ({ columns, row }) => ({
      description: `${percent(columns.structuring_score[row])}% of transfers one way are of nearly one amount`,
      numbers: {
        share: percent(columns.structuring_score[row]) / 100,
        transfers: columns.tx_total_count[row],
      },
    }),
  },
  {
    typology: 'high_value',
    patternType: 'volume',
    indicator: 'large_transfer',
    strength: ({ columns, row }) => (columns.max_tx_usd[row] >= 20_000_00 ? columns.max_tx_usd[row] : 0),
    explain: ({ columns, row }) => ({
      description: `largest transfer ${usd(columns.max_tx_usd[row])} USD`,
      numbers: { max_tx_usd: usd(columns.max_tx_usd[row]), volume_usd: usd(columns.total_volume_usd[row]) },
    }),
  },
  {
    typology: 'new_counterparty_burst',
    patternType: 'network',
    indicator: 'sudden_counterparties',
    strength: ({ columns, evidence, row }) =>
      evidence.burstPartners[row] >= 5 &&
      evidence.burstPartners[row] >= columns.unique_counterparties[row] / 3
        ? evidence.burstPartners[row]
        : 0,
    explain: ({ columns, evidence, row }) => ({
      description: `${evidence.burstPartners[row]} of ${columns.unique_counterparties[row]} counterparties first met on one day`,
      numbers: {
        burst: evidence.burstPartners[row],
        counterparties: columns.unique_counterparties[row],
      },
    }),
  },
  {
    typology: 'circular_flow',
    patternType: 'flow',
    indicator: 'money_returns',
    strength: ({ columns, evidence, row }) =>
      evidence.circularCents[row] >= Math.max(100_00, columns.total_volume_usd[row] / 20)
        ? evidence.circularCents[row]
        : 0,
    explain: ({ evidence, row }) => ({
      description: `${usd(evidence.circularCents[row])} USD went both ways with one counterparty`,
      numbers: { circular_usd: usd(evidence.circularCents[row]) },
    }),
  },
  {
    typology: 'mixer_contact',
    patternType: 'exposure',
    indicator: 'mixer',
    strength: ({ evidence, row }) => evidence.mixerCents[row],
    explain: ({ evidence, row }) => ({
      description: `${evidence.mixerTransfers[row]} transfers with a mixer, ${usd(evidence.mixerCents[row])} USD`,
      numbers: { transfers: evidence.mixerTransfers[row], mixer_usd: usd(evidence.mixerCents[row]) },
    }),
  },
  {
    typology: 'exchange_peel',
    patternType: 'exposure',
    indicator: 'cash_out',
    strength: ({ columns, evidence, row }) =>
      evidence.peelTransfers[row] >= 3 && evidence.peelCents[row] >= 0.45 * columns.total_out_usd[row]
        ? evidence.peelTransfers[row]
        : 0,
    explain: ({ evidence, row }) => ({
      description: `${evidence.peelTransfers[row]} transfers to exchanges, ${usd(evidence.peelCents[row])} USD`,
      numbers: { transfers: evidence.peelTransfers[row], exchange_usd: usd(evidence.peelCents[row]) },
    }),
  },
];

/** Many on one side, and at least twice as many as on the other. */
function fan(many: number, few: number): number {
  return many >= 6 && many >= 2 * few ? many : 0;
}

function explainFan(who: string, many: number, few: number) {
  return { description: `${many} ${who} against ${few} the other way`, numbers: { many, few } };
}
