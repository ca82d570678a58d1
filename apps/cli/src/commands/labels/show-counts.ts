import type { LabelStatistics } from '@risk-scoring/pipeline';
import { count, percent, table } from '../../output/table.ts';

type LabelCounts = LabelStatistics['counts'];

/** How much is labelled, and how much of it is suspicious. */
export function showShares({ alerts, addresses, suspicious_share: share }: LabelCounts): string[] {
  const line = (
    what: string,
    { all, labelled }: { all: number; labelled: number },
    suspicious: number | null,
  ) =>
    `${count(labelled)} of ${count(all)} ${what} are labelled (${percent(all === 0 ? 0 : labelled / all)})${suspicious === null ? '' : `, ${percent(suspicious)} of them suspicious`}`;
  return [
    line('alerts', { all: alerts.alerts, labelled: alerts.labelled }, share.alerts),
    line('addresses', { all: addresses.addresses, labelled: addresses.labelled }, share.addresses),
  ];
}

/** Groups of alerts, one a row; of sources the labelled ones alone, and what they rest on. */
export function showGroups(
  name: string,
  groups: LabelCounts['snapshots'] | LabelCounts['typologies'] | LabelCounts['sources'],
): string {
  const entries = Object.entries(groups) as [
    string,
    { alerts?: number; kind?: string; labelled: number; suspicious: number; normal: number },
  ][];
  const hasKinds = entries.some(([, { kind }]) => kind !== undefined);
  return table([
    [name, hasKinds ? 'kind' : 'alerts', 'labelled', 'suspicious', 'normal'],
    ...entries.map(([group, { alerts = 0, kind, labelled, suspicious, normal }]) => [
      group,
      kind ?? count(alerts),
      count(labelled),
      count(suspicious),
      count(normal),
    ]),
  ]);
}
