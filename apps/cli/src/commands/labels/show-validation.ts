import type { LabelValidation } from '@risk-scoring/pipeline';
import { bytes, count, percent, table } from '../../output/table.ts';
import { showGroups, showShares } from './show-counts.ts';

/** A validation as a person reads it, the verdict last. */
export function showValidation(validation: LabelValidation): string {
  const sections = [
    showSubject(validation),
    showRows(validation),
    showCoverage(validation),
    showOverlap(validation),
    showSources(validation),
    showNoise(validation),
    showVerdict(validation),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function showSubject({ labels, period }: LabelValidation): string[] {
  const { name, file, data_sets: sets } = labels;
  const against = `${period.startDate} to ${period.endDate}, window ${period.windowDays}`;
  return [
    `Labels: ${name}, against the alerts of ${period.network} from ${against}`,
    ...(file === undefined
      ? []
      : [
          `  ${bytes(file.bytes)}, sha256 ${file.sha256}`,
          `  columns ${file.columns.join(', ')}; labels from ${file.labels_from}`,
          ...(file.skipped > 0 ? [`  ${count(file.skipped)} rows without a label were left out`] : []),
          ...file.warnings.map((warning) => `  note: ${warning}`),
        ]),
    ...Object.entries(sets ?? {}).map(([set, rows]) => `  ${count(rows)} rows of ${set}`),
  ];
}

function showRows({ rows, unknown }: LabelValidation): string[] {
  const { conflicts, valid_from: validFrom } = rows;
  const facts: (readonly [string, number, string])[] = [
    ['rows', rows.rows, ''],
    ['  suspicious', rows.suspicious, ''],
    ['  normal', rows.normal, ''],
    ['  neither', rows.neither, ''],
    ...Object.entries(rows.risk_levels).map(([level, n]) => [`  risk level ${level}`, n, ''] as const),
    ['  identical to another', rows.identical, ''],
    ['  of confidence 0', rows.zero_confidence, ''],
    [
      '  from a day on',
      validFrom?.rows ?? 0,
      validFrom === null ? '' : `${validFrom.first} to ${validFrom.last}`,
    ],
    ['addresses', rows.addresses, ''],
    ['  with several rows', rows.addresses_with_several_rows, ''],
    ['  suspicious and normal', conflicts.addresses, conflicts.first.join(', ')],
    ['  without an alert', unknown.no_alert, unknown.first.join(', ')],
    ['  without alert and features', unknown.no_features, ''],
  ];
  return [table(facts.map(([name, n, note]) => [name, count(n), note]))];
}

function showCoverage({ counts }: LabelValidation): string[] {
  return [
    ...showShares(counts),
    '',
    showGroups('snapshot', counts.snapshots),
    '',
    showGroups('typology', counts.typologies),
    ...(Object.keys(counts.sources).length > 0 ? ['', showGroups('source', counts.sources)] : []),
  ];
}

function showOverlap({ overlap }: LabelValidation): string[] {
  if (overlap === null) return [];
  const { addresses, agree, disagree, undecided, first } = overlap;
  return [
    `${count(addresses)} addresses are labelled already: on ${count(agree)} the labels agree, on ${count(disagree)} they disagree, ${count(undecided)} are undecided.`,
    ...first.map(
      ({ address, label, existing }) => `  ${address} is ${nameOf(label)} here, ${nameOf(existing)} there`,
    ),
  ];
}

function showSources({ sources }: LabelValidation): string[] {
  const shared = sources.filter((source) => source.shared > 0);
  if (shared.length === 0) return [];
  return [
    table([
      ['source', 'addresses', 'shared', 'undecided', 'contradicts', 'share'],
      ...shared.map(({ source, addresses, shared: both, undecided, contradicts, share }) => [
        source,
        count(addresses),
        count(both),
        count(undecided),
        count(contradicts),
        share === null ? '–' : percent(share),
      ]),
    ]),
  ];
}

function showNoise({ noise }: LabelValidation): string[] {
  if (noise === null) return [];
  const { suspected, addresses, share, first } = noise;
  return [
    `Models contradict ${count(suspected.normal + suspected.suspicious)} of ${count(addresses)} labelled addresses (${percent(share)}): ${count(suspected.suspicious)} labelled suspicious, ${count(suspected.normal)} labelled normal.`,
    ...(first.length === 0
      ? []
      : [
          table([
            ['address', 'label', 'probability', 'source'],
            ...first.map(({ address, label, probability, source }) => [
              address,
              nameOf(label),
              probability.toFixed(3),
              source,
            ]),
          ]),
        ]),
  ];
}

function showVerdict({ problems, remarks }: LabelValidation): string[] {
  if (problems.length + remarks.length === 0) return ['Nothing is wrong with these labels.'];
  return [
    ...problems.map((problem) => `problem: ${problem}`),
    ...remarks.map((remark) => `remark: ${remark}`),
  ];
}

function nameOf(label: number): string {
  return label === 1 ? 'suspicious' : 'normal';
}
