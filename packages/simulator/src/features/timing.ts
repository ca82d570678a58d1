import { weekday } from '../calendar.ts';
import type { FeatureRow } from './feature-row.ts';
import { evenness, indexOfGreatest, moments, sum, variation } from './statistics.ts';

const NEW_ADDRESS_DAYS = 7;
const DORMANT_DAYS = 14;
/** Night is 0 to 5 o'clock UTC. */
const NIGHT_HOURS = 6;

/** Days and hours of activity, how regular and how bursting it is. `endDay` is the processing date. */
export function writeTiming({ columns, row, activity }: FeatureRow, endDay: number): void {
  const { time, day, cents } = activity;
  const firstDay = day[0];
  const spanDays = (day.at(-1) ?? firstDay) - firstDay + 1;
  const { transfersPerDay, usdPerActiveDay } = countDays(day, cents, spanDays);
  const activeDays = usdPerActiveDay.length;
  const gaps = Float64Array.from(time.subarray(1), (moment, i) => moment - time[i]);
  const busiest = transfersPerDay[indexOfGreatest(transfersPerDay)];
  const volume = moments(usdPerActiveDay);

  columns.first_activity_timestamp[row] = time[0];
  columns.last_activity_timestamp[row] = time[time.length - 1];
  columns.activity_days[row] = activeDays;
  columns.activity_span_days[row] = spanDays;
  columns.avg_daily_volume_usd[row] = Math.round(sum(cents) / activeDays);
  columns.volume_std[row] = Math.sqrt(volume.variance);
  columns.volume_cv[row] = Math.sqrt(volume.variance) / volume.mean;
  columns.burst_factor[row] = busiest / (time.length / spanDays);
  columns.regularity_score[row] = gaps.length < 2 ? 0 : 1 / (1 + variation(gaps));
  columns.flow_burstiness[row] = gaps.length < 2 ? 0 : burstiness(variation(gaps));
  columns.transaction_regularity[row] = activeDays / spanDays;
  columns.consistency_score[row] = 1 / (1 + variation(transfersPerDay));
  columns.is_new_address[row] = Number(firstDay >= endDay - NEW_ADDRESS_DAYS);
  columns.is_dormant_reactivated[row] = Number(longestGap(day) >= DORMANT_DAYS);
  writeClock({ columns, row, activity });
}

/** (σ − μ) / (σ + μ) of the gaps, −1 for a clock, towards 1 for bursts (Goh and Barabási, EPL 81, 2008). */
function burstiness(gapVariation: number): number {
  return (gapVariation - 1) / (gapVariation + 1);
}

function writeClock({ columns, row, activity }: FeatureRow): void {
  const { hour, day, cents } = activity;
  const hours = columns.hourly_activity.subarray(row * 24, (row + 1) * 24);
  const weekdays = columns.daily_activity.subarray(row * 7, (row + 1) * 7);
  const centsByHour = new Float64Array(24);
  const centsByWeekday = new Float64Array(7);
  for (let i = 0; i < hour.length; i++) {
    hours[hour[i]] = Math.min(65_535, hours[hour[i]] + 1);
    weekdays[weekday(day[i])] = Math.min(65_535, weekdays[weekday(day[i])] + 1);
    centsByHour[hour[i]] += cents[i];
    centsByWeekday[weekday(day[i])] += cents[i];
  }
  columns.peak_hour[row] = indexOfGreatest(hours);
  columns.peak_day[row] = indexOfGreatest(weekdays);
  columns.peak_activity_hour[row] = indexOfGreatest(centsByHour);
  columns.peak_activity_day[row] = indexOfGreatest(centsByWeekday);
  columns.hourly_entropy[row] = evenness(hours, 24);
  columns.daily_entropy[row] = evenness(weekdays, 7);
  columns.weekend_transaction_ratio[row] = sum(weekdays.subarray(5)) / sum(weekdays);
  columns.night_transaction_ratio[row] = sum(hours.subarray(0, NIGHT_HOURS)) / sum(hours);
}

function countDays(
  day: Int32Array,
  cents: Float64Array,
  spanDays: number,
): { transfersPerDay: Int32Array; usdPerActiveDay: Float64Array } {
  const transfersPerDay = new Int32Array(spanDays);
  const usdPerDay = new Float64Array(spanDays);
  for (let i = 0; i < day.length; i++) {
    transfersPerDay[day[i] - day[0]]++;
    usdPerDay[day[i] - day[0]] += cents[i] / 100;
  }
  return { transfersPerDay, usdPerActiveDay: usdPerDay.filter((_, i) => transfersPerDay[i] > 0) };
}

/** Days between two transfers that follow one another, at most. */
function longestGap(day: Int32Array): number {
  let longest = 0;
  for (let i = 1; i < day.length; i++) longest = Math.max(longest, day[i] - day[i - 1]);
  return longest;
}
