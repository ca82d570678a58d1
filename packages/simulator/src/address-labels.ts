import { createRandom, type Random } from '@risk-scoring/contract';
import type { Population } from './population/population.ts';
import type { Service } from './population/services.ts';
import { RAW_ADDRESS_LABELS } from './tables/definitions.ts';
import { createTable, type Table } from './tables/table.ts';
import type { SnapshotNodes } from './transfers/snapshot-nodes.ts';

/** What one source says of an address, in every snapshot that the address is active in. */
export interface PublishedLabel {
  readonly label: string;
  readonly addressType: string;
  readonly riskLevel: 'low' | 'medium' | 'high' | 'critical';
  readonly confidence: number;
  readonly trustLevel: string;
  readonly source: string;
}

/** What sources say of each address of the population; nothing for most. */
export type LabelBook = readonly (readonly PublishedLabel[])[];

/** How labels go wrong. About one published label in twenty is wrong, as the hidden truth has it. */
const settings = {
  /** Share of labelled illicit addresses that are called harmless. */
  missed: 0.21,
  /** Share of labelled honest addresses that are called illicit. */
  falselyAccused: 0.013,
  /** Harmless ones that are called medium rather than low. */
  medium: 0.1,
  /** Those called illicit that are called critical rather than high. */
  critical: 0.3,
  /** Labelled addresses with a second row; and of those, with one that contradicts. */
  secondOpinion: 0.04,
  contradicts: 0.3,
};

const sources = [
  { source: 'community_reports', trustLevel: 'community' },
  { source: 'analyst_desk', trustLevel: 'verified' },
  { source: 'partner_exchange', trustLevel: 'partner' },
] as const;

/**
 * Decides once for all snapshots which addresses have a published label and which. Whether an address is
 * labelled, by whom and how surely is left to chance alone; what the label says follows the hidden truth, with errors.
 */
export function createLabelBook(seed: number, population: Population, labelledShare: number): LabelBook {
  const random = createRandom(seed, 'labels');
  const book = new Array<readonly PublishedLabel[]>(population.size).fill([]);
  for (const illicit of [0, 1]) {
    const kind = Int32Array.from(population.illicit.keys()).filter((i) => population.illicit[i] === illicit);
    const labelled = random.shuffle(kind).subarray(0, Math.round(labelledShare * kind.length));
    // Exact shares rather than one throw per address: with few illicit addresses, luck would decide how
    // learnable a simulation is.
    const wrong = Math.round(labelled.length * (illicit === 1 ? settings.missed : settings.falselyAccused));
    labelled.forEach((address, i) => {
      book[address] = drawLabels(i < wrong ? illicit === 0 : illicit === 1, random);
    });
  }
  return book;
}

function drawLabels(accused: boolean, random: Random): readonly PublishedLabel[] {
  const first = drawLabel(accused, random);
  if (random.next() >= settings.secondOpinion) return [first];
  const contradicts = random.next() < settings.contradicts;
  return [first, drawLabel(contradicts ? !accused : accused, random, first.source)];
}

/** Whether a label calls its address suspicious. */
export function accuses({ riskLevel }: PublishedLabel): boolean {
  return riskLevel === 'high' || riskLevel === 'critical';
}

function drawLabel(accused: boolean, random: Random, otherThan?: string): PublishedLabel {
  const available = sources.filter(({ source }) => source !== otherThan);
  const { source, trustLevel } = available[random.integer(available.length)] ?? sources[0];
  const severe = random.next();
  const confidence = Math.round(100 * (0.5 + 0.5 * random.next())) / 100;
  const common = { addressType: 'wallet', confidence, source, trustLevel };
  return accused
    ? { ...common, label: 'reported', riskLevel: severe < settings.critical ? 'critical' : 'high' }
    : { ...common, label: 'no report', riskLevel: severe < settings.medium ? 'medium' : 'low' };
}

/** The labels of everybody active in a snapshot, services included, sorted by address and source. */
export function writeAddressLabels(
  book: LabelBook,
  nodes: SnapshotNodes,
  { network, windowDays, day }: { network: string; windowDays: number; day: number },
): Table<typeof RAW_ADDRESS_LABELS> {
  const rows = listLabels(book, nodes);
  const table = createTable(RAW_ADDRESS_LABELS, rows.length);
  const { columns } = table;
  columns.window_days.fill(windowDays);
  columns.processing_date.fill(day);
  columns.network.fill(network);
  columns.network_type.fill('evm');
  rows.forEach(({ address, published }, row) => {
    columns.address[row] = address;
    columns.label[row] = published.label;
    columns.address_type[row] = published.addressType;
    columns.risk_level[row] = published.riskLevel;
    columns.confidence_score[row] = published.confidence;
    columns.trust_level[row] = published.trustLevel;
    columns.source[row] = published.source;
  });
  return table;
}

function listLabels(book: LabelBook, nodes: SnapshotNodes): { address: string; published: PublishedLabel }[] {
  const ofActors = Array.from(nodes.members).flatMap((member, node) =>
    (book[member] ?? []).map((published) => ({ address: nodes.address(node), published })),
  );
  const ofServices = Object.values(nodes.services)
    .flat()
    .map((node) => ({ address: nodes.address(node), published: labelOf(nodes.serviceAt(node)) }));
  const keyOf = (row: (typeof ofActors)[number]) => `${row.address} ${row.published.source}`;
  return [...ofActors, ...ofServices].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Services are named by everybody alike; only mixers count as risky. */
function labelOf(service: Service | undefined): PublishedLabel {
  return {
    label: service?.name ?? '',
    addressType: service?.kind ?? 'unknown',
    riskLevel: service?.kind === 'mixer' ? 'high' : 'low',
    confidence: 0.95,
    trustLevel: 'verified',
    source: 'analyst_desk',
  };
}
