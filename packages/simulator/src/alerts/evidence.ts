import type { Activity } from '../features/activity.ts';
import type { SnapshotNodes } from '../transfers/snapshot-nodes.ts';

/** What rules look at besides the feature table, one entry per row of it. */
export interface Evidence {
  /** Counterparties first met on one and the same day, at most. */
  readonly burstPartners: Int32Array;
  /** Transfers to exchanges, and what they carried. */
  readonly peelTransfers: Int32Array;
  readonly peelCents: Float64Array;
  readonly mixerTransfers: Int32Array;
  readonly mixerCents: Float64Array;
  /** The most that both came from and went to one counterparty that is no service. */
  readonly circularCents: Float64Array;
}

/** Collects the evidence of every row. */
export function collectEvidence(
  rowNodes: Int32Array,
  readActivity: (node: number) => Activity,
  nodes: SnapshotNodes,
): Evidence {
  const rows = rowNodes.length;
  const evidence = {
    burstPartners: new Int32Array(rows),
    peelTransfers: new Int32Array(rows),
    peelCents: new Float64Array(rows),
    mixerTransfers: new Int32Array(rows),
    mixerCents: new Float64Array(rows),
    circularCents: new Float64Array(rows),
  };
  for (let row = 0; row < rows; row++)
    collectRow(evidence, row, { activity: readActivity(rowNodes[row]), nodes });
  return evidence;
}

function collectRow(
  evidence: Evidence,
  row: number,
  { activity, nodes }: { activity: Activity; nodes: SnapshotNodes },
): void {
  const { partners, partner, received } = activity;
  evidence.burstPartners[row] = mostFirstMetOnOneDay(partners.firstDay);
  for (let i = 0; i < partner.length; i++) {
    const kind = nodes.serviceAt(partners.nodes[partner[i]])?.kind;
    if (kind === 'exchange' && received[i] === 0) {
      evidence.peelTransfers[row]++;
      evidence.peelCents[row] += activity.cents[i];
    }
    if (kind === 'mixer') {
      evidence.mixerTransfers[row]++;
      evidence.mixerCents[row] += activity.cents[i];
    }
  }
  for (let i = 0; i < partners.nodes.length; i++) {
    if (nodes.serviceAt(partners.nodes[i]) !== undefined) continue;
    const bothWays = Math.min(partners.receivedCents[i], partners.sentCents[i]);
    evidence.circularCents[row] = Math.max(evidence.circularCents[row], bothWays);
  }
}

/** Partners are listed in order of their first day. */
function mostFirstMetOnOneDay(firstDay: Int32Array): number {
  let most = 0;
  let start = 0;
  for (let i = 0; i < firstDay.length; i++) {
    if (firstDay[i] !== firstDay[start]) start = i;
    most = Math.max(most, i - start + 1);
  }
  return most;
}
