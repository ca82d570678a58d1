/**
 * Lets the threads of a native library (LightGBM, XGBoost) sleep soon while they wait for one another. By default libgomp has them spin for long, which
 * is as fast on an idle machine, but where other programs want the cores, too, a training took 10 to 100 times as long.
 * The figure is the one that libgomp itself takes when its threads outnumber the cores.
 *
 * libgomp reads the environment once, when it is loaded, so this must come before. In a worker thread `process.env` is a
 * copy that libgomp does not see: whoever starts one calls this first. What the user has set stays.
 *
 * @example
 * limitSpinning();
 * new Worker(script);
 */
export function limitSpinning(env: NodeJS.ProcessEnv = process.env): void {
  if (process.platform !== 'linux' || env.OMP_WAIT_POLICY !== undefined) return;
  env.GOMP_SPINCOUNT ??= '1000';
}
