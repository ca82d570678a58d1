import { z } from 'zod';

const count = z.int().min(0);
const numbers = z.array(z.number());
const shares = z.array(z.number().min(0).max(1));

const distributionSchema = z.object({
  /** Inner edges, ascending: n edges make n + 1 bins, the first below all, the last from the last edge on. */
  edges: numbers,
  /** Share of the rows with a value in each bin; they and `missing` add up to 1. */
  shares,
  /** Share of the rows without a value. */
  missing: z.number().min(0).max(1),
});

/**
 * How a model did on its holdout, curve by curve, and what the data looked like that it was made on: what a report draws, and what later snapshots
 * are compared with. It is a file of the model beside its metadata.
 */
export const modelEvaluationSchema = z.object({
  evaluation_version: z.literal(1),
  /** By the labels that judge; null where nothing judged, and for a ranker. */
  holdout: z
    .object({
      rows: count,
      positives: count,
      groups: count,
      /** True over false positive rate, with 95 % bands by bootstrap over groups. */
      roc: z.object({ fpr: numbers, tpr: numbers, tpr_low: numbers, tpr_high: numbers }),
      /** Precision over recall, with 95 % bands by bootstrap over groups. */
      pr: z.object({
        recall: numbers,
        precision: numbers,
        precision_low: numbers,
        precision_high: numbers,
      }),
      /** Bins of the probability: what was said and what came true, with 95 % intervals of the latter (Wilson). */
      reliability: z.array(
        z.object({
          rows: count,
          mean_score: z.number(),
          positive_rate: z.number(),
          low: z.number(),
          high: z.number(),
        }),
      ),
      /** Rows by probability: `edges` are those of all bins, first and last included. */
      histogram: z.object({ edges: numbers, positives: z.array(count), negatives: z.array(count) }),
    })
    .nullable(),
  /** Of the training period: what later snapshots are compared with. */
  reference: z.object({
    rows: count,
    /** By feature, over all rows of the period. */
    features: z.record(z.string(), distributionSchema),
    /**
     * The saved model's scores of rows whose addresses it had not learned from, the labelled among them as many as in the whole period; of all rows
     * where those are fewer than 100.
     */
    scores: distributionSchema,
    score_rows: count,
    /**
     * How far each of `snapshots` lies from all the others together, by the population stability index: what is usual. Null where it has too few
     * rows, or a label too few. Absent in models of earlier versions.
     */
    psi_between_snapshots: z
      .object({
        features: z.record(z.string(), z.array(z.number().min(0).nullable())),
        scores: z.array(z.number().min(0).nullable()),
      })
      .optional(),
    /** Snapshot by snapshot. */
    snapshots: z.array(
      z.object({ processing_date: z.string(), rows: count, labelled: count, positives: count }),
    ),
  }),
});

/** See {@link modelEvaluationSchema}. */
export type ModelEvaluation = z.infer<typeof modelEvaluationSchema>;

/** Shares of rows by value, see {@link modelEvaluationSchema}. */
export type Distribution = z.infer<typeof distributionSchema>;
