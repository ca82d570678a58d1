import type { PublishedBatches } from '@risk-scoring/storage';
import type { Alteration } from './alterations.ts';

/** What one query of a group may see. */
export interface Scope {
  /** Dates of the snapshots that are computed, `YYYY-MM-DD`, ascending; one, unless a group takes several. */
  readonly dates: readonly [string, ...string[]];
  readonly windowDays: number;
  readonly batches: PublishedBatches;
  readonly labels: LabelScope;
  readonly otherNetworks: readonly OtherNetwork[];
  /** What of this database's rows is shown otherwise than it is, to see what depends on it; nothing when left out. */
  readonly alteration?: Alteration | undefined;
  /** Only the rows of a part are asked for. */
  readonly part?: SnapshotPart | undefined;
  /** The relations that hold a part's rows alone; all others are whole. */
  readonly narrowed?: ReadonlySet<string> | undefined;
}

/** Those rows of a snapshot whose address falls to one of several parts, by a hash of its key. */
export interface SnapshotPart {
  /** From 0. */
  readonly index: number;
  /** How many parts there are. */
  readonly of: number;
}

/** Which labels a query may see: all but those of the rows of `hidden_labels` with this id. */
export interface LabelScope {
  /** Empty where nothing is hidden. */
  readonly computationId: string;
  /** Folds of addresses that must not see each other's labels; 0: an address sees all labels but its own. */
  readonly folds: number;
}

/** Another network's database of the same engine, and what is published there of the window. */
export interface OtherNetwork {
  readonly network: string;
  readonly database: string;
  readonly batches: PublishedBatches;
  /** Processing dates of its snapshots, `YYYY-MM-DD`, ascending. */
  readonly dates: readonly string[];
  readonly entities: EntityScope;
}

/** Who is who across networks, as this database knows it. */
export interface EntityScope {
  /** The network of this database. */
  readonly network: string;
  /** The batches of entity_addresses that count. */
  readonly batches: readonly string[];
}

/** Values to bind, by name. */
export type Params = Record<string, unknown>;

/** A relation that groups read: its SELECT. It adds what it binds to `params`, and names what else it reads. */
export interface Relation {
  readonly reads?: readonly string[];
  select(scope: Scope, params: Params): string;
}
