import type { LabelCounts } from './label-counts.ts';
import type { LabelNoise } from './label-noise.ts';
import type { Overlap } from './overlap.ts';
import type { RowFacts } from './row-facts.ts';
import type { SourceDisagreement } from './source-disagreement.ts';

/** From when on something is remarked upon. */
export const REMARK_THRESHOLDS = {
  /** Share of the labels' addresses that have no alert in the period. */
  unknownAddresses: 0.5,
  /** Share of the alerts that is labelled: below it. */
  coverage: 0.01,
  /** Share of the rarer class among the labelled alerts: below it. */
  rarerClass: 0.01,
  /** Labelled addresses of a class: below it five folds of three are not to be had. */
  addressesOfClass: 15,
  /** Share of the addresses in both on which labels and existing ones disagree. */
  overlapDisagreement: 0.05,
  /** Share of the compared addresses on which a source contradicts the others … */
  sourceDisagreement: 0.2,
  /** … where at least so many are compared. */
  sourceAddresses: 10,
  /** Share of the judged addresses of a class whose label is suspected. */
  noise: 0.1,
} as const;

/** What a validation found, as far as a verdict rests on it. */
export interface VerdictRequest {
  readonly rows: RowFacts;
  readonly counts: LabelCounts;
  /** Addresses of the labels that have no alert in the period, and those that have no features either. */
  readonly unknown: { readonly no_alert: number; readonly no_features: number };
  readonly overlap: Overlap | null;
  readonly sources: readonly SourceDisagreement[];
  readonly noise: LabelNoise | null;
  /** Last processing date of the period, `YYYY-MM-DD`. */
  readonly endDate: string;
}

/** What is wrong with labels, in words. */
export interface Verdict {
  /** No model can be trained with these labels. */
  readonly problems: readonly string[];
  /** A model can, but somebody should look. */
  readonly remarks: readonly string[];
}

/**
 * Says what is wrong with labels. Problems are that no alert is labelled, or alerts of one class only; all else is a remark, by {@link REMARK_THRESHOLDS}.
 *
 * @example
 * judgeLabels(report).problems; // ['all 120 labelled alerts are suspicious: …']
 */
export function judgeLabels(request: VerdictRequest): Verdict {
  const { alerts } = request.counts;
  if (alerts.labelled === 0) {
    const problem = `none of the ${alerts.alerts} alerts of the period is labelled: no address of the labels has one that they hold for`;
    return { problems: [problem], remarks: remarksOnRows(request) };
  }
  const only = alerts.suspicious === 0 ? 'normal' : alerts.normal === 0 ? 'suspicious' : undefined;
  return {
    problems:
      only === undefined
        ? []
        : [`all ${alerts.labelled} labelled alerts are ${only}: a model needs both classes`],
    remarks: [
      ...remarksOnRows(request),
      ...(only === undefined ? remarksOnBalance(request) : []),
      ...remarksOnCoverage(request),
      ...remarksOnOthers(request),
    ],
  };
}

function remarksOnRows({ rows, unknown, endDate }: VerdictRequest): string[] {
  const { conflicts } = rows;
  const share = rows.addresses === 0 ? 0 : unknown.no_alert / rows.addresses;
  return said([
    [
      conflicts.addresses > 0,
      `${conflicts.addresses} addresses are called suspicious and normal, such as ${conflicts.first.join(', ')}`,
    ],
    [rows.identical > 0, `${rows.identical} rows repeat another one`],
    [rows.zero_confidence > 0, `${rows.zero_confidence} rows have confidence 0 and say nothing`],
    [rows.neither > 0, `${rows.neither} rows have a risk level that is taken for neither class`],
    [
      share > REMARK_THRESHOLDS.unknownAddresses,
      `${percent(share)} of the addresses have no alert in the period; ${unknown.no_features} have no features either`,
    ],
    [
      rows.valid_from !== null && rows.valid_from.last > endDate,
      `some rows hold from ${rows.valid_from?.last ?? ''} only, which is after the period`,
    ],
  ]);
}

function remarksOnBalance({ counts: { alerts, addresses } }: VerdictRequest): string[] {
  const rarer = Math.min(alerts.suspicious, alerts.normal) / alerts.labelled;
  const fewest = Math.min(addresses.suspicious, addresses.normal);
  const name = (suspicious: boolean) => (suspicious ? 'suspicious' : 'normal');
  return said([
    [
      rarer < REMARK_THRESHOLDS.rarerClass,
      `only ${percent(rarer)} of the labelled alerts are ${name(alerts.suspicious < alerts.normal)}`,
    ],
    [
      fewest < REMARK_THRESHOLDS.addressesOfClass,
      `only ${fewest} labelled addresses are ${name(addresses.suspicious < addresses.normal)}: too few for a cross-validation to say much`,
    ],
  ]);
}

function remarksOnCoverage({ counts: { alerts, snapshots, typologies } }: VerdictRequest): string[] {
  const without = (groups: LabelCounts['snapshots']) =>
    Object.keys(groups).filter((name) => groups[name]?.labelled === 0);
  const [dates, types] = [without(snapshots), without(typologies)];
  const share = alerts.labelled / alerts.alerts;
  return said([
    [share < REMARK_THRESHOLDS.coverage, `only ${percent(share)} of the alerts are labelled`],
    [dates.length > 0, `no alert is labelled in the snapshots ${some(dates)}`],
    [types.length > 0, `no alert is labelled of the typologies ${some(types)}`],
  ]);
}

function remarksOnOthers({ overlap, sources, noise }: VerdictRequest): string[] {
  const disagreement = overlap === null || overlap.addresses === 0 ? 0 : overlap.disagree / overlap.addresses;
  const contradicting = sources.filter(
    ({ share, shared, undecided }) =>
      share !== null &&
      share > REMARK_THRESHOLDS.sourceDisagreement &&
      shared - undecided >= REMARK_THRESHOLDS.sourceAddresses,
  );
  return [
    ...said([
      [
        disagreement > REMARK_THRESHOLDS.overlapDisagreement,
        `on ${percent(disagreement)} of the addresses that are labelled already the labels disagree, such as ${some(overlap?.first.map(({ address }) => address) ?? [])}`,
      ],
    ]),
    ...contradicting.map(
      ({ source, share }) =>
        `the source ${source} contradicts the others on ${percent(share ?? 0)} of the addresses that it shares with them`,
    ),
    ...(noise === null ? [] : remarksOnNoise(noise)),
  ];
}

/** By class: of few suspicious addresses many may be wrong without anybody seeing it in the whole. */
function remarksOnNoise({ suspected, judged }: LabelNoise): string[] {
  return (['suspicious', 'normal'] as const).flatMap((name) => {
    const share = judged[name] === 0 ? 0 : suspected[name] / judged[name];
    return share > REMARK_THRESHOLDS.noise
      ? [
          `models contradict ${suspected[name]} of ${judged[name]} addresses labelled ${name} (${percent(share)})`,
        ]
      : [];
  });
}

function said(remarks: readonly (readonly [holds: boolean, text: string])[]): string[] {
  return remarks.filter(([holds]) => holds).map(([, text]) => text);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function some(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}
