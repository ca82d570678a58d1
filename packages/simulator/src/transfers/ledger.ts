/** All transfers of one snapshot's window, in order of time. Parties are node numbers of the snapshot. */
export interface Ledger {
  readonly transfers: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Whole cents, at least 1. */
  readonly cents: Float64Array;
  /** Index into `ASSETS`. */
  readonly asset: Uint8Array;
  /** Unix milliseconds, whole seconds. */
  readonly time: Float64Array;
}

/** One transfer to write down. */
export interface Transfer {
  readonly from: number;
  readonly to: number;
  readonly cents: number;
  readonly asset: number;
  readonly time: number;
}

/** Takes transfers in any order and gives them back sorted. */
export interface LedgerWriter {
  add(transfer: Transfer): void;
  /** The ledger; the writer must not be used afterwards. */
  finish(): Ledger;
}

/** An asset with its price, which does not move in simulations. */
export interface Asset {
  readonly symbol: string;
  readonly usd: number;
}

/** What is transferred; the first is the most common. */
export const ASSETS: readonly Asset[] = [
  { symbol: 'SIM', usd: 40 },
  { symbol: 'USDT', usd: 1 },
  { symbol: 'USDC', usd: 1 },
  { symbol: 'WETH', usd: 2500 },
  { symbol: 'DAI', usd: 1 },
  { symbol: 'WBTC', usd: 60_000 },
];

/** Columns that double when they are full. */
export function createLedgerWriter(): LedgerWriter {
  let length = 0;
  let from = new Int32Array(1024);
  let to = new Int32Array(1024);
  let cents = new Float64Array(1024);
  let asset = new Uint8Array(1024);
  let time = new Float64Array(1024);

  function grow(): void {
    from = extended(from, new Int32Array(length * 2));
    to = extended(to, new Int32Array(length * 2));
    cents = extended(cents, new Float64Array(length * 2));
    asset = extended(asset, new Uint8Array(length * 2));
    time = extended(time, new Float64Array(length * 2));
  }

  return {
    add(transfer) {
      if (length === from.length) grow();
      from[length] = transfer.from;
      to[length] = transfer.to;
      cents[length] = transfer.cents;
      asset[length] = transfer.asset;
      time[length] = transfer.time;
      length++;
    },
    finish() {
      const order = orderByTime(time.subarray(0, length));
      return {
        transfers: length,
        from: order.map((i) => from[i]),
        to: order.map((i) => to[i]),
        cents: Float64Array.from(order, (i) => cents[i]),
        asset: Uint8Array.from(order, (i) => asset[i]),
        time: Float64Array.from(order, (i) => time[i]),
      };
    },
  };
}

/** Ascending by time, then by position. Second and position are packed into one number, which sorts natively. */
function orderByTime(time: Float64Array): Int32Array {
  const earliest = time.reduce((least, moment) => Math.min(least, moment), Infinity);
  const packed = time.map((moment, i) => ((moment - earliest) / 1000) * time.length + i);
  return Int32Array.from(packed.sort(), (key) => key % time.length);
}

function extended<T extends Int32Array | Float64Array | Uint8Array>(full: T, empty: T): T {
  empty.set(full);
  return empty;
}
