import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { gigabytes } from './gigabytes.ts';
import type { MachineCheck } from './machine-check.ts';

/** Versions that the tests run on: those with long support. */
const SUPPORTED_NODE = [20, 22, 24];
/** A training of 20,000 alerts took half a gigabyte in all. */
const LEAST_MEMORY = 1e9;
const GOOD_MEMORY = 4e9;

/** What the computer is, without asking anything that could fail or hang. */
export interface ComputerFacts {
  /** `20.20.2` */
  readonly node: string;
  readonly cores: number;
  readonly processor: string;
  /** Bytes. */
  readonly memory: {
    readonly total: number;
    /** What a new process could take without swapping. */
    readonly free: number;
    /** What the control group (a container, a service) allows; undefined where it sets no limit. */
    readonly limit: number | undefined;
  };
}

/** Reads {@link ComputerFacts} of this process. */
export function readComputer(): ComputerFacts {
  const total = totalmem();
  // Where there is no limit, Node says 0, nothing, or a figure beyond any memory.
  const limit = process.constrainedMemory?.() || Number.POSITIVE_INFINITY;
  return {
    node: process.versions.node,
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() || process.arch,
    memory: {
      total,
      free: process.availableMemory?.() ?? freemem(),
      limit: limit < total ? limit : undefined,
    },
  };
}

/** Node, processor and memory: whether they are enough. */
export function checkComputer({ node, cores, processor, memory }: ComputerFacts): MachineCheck[] {
  return [checkNode(node), checkCores(cores, processor), checkMemory(memory)];
}

function checkNode(node: string): MachineCheck {
  const major = Number.parseInt(node, 10);
  const found = { name: 'Node.js', found: node };
  if (SUPPORTED_NODE.includes(major)) return { ...found, status: 'ok' };
  const expected = `version ${SUPPORTED_NODE.join(', ').replace(/, (\d+)$/, ' or $1')}`;
  const remedy = `install Node.js ${SUPPORTED_NODE.at(-1)}`;
  return { ...found, status: major < (SUPPORTED_NODE[0] ?? 0) ? 'missing' : 'warning', expected, remedy };
}

function checkCores(cores: number, processor: string): MachineCheck {
  const found = { name: 'processor', found: `${cores} core${cores === 1 ? '' : 's'} (${processor})` };
  if (cores > 1) return { ...found, status: 'ok' };
  return {
    ...found,
    status: 'warning',
    expected: '2 cores or more',
    remedy: 'give the machine or container more cores; with one, queries and trainings take long',
  };
}

function checkMemory({ total, free, limit }: ComputerFacts['memory']): MachineCheck {
  const usable = Math.min(total, limit ?? total);
  const limited = limit === undefined ? '' : `, limited to ${gigabytes(limit)}`;
  const found = { name: 'memory', found: `${gigabytes(total)}${limited}, ${gigabytes(free)} free` };
  if (usable < GOOD_MEMORY) {
    return {
      ...found,
      status: usable < LEAST_MEMORY ? 'missing' : 'warning',
      expected: `${gigabytes(GOOD_MEMORY)} or more; less than ${gigabytes(LEAST_MEMORY)} is not enough for a training`,
      remedy:
        limit === undefined
          ? 'use a machine with more memory'
          : 'raise the memory limit of the container or service',
    };
  }
  if (free < LEAST_MEMORY) {
    return {
      ...found,
      status: 'warning',
      expected: `${gigabytes(LEAST_MEMORY)} free`,
      remedy: 'end programs that hold memory before a training begins',
    };
  }
  return { ...found, status: 'ok' };
}
