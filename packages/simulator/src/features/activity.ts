import { DAY_MS, HOUR_MS } from '../calendar.ts';
import type { Incidence } from '../graph/incidence.ts';
import type { Ledger } from '../transfers/ledger.ts';

/** The transfers of one address in order of time, and its counterparties. Valid until the next one is read. */
export interface Activity {
  readonly node: number;
  /** One entry per transfer. */
  readonly received: Uint8Array;
  readonly cents: Float64Array;
  readonly asset: Uint8Array;
  readonly time: Float64Array;
  /** Days since 1970-01-01. */
  readonly day: Int32Array;
  /** 0..23, UTC. */
  readonly hour: Uint8Array;
  /** Position in `partners` of each transfer's counterparty. */
  readonly partner: Int32Array;
  readonly partners: Partners;
}

/** One entry per distinct counterparty, in order of the first transfer with it. */
export interface Partners {
  readonly nodes: Int32Array;
  readonly transfers: Int32Array;
  /** Cents both ways. */
  readonly cents: Float64Array;
  readonly receivedCents: Float64Array;
  readonly sentCents: Float64Array;
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
}

/** Reads one address after the other, into the same buffers. */
export function createActivityReader(ledger: Ledger, incidence: Incidence): (node: number) => Activity {
  const most = longest(incidence);
  const room = {
    received: new Uint8Array(most),
    cents: new Float64Array(most),
    asset: new Uint8Array(most),
    time: new Float64Array(most),
    day: new Int32Array(most),
    hour: new Uint8Array(most),
    partner: new Int32Array(most),
  };
  const partners = {
    nodes: new Int32Array(most),
    transfers: new Int32Array(most),
    cents: new Float64Array(most),
    receivedCents: new Float64Array(most),
    sentCents: new Float64Array(most),
    firstDay: new Int32Array(most),
    lastDay: new Int32Array(most),
  };
  const partnerOf = new Int32Array(incidence.nodes);
  const seenBy = new Int32Array(incidence.nodes).fill(-1);
  let known = 0;

  function partnerFor(other: number, node: number, day: number): number {
    if (seenBy[other] === node) return partnerOf[other];
    seenBy[other] = node;
    partnerOf[other] = known;
    partners.nodes[known] = other;
    partners.transfers[known] = 0;
    partners.cents[known] = 0;
    partners.receivedCents[known] = 0;
    partners.sentCents[known] = 0;
    partners.firstDay[known] = day;
    return known++;
  }

  return (node) => {
    const start = incidence.starts[node];
    const length = incidence.starts[node + 1] - start;
    known = 0;
    for (let i = 0; i < length; i++) {
      const transfer = incidence.transfers[start + i];
      const received = incidence.incoming[start + i];
      const time = ledger.time[transfer];
      const cents = ledger.cents[transfer];
      const day = Math.floor(time / DAY_MS);
      const partner = partnerFor(received === 1 ? ledger.from[transfer] : ledger.to[transfer], node, day);
      room.received[i] = received;
      room.cents[i] = cents;
      room.asset[i] = ledger.asset[transfer];
      room.time[i] = time;
      room.day[i] = day;
      room.hour[i] = Math.floor((time - day * DAY_MS) / HOUR_MS);
      room.partner[i] = partner;
      partners.transfers[partner]++;
      partners.cents[partner] += cents;
      (received === 1 ? partners.receivedCents : partners.sentCents)[partner] += cents;
      partners.lastDay[partner] = day;
    }
    // A second visit to the same node must start afresh.
    for (let i = 0; i < known; i++) seenBy[partners.nodes[i]] = -1;
    return {
      node,
      received: room.received.subarray(0, length),
      cents: room.cents.subarray(0, length),
      asset: room.asset.subarray(0, length),
      time: room.time.subarray(0, length),
      day: room.day.subarray(0, length),
      hour: room.hour.subarray(0, length),
      partner: room.partner.subarray(0, length),
      partners: {
        nodes: partners.nodes.subarray(0, known),
        transfers: partners.transfers.subarray(0, known),
        cents: partners.cents.subarray(0, known),
        receivedCents: partners.receivedCents.subarray(0, known),
        sentCents: partners.sentCents.subarray(0, known),
        firstDay: partners.firstDay.subarray(0, known),
        lastDay: partners.lastDay.subarray(0, known),
      },
    };
  };
}

function longest(incidence: Incidence): number {
  let most = 0;
  for (let node = 0; node < incidence.nodes; node++) {
    most = Math.max(most, incidence.starts[node + 1] - incidence.starts[node]);
  }
  return most;
}
