import { createClustering } from '../graph/clustering.ts';
import { communities } from '../graph/communities.ts';
import { coreNumbers } from '../graph/core-numbers.ts';
import { degreeOf, type Graph } from '../graph/graph.ts';
import { createHopWalker } from '../graph/hops.ts';
import { pageRank } from '../graph/pagerank.ts';
import type { FeatureTable } from './feature-row.ts';
import { percentileRanks } from './statistics.ts';

/**
 * Where every address stands in the graph of the snapshot.
 *
 * `betweenness` is in-degree × out-degree over the largest such product, `closeness` harmonic centrality cut
 * at three hops: cheap stand-ins under the names that the table gives them.
 *
 * @param nodes the node of each row
 */
export function writeGraphPosition(table: FeatureTable, graph: Graph, nodes: Int32Array): void {
  const { columns } = table;
  const rank = pageRank(graph);
  const core = coreNumbers(graph);
  const walk = createHopWalker(graph);
  const clusteringOf = createClustering(graph);
  const between = (node: number) => graph.inDegree[node] * graph.outDegree[node];
  const mostBetween = Math.max(
    1,
    nodes.reduce((most, node) => Math.max(most, between(node)), 0),
  );
  const communityOf = numberCommunities(communities(graph), nodes);
  for (let row = 0; row < table.rows; row++) {
    const node = nodes[row];
    const { counts, cents } = walk(node);
    columns.pagerank[row] = rank[node];
    columns.betweenness[row] = between(node) / mostBetween;
    columns.closeness[row] = (counts[0] + counts[1] / 2 + counts[2] / 3) / Math.max(1, graph.nodes - 1);
    columns.clustering_coefficient[row] = clusteringOf(node);
    columns.kcore[row] = core[node];
    columns.community_id[row] = communityOf[row];
    [columns.khop1_count[row], columns.khop2_count[row], columns.khop3_count[row]] = counts;
    [columns.khop1_volume_usd[row], columns.khop2_volume_usd[row], columns.khop3_volume_usd[row]] = cents;
    columns.neighborhood_anomaly_score[row] = meanNeighbourDegree(graph, node);
  }
  columns.centrality_score.set(percentileRanks(Float64Array.from(columns.pagerank)));
}

/** Numbers from 0 in the order of the rows, which is that of random addresses. */
function numberCommunities(labels: Int32Array, nodes: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return nodes.map((node) => {
    const known = numbers.get(labels[node]);
    if (known !== undefined) return known;
    numbers.set(labels[node], numbers.size);
    return numbers.size - 1;
  });
}

function meanNeighbourDegree(graph: Graph, node: number): number {
  let total = 0;
  for (let slot = graph.starts[node]; slot < graph.starts[node + 1]; slot++) {
    total += degreeOf(graph, graph.neighbours[slot]);
  }
  return total / degreeOf(graph, node);
}
