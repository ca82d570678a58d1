import type { Population } from '../population/population.ts';
import type { Service, ServiceKind } from '../population/services.ts';

/** Everybody who takes part in one snapshot, numbered: active addresses first, then services, then others. */
export interface SnapshotNodes {
  /** How many addresses of the population act; their nodes are 0 … actors - 1. */
  readonly actors: number;
  /** The population's index of each actor. */
  readonly members: Int32Array;
  /** Nodes of the services of each kind. */
  readonly services: Readonly<Record<ServiceKind, readonly number[]>>;
  /** Where those begin who are neither actors nor services. */
  readonly firstOther: number;
  /** Which service a node is, if it is one. */
  serviceAt(node: number): Service | undefined;
  /** The actors of the circle of a member, itself among them. */
  peersOf(member: number): readonly number[];
  /** The collector of the circle of a member. */
  collectorOf(member: number): number;
  /** Somebody who was never seen before. */
  newOutsider(): number;
  /** How many nodes there are by now. */
  count(): number;
  address(node: number): string;
}

/** Who and what a snapshot is made of. */
export interface NodesRequest {
  readonly population: Population;
  readonly services: readonly Service[];
  /** Population indices of those who act, ascending. */
  readonly members: Int32Array;
  /** Spells the next outsider's address. */
  readonly nextOutsider: () => string;
}

/** Numbers the actors and services of a snapshot; others are numbered as they turn up. */
export function createSnapshotNodes({
  population,
  services,
  members,
  nextOutsider,
}: NodesRequest): SnapshotNodes {
  const actors = members.length;
  const addresses = [
    ...Array.from(members, (member) => population.addresses[member] as string),
    ...services.map(({ address }) => address),
  ];
  const collectorNodes = new Int32Array(population.circles).fill(-1);
  const peers = groupByCircle(population, members);

  const nodesOf = (kind: ServiceKind) =>
    services.flatMap((service, i) => (service.kind === kind ? [actors + i] : []));

  function add(address: string): number {
    addresses.push(address);
    return addresses.length - 1;
  }

  return {
    actors,
    members,
    services: {
      exchange: nodesOf('exchange'),
      mixer: nodesOf('mixer'),
      contract: nodesOf('contract'),
    },
    firstOther: actors + services.length,
    serviceAt: (node) => services[node - actors],
    peersOf: (member) => peers.get(population.circle[member]) ?? [],
    collectorOf(member) {
      const circle = population.circle[member];
      if (collectorNodes[circle] === -1)
        collectorNodes[circle] = add(population.collectors[circle] as string);
      return collectorNodes[circle];
    },
    newOutsider: () => add(nextOutsider()),
    count: () => addresses.length,
    address: (node) => addresses[node] as string,
  };
}

function groupByCircle(population: Population, members: Int32Array): Map<number, number[]> {
  const peers = new Map<number, number[]>();
  members.forEach((member, node) => {
    const circle = population.circle[member];
    const group = peers.get(circle);
    if (group === undefined) peers.set(circle, [node]);
    else group.push(node);
  });
  return peers;
}
