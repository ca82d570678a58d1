import type { Forest } from '../forest.ts';
import type { GrowthRequest } from '../grow-forest.ts';
import type { ScoreRequest } from '../score-rows.ts';

/** What a worker thread can be asked for, by name. */
export interface Tasks {
  grow: { input: GrowthRequest; output: Forest };
  score: { input: ScoreRequest; output: Float64Array };
}

/** The name of a task. */
export type TaskName = keyof Tasks;

/** What a worker thread starts with: one task, and the flag that cancels it (an Int32Array of one, shared). */
export type Task = {
  [Name in TaskName]: {
    readonly name: Name;
    readonly input: Tasks[Name]['input'];
    readonly cancelled: Int32Array;
  };
}[TaskName];

/** What it posts. */
export type Message =
  | { readonly kind: 'grown'; readonly trees: number }
  | { readonly kind: 'done'; readonly output: Tasks[TaskName]['output'] }
  | { readonly kind: 'cancelled' };
