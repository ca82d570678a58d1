/**
 * Lets XGBoost's threads sleep soon while they wait for one another: with libgomp's default they spin, which takes the cores from other programs.
 * libgomp reads the environment once, when it is loaded, and a worker thread's `process.env` is a copy that it does not see: whoever starts a worker
 * calls this first. What the user has set stays.
 */
export function limitSpinning(env: NodeJS.ProcessEnv = process.env): void {
  if (process.platform !== 'linux' || env.OMP_WAIT_POLICY !== undefined) return;
  env.GOMP_SPINCOUNT ??= '1000';
}
